"""`hubbub chat`, with pipes for its standard streams."""

import signal
import subprocess
import threading

from daemon import BINARY, PATIENCE, environment


def once(
    daemon_url: str, text: bytes, *arguments: str, **extra: str
) -> subprocess.CompletedProcess:
    """Sends a text through `hubbub chat --once`, with the name `cli` unless another is given."""
    return subprocess.run(
        [BINARY, "chat", daemon_url, "--once", *arguments], input=text,
        env=environment(**{"USER": "cli"} | extra), capture_output=True, timeout=PATIENCE)


class Chat:
    """A running chat. Its output is kept line by line."""

    def __init__(self, url: str, *arguments: str):
        self.lines: list[str] = []
        self.remarks: list[str] = []
        self._changed = threading.Condition()
        self.process = subprocess.Popen(
            [BINARY, "chat", url, *arguments], env=environment(TZ="UTC"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._readers = [
            threading.Thread(target=self._read, args=each, daemon=True)
            for each in ((self.process.stdout, self.lines), (self.process.stderr, self.remarks))]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines):
        for text in stream:
            with self._changed:
                lines.append(text.rstrip("\n"))
                self._changed.notify_all()

    def say(self, text: str):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def wait_for(self, condition):
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), (self.lines, self.remarks)

    def texts(self) -> list[str]:
        """The texts of the lines, without time, name and remarks."""
        return [each.split(": ", 1)[1] for each in self.lines if not each.startswith("-- ")]

    def wait_for_text(self, text: str):
        self.wait_for(lambda: text in self.texts())

    def joined(self):
        self.wait_for(lambda: any(" here --" in each for each in self.remarks))
        return self

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return code
