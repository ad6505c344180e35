# shellcheck shell=bash
# What the packages are made of. Scripts source this file after setup.sh.

# build_programs: makes the release build of hubbub and hubbub-load, with Swift's own libraries in
# them, so that they need the libraries of the system alone. Sets $binaries to their folder.
build_programs() {
    local build=(swift build --configuration release --static-swift-stdlib) product
    for product in hubbub hubbub-load; do
        "${build[@]}" --product "$product" >&2 \
            || fail "the build failed; the compiler's first error is above"
    done
    binaries=$("${build[@]}" --show-bin-path)
}

# require_static PROGRAM...: fails if a program needs Swift's own libraries, which are on no machine
# without Swift.
require_static() {
    local program
    for program in "$@"; do
        [[ -x "$program" ]] || fail "$program: there is no such program"
        ! ldd "$program" | grep --quiet 'libswift\|libFoundation' \
            || fail "$program needs Swift's libraries; build it with --static-swift-stdlib"
    done
}

# source_version: the version in Version.swift. A commit that has no tag of it comes before it:
# 0.2.0~git20260131.1234, with the day of the commit and the number of commits.
source_version() {
    local version
    version=$(sed -nE 's/.*static let current = "([^"]+)".*/\1/p' \
        Sources/ChatServer/Settings/Version.swift)
    [[ -n "$version" ]] || fail "Version.swift names no version"
    if git rev-parse --git-dir &>/dev/null \
        && [[ "$(git describe --tags --exact-match 2>/dev/null)" != "v$version" ]]; then
        version+="~git$(git log -1 --format=%cd --date=format:%Y%m%d)"
        version+=".$(git rev-list --count HEAD)"
    fi
    printf '%s\n' "$version"
}

# source_date: the seconds since 1970 that files and entries are dated with: SOURCE_DATE_EPOCH, or
# the time of the commit.
source_date() {
    printf '%s\n' "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
}
