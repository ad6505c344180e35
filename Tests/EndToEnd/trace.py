"""The daemon under strace, which records its system calls and makes some of them fail."""

import re
from collections import Counter
from pathlib import Path

CALLS = "epoll_wait,accept4,recvfrom,sendto,sendmsg,epoll_ctl"


class Trace:
    """The system calls of a daemon that is started with `prefix`. With `injection` some fail."""

    def __init__(self, file: Path, injection: str | None = None, calls: str = CALLS):
        self._file = file
        # -D leaves the daemon our own child. The filter stops it only at these calls.
        self.prefix = ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", str(file),
                       "-e", f"trace={calls}"]
        if injection:
            self.prefix += ["-e", f"inject={injection}"]

    def lines(self) -> list[str]:
        """The calls in order, each after the number of its thread."""
        return self._file.read_text(errors="replace").splitlines()

    def injected(self) -> int:
        return self._file.read_text(errors="replace").count("(INJECTED)")

    def calls(self) -> Counter:
        """How often each was called."""
        return Counter(re.findall(
            r"^\d+ +(\w+)\(", self._file.read_text(errors="replace"), re.MULTILINE))
