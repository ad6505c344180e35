# shellcheck shell=bash
# The third-party clients of the end-to-end tests: Python packages and a browser.
# Sourced by scripts after setup.sh, in the root of the repository.

readonly venv=.build/end-to-end
readonly python=$venv/bin/python
readonly requirements=Tests/EndToEnd/requirements.txt

# Installs the clients of the end-to-end tests into their own virtual environment.
require_clients() {
    python3 -c 'import ensurepip, venv' &>/dev/null \
        || install_packages "clients of the end-to-end tests" python3-venv
    "$python" -c "" &>/dev/null && cmp -s "$requirements" "$venv/installed.txt" && return
    say "installing the packages of $requirements into $venv"
    python3 -m venv --clear "$venv" || fail "python3 can't make a virtual environment in $venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" \
        || fail "pip could not install the packages of $requirements"
    cp "$requirements" "$venv/installed.txt"
}

# Installs a Chromium that starts. On Ubuntu, whose package is a stub for a snap, this is
# Playwright's.
require_browser() {
    local reason="tests of the chat page"
    "$python" Tests/EndToEnd/browser.py &>/dev/null && return
    [[ -z "${HUBBUB_CHROMIUM:-}" ]] || fail "HUBBUB_CHROMIUM=$HUBBUB_CHROMIUM does not start"
    if grep --quiet --no-messages '^ID=ubuntu$' /etc/os-release; then
        say "installing Playwright's Chromium ($reason)"
        "$venv/bin/playwright" install --with-deps chromium </dev/null >&2 \
            || fail "Playwright could not install Chromium ($reason)"
    else
        install_packages "$reason" chromium
    fi
    "$python" Tests/EndToEnd/browser.py >/dev/null || fail "Chromium does not start ($reason)"
}
