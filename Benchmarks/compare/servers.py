"""The servers that are compared, and how each is started."""

import re
import subprocess
from pathlib import Path

import certificate
from running import Server

# The packages of Debian with the fronts.
PACKAGES = {"nginx": "nginx-light", "stunnel": "stunnel4"}
NO_HISTORY = ("--history", "none")
# Lines that may wait for a client of gorilla before it is closed, instead of its example's 256.
WIDE_CHANNEL = 16_384


PEERS = Path(__file__).parents[1] / "peers"


def servers(programs: dict[str, str], pair: tuple[str, str]) -> dict[str, Server]:
    """The servers whose programs were built, with hubbub in all its settings. `pair` is a
    certificate and its key."""
    found = []
    for name, program in programs.items():
        match name:
            case "hubbub":
                found += [
                    Server(name, "hubbub", hubbub(program, *NO_HISTORY)),
                    Server("hubbub-history", "hubbub, with history", hubbub(program)),
                    Server("hubbub-uncoalesced", "hubbub, --max-coalesce-ms 0",
                           hubbub(program, *NO_HISTORY, "--max-coalesce-ms", "0")),
                    Server("hubbub-tls", "hubbub, with TLS",
                           hubbub(program, *NO_HISTORY, *certificate.flags(pair)), is_secure=True),
                ]
            case "relay":
                found.append(Server(name, "C relay (the floor)", (program,)))
            case "gorilla":
                version = said("dpkg-query", "-Wf${Version}", "golang-github-gorilla-websocket-dev")
                go = said("go", "env", "GOVERSION").removeprefix("go")
                text = f"gorilla/websocket {version.split('-')[0]}, Go {go}"
                found += [
                    Server(name, text, (program,)),
                    Server("gorilla-wide", f"{text}, {WIDE_CHANNEL} lines",
                           (program, "-waiting", str(WIDE_CHANNEL))),
                ]
            case "ws":
                version = said("node", "-p", "require('ws/package.json').version")
                node = said("node", "--version").removeprefix("v")
                found.append(Server(name, f"ws {version}, Node.js {node}", ("node", program)))
            case "nginx" | "stunnel":
                version = said("dpkg-query", "-Wf${Version}", PACKAGES[name])
                version = version.split(":")[-1].split("-")[0]
                behind = hubbub(programs["hubbub"], *NO_HISTORY)
                found.append(Server(
                    name, f"hubbub behind {name} {version}",
                    ("python3", str(PEERS / "tls-front.py"), name, program, *pair, *behind),
                    is_secure=True))
            case "nio":
                manifest = PEERS / "nio/Package.swift"
                versions = re.findall(r'exact: "([\d.]+)"', manifest.read_text())
                found.append(Server(name, " ".join(["SwiftNIO", *versions]), (program,)))
    return {server.name: server for server in found}


def hubbub(program: str, *arguments: str) -> tuple[str, ...]:
    """hubbub, with a limit switched off that the peers don't have."""
    return (program, "serve", "--host", "127.0.0.1", "--port", "0", "--lines-per-second", "0",
            *arguments)


def said(*command: str) -> str:
    """The output of a command, or nothing if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip()
