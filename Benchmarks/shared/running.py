"""A server that runs on a core of its own, and how its port is found."""

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


class Failure(Exception):
    """The reason why a run wasn't possible, in one line."""


@dataclass(frozen=True)
class Server:
    """A command that listens on a port and prints it."""

    name: str
    # The name in tables.
    text: str
    command: tuple[str, ...]
    # Whether it speaks TLS.
    is_secure: bool = False


@dataclass(frozen=True)
class Cores:
    server: int
    load: int

    @staticmethod
    def pick() -> "Cores":
        """The last two cores that we may use. If cores have several threads, not two threads of
        one core."""
        ours = sorted(os.sched_getaffinity(0), reverse=True)
        server = ours[0]
        return Cores(server, next((core for core in ours[1:] if not shared(server, core)), ours[1]))


def shared(core: int, other: int) -> bool:
    """Whether these are threads of one core."""
    path = "/sys/devices/system/cpu/cpu{}/topology/core_cpus_list"
    try:
        return Path(path.format(core)).read_text() == Path(path.format(other)).read_text()
    except OSError:
        return False


class Running:
    """A freshly started server on one core. It ends with the block.

    Ctrl-C doesn't reach it, because it has a process group of its own. With a session of its own
    the kernel would share the cores between sessions first, and priorities would mean nothing.
    """

    def __init__(self, server: Server, core: int, log: Path):
        self.server = server
        self.log = log
        self.data = tempfile.mkdtemp(prefix="hubbub-benchmark-")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                ["taskset", "--cpu-list", str(core), *server.command],
                env=environment | {"STATE_DIRECTORY": self.data}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, preexec_fn=os.setpgrp)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_) -> None:
        end(self.process)
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def pids(self) -> list[int]:
        """The processes that serve: those that were started by the command, or else its own."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(each) for each in children.split()] or [self.pid]

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


def processor_clock(pid: int) -> int:
    """The clock of the processor time of a process (clock_getcpuclockid(3))."""
    return ~pid << 3 | 2
