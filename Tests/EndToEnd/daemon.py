"""Starts the real daemon and reads its output."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import secure

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.path.abspath(os.environ.get("HUBBUB_BIN", ROOT / ".build" / "release" / "hubbub"))

# Seconds until a test gives up. Only a failure takes that long.
PATIENCE = 30

# The port in lines such as `listening on [::]:8080` or `listening on 127.0.0.1:8080, ...`.
LISTENING = re.compile(r"listening on\b.*?:(\d{1,5})(?=[\s,\"]|$)", re.IGNORECASE)


def environment(**extra: str) -> dict[str, str]:
    """This process's environment, without settings of the daemon, and with `extra`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
    return ours | extra


def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess:
    """Runs the daemon for a start that should fail or end by itself."""
    return subprocess.run(
        [BINARY, *arguments], env=environment(**extra), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=PATIENCE)


def database(data: Path) -> Path:
    """The only SQLite file in a data directory."""
    file, = (each for each in data.rglob("*")
             if each.is_file() and each.read_bytes()[:15] == b"SQLite format 3")
    return file


class Daemon:
    """One running daemon, on a port that the kernel chose (unless `port` says otherwise).

    It speaks TLS if `tls` says so, or if the whole run does. `prefix` is a command that becomes the daemon by `exec`, such as `prlimit`. With `waits=False` it may not listen yet.
    """

    def __init__(self, data: Path, *arguments: str, port: int = 0, prefix: Sequence[str] = (),
                 tls: bool = False, waits: bool = True, **extra: str):
        self.data = data
        self.is_secure = tls or secure.IS_ON
        self.keeps_history = "none" not in arguments
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self.process = subprocess.Popen(
            [*prefix, BINARY, "serve", "--port", str(port), "--data", str(data),
             *(secure.flags() if self.is_secure else ()), *arguments],
            env=environment(**extra), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if waits:
            self.await_start()

    def await_start(self):
        """Waits until it listens. Without `waits=False`, it does already."""
        try:
            self.port = int(self.wait_for(LISTENING).group(1))
        except BaseException:
            self.stop()
            raise

    def _read(self):
        for line in self.process.stderr:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, pattern: re.Pattern) -> re.Match:
        """The first match of `pattern` in the log. Fails if the daemon ends without one."""
        def found():
            return next(filter(None, map(pattern.search, self.lines)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() or self._ended, PATIENCE)
            match = found()
        assert match, f"{pattern.pattern!r} is not in the log:\n" + "\n".join(self.lines)
        return match

    def ws(self, query: str = "") -> str:
        return f"{'wss' if self.is_secure else 'ws'}://127.0.0.1:{self.port}/ws{query}"

    def url(self, target: str = "/") -> str:
        return f"{'https' if self.is_secure else 'http'}://127.0.0.1:{self.port}{target}"

    def signal(self, number: int):
        self.process.send_signal(number)

    def kill(self):
        """Ends the daemon with SIGKILL, without a chance to clean up."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def wait(self) -> int:
        """The exit code, once the daemon has ended."""
        return self.process.wait(PATIENCE)

    def stop(self):
        """Ends the daemon, by force if it ignores SIGTERM."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(PATIENCE)
        self.process.stderr.close()
