"""The servers that are compared: how each is started, and how its port is found."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 20
# The port alone, as the peers print it, or hubbub's log line.
LISTENING = re.compile(r"^(\d{1,5})$|listening on \S+:(\d{1,5})\b", re.MULTILINE)
NO_HISTORY = ("--history", "none")
# Lines that may wait for a client of gorilla before it is closed, instead of its example's 256.
WIDE_CHANNEL = 16_384


class Failure(Exception):
    """The reason why a run wasn't possible, in one line."""


@dataclass(frozen=True)
class Server:
    """A command that listens on a port and prints it."""

    name: str
    # The name in tables.
    text: str
    command: tuple[str, ...]


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


class Running:
    """A freshly started server on one core. It ends with the block."""

    def __init__(self, server: Server, core: int, log: Path):
        self.server = server
        self.log = log
        self.data = tempfile.mkdtemp(prefix="hubbub-compare-")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                ["taskset", "--cpu-list", str(core), *server.command],
                env=environment | {"STATE_DIRECTORY": self.data}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_) -> None:
        end(self.process)
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self.process.pid

    def port(self) -> int:
        """The port, as soon as the server listens."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := LISTENING.search(self.log.read_text(errors="replace")):
                return int(found[1] or found[2])
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise Failure(f"{self.server.text} doesn't start; see {self.log}")


def end(process: subprocess.Popen) -> None:
    """Ends a process, after 5 s at the latest."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
