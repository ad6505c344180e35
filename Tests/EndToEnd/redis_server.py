"""Redis servers of a test."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from daemon import PATIENCE


class RedisError(Exception):
    """Redis has refused a command."""


class Redis:
    """One server on a local socket, in a directory of its own. It has no port: what speaks TCP
    reaches it through a `RedisProxy`. It keeps nothing on the disk unless its arguments say so.

    `prefix` is a command that becomes the server by `exec`.
    """

    def __init__(self, *arguments: str, prefix: Sequence[str] = ()):
        # The path of a local socket is at most 107 bytes long.
        self._folder = tempfile.TemporaryDirectory(prefix="redis-")
        self.folder = Path(self._folder.name)
        self.path = self.folder / "s"
        self._arguments, self._prefix = arguments, prefix
        self._process: subprocess.Popen | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def start(self, *more: str):
        """Starts it, again with the same directory. Returns when it has loaded its data."""
        self.path.unlink(missing_ok=True)
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [*self._prefix, "redis-server", "--port", "0", "--unixsocket", str(self.path),
                 "--dir", str(self.folder), "--save", "", *self._arguments, *more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, self.log

    def _answers(self) -> bool:
        try:
            self("PING")
        except RedisError as refused:
            # It wants a password.
            return "NOAUTH" in str(refused)
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.01)
            return False
        return True

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def kill(self):
        """Ends it at once, with SIGKILL."""
        self._process.kill()
        self._process.wait()

    def pause(self):
        """Lets it do nothing until `resume`. Its connections stay."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def stop(self):
        self.kill()
        self._folder.cleanup()

    def __call__(self, *words: str | int | bytes):
        """Carries out a command over a connection of its own, and returns the reply."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(os.fspath(self.path))
            client.sendall(request(*words))
            with client.makefile("rb") as reader:
                return reply(reader)


def request(*words: str | int | bytes) -> bytes:
    parts = [each if isinstance(each, bytes) else str(each).encode() for each in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(each), each) for each in parts)


def reply(reader):
    """The next reply. Strings are bytes, and statuses are texts."""
    line = reader.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionResetError("Redis has closed the connection")
    kind, text = line[:1], line[1:-2]
    match kind:
        case b"+":
            return text.decode()
        case b"-":
            raise RedisError(text.decode())
        case b":":
            return int(text)
        case b"$":
            return None if text == b"-1" else reader.read(int(text) + 2)[:-2]
        case b"*":
            return None if text == b"-1" else [reply(reader) for _ in range(int(text))]
    raise AssertionError(line)
