"""The servers that are compared, and how each is started."""

import re
import subprocess
from pathlib import Path

from running import Server

NO_HISTORY = ("--history", "none")
# Lines that may wait for a client of gorilla before it is closed, instead of its example's 256.
WIDE_CHANNEL = 16_384


def servers(programs: dict[str, str]) -> dict[str, Server]:
    """The servers whose programs were built, with hubbub in all its settings."""
    found = []
    for name, program in programs.items():
        match name:
            case "hubbub":
                found += [
                    Server(name, "hubbub", hubbub(program, *NO_HISTORY)),
                    Server("hubbub-history", "hubbub, with history", hubbub(program)),
                    Server("hubbub-uncoalesced", "hubbub, --max-coalesce-ms 0",
                           hubbub(program, *NO_HISTORY, "--max-coalesce-ms", "0")),
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
            case "nio":
                manifest = Path(__file__).parents[1] / "peers/nio/Package.swift"
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
