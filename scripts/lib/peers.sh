# shellcheck shell=bash
# The servers that the daemon is compared with, from packages of Debian and Swift.
# Sourced by scripts/compare after setup.sh, in the root of the repository.

# The folders where Debian puts Node packages and Go sources.
readonly node_modules=/usr/share/nodejs
readonly go_path=/usr/share/gocode

# build_peer NAME FOLDER: builds a server of Benchmarks/peers, and prints the program to start.
build_peer() {
    local peers=$PWD/Benchmarks/peers program=$2/$1 reason="comparison with $1" compiler=clang
    case $1 in
        relay)
            command -v clang >/dev/null || compiler=cc
            "$compiler" -std=gnu17 -O2 -Wall -Wextra -Werror -o "$program" "$peers/relay.c" \
                -lcrypto >&2 || return
            ;;
        gorilla)
            command -v go >/dev/null || install_packages "$reason" golang-go
            [[ -d $go_path/src/github.com/gorilla/websocket ]] \
                || install_packages "$reason" golang-github-gorilla-websocket-dev
            GO111MODULE=off GOPATH=$go_path go build -o "$program" "$peers/gorilla/main.go" >&2 \
                || return
            ;;
        ws)
            command -v node >/dev/null || install_packages "$reason" nodejs
            [[ -d $node_modules/ws ]] || install_packages "$reason" node-ws
            program=$peers/ws/server.js
            NODE_PATH=$node_modules node --check "$program" >&2 || return
            ;;
        nginx)
            program=/usr/sbin/nginx
            [[ -x $program ]] || install_packages "$reason" nginx-light
            ;;
        stunnel)
            program=/usr/bin/stunnel4
            [[ -x $program ]] || install_packages "$reason" stunnel4
            ;;
        nio)
            # A folder outside those that are searched for our own sources.
            local build=(swift build --package-path "$peers/nio" --configuration release
                --scratch-path .build-peers)
            "${build[@]}" >&2 || return
            program=$("${build[@]}" --show-bin-path)/nio-relay
            ;;
    esac
    echo "$program"
}
