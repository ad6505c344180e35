# shellcheck shell=bash
# What the scripts need before they can build, and how it is installed. Scripts source this file
# with `set -euo pipefail` in force.

readonly SWIFT_NEEDED=6.3

# fail MESSAGE: prints one clear line and exits.
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# say MESSAGE: prints what happens next, and why.
say() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# at_least VERSION MINIMUM: whether a dotted version is new enough.
at_least() {
    [[ "$(printf '%s\n' "$2" "$1" | sort --version-sort | head -n 1)" == "$2" ]]
}

require_swift() {
    command -v swift >/dev/null \
        || fail "Swift $SWIFT_NEEDED or newer is needed: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -n 1)
    [[ -n "$version" ]] || fail "'swift --version' prints no version; is the toolchain complete?"
    at_least "$version" "$SWIFT_NEEDED" \
        || fail "Swift $SWIFT_NEEDED or newer is needed, this one is $version:" \
            "https://www.swift.org/install/linux/"
}

# install_packages REASON PACKAGE...: installs Debian packages with apt-get, as root or with sudo.
install_packages() {
    local reason=$1
    shift
    command -v apt-get >/dev/null || fail "please install $* ($reason): there is no apt-get here"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null \
            || fail "please install $* ($reason): this needs root, and there is no sudo"
        apt=(sudo "${apt[@]}")
    fi
    say "installing $* ($reason)"
    local try=("${apt[@]}" install --yes --no-install-recommends "$@")
    # The package lists of a fresh machine are empty, and old ones name packages that are gone.
    if ! "${try[@]}" </dev/null &>/dev/null; then
        "${apt[@]}" update </dev/null >&2 || fail "apt-get update failed; $* is needed ($reason)"
        "${try[@]}" </dev/null >&2 || fail "apt-get could not install $* ($reason)"
    fi
}

# has_header HEADER [LANGUAGE]: whether a compiler of C, or of c++, finds it. Swift for Linux comes
# with clang.
has_header() {
    local compiler language=${2:-c}
    for compiler in clang cc gcc; do
        command -v "$compiler" >/dev/null || continue
        printf '#include <%s>\n' "$1" | "$compiler" -x "$language" -fsyntax-only - 2>/dev/null
        return
    done
    return 1
}

# Installs what the build needs.
require_build() {
    require_swift
    has_header zlib.h || install_packages "compression of messages" zlib1g-dev
    has_header openssl/ssl.h || install_packages "TLS, and SHA-1 of the opening handshake" libssl-dev
    has_header yaml.h || install_packages "the configuration file" libyaml-dev
    has_header curl/curl.h || install_packages "keys from other servers" libcurl4-openssl-dev
    has_header hiredis/hiredis.h || install_packages "nodes over Redis" libhiredis-dev
    has_header re2/re2.h c++ || install_packages "regular expressions of filters" libre2-dev
    has_header sqlite3.h || install_packages "history" libsqlite3-dev
}

# build_daemon_for_null_kernel SCENARIO: makes the release build, without the debug information that
# valgrind can't read, as $null_kernel_daemon, and the library to load before it as $null_kernel.
build_daemon_for_null_kernel() {
    local build=(swift build --configuration release --product hubbub)
    local folder=.build/null-kernel compiler=clang
    "${build[@]}" >&2 || fail "the build failed; the compiler's first error is above"
    mkdir -p "$folder"
    null_kernel_daemon=$folder/hubbub
    null_kernel=$PWD/$folder/null-kernel-$1.so
    strip --strip-debug -o "$null_kernel_daemon" "$("${build[@]}" --show-bin-path)/hubbub"
    command -v clang >/dev/null || compiler=cc
    "$compiler" -std=gnu17 -O2 -Wall -Wextra -Werror -fPIC -shared -IBenchmarks/null-kernel \
        -o "$null_kernel" Benchmarks/null-kernel/kernel.c "Benchmarks/$1/$1.c" -ldl \
        || fail "the null kernel could not be built"
}
