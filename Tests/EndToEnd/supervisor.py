"""The programs that stand between a test and the daemon as systemd would, and what they are told."""

import os
import socket
import sys
from pathlib import Path

from daemon import PATIENCE


class NotifySocket:
    """A socket that gets what the daemon tells, one datagram for each message (sd_notify(3))."""

    def __init__(self, address: str):
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)
        self.socket.bind(address.replace("@", "\0", 1))

    def message(self) -> dict[str, str]:
        """The assignments of the next message."""
        lines = self.socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def wait_for(self, name: str, value: str | None = None) -> dict[str, str]:
        """The first message that assigns this."""
        while True:
            message = self.message()
            if name in message and value in (None, message[name]):
                return message

    def fill(self) -> int:
        """Sends messages of its own until the queue is full. Returns their number."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            count = 0
            try:
                while True:
                    sender.sendto(b"FILL=1", self.address.replace("@", "\0", 1))
                    count += 1
            except BlockingIOError:
                return count

    def close(self):
        self.socket.close()


def activated(*kinds: str, names: str | None = None) -> list[str]:
    """A command that becomes the daemon, and opens sockets for it, as systemd does."""
    return [sys.executable, __file__, "sockets", names or "", *kinds]


def journaled() -> list[str]:
    """A command that becomes the daemon, and says that its standard error is the journal."""
    return [sys.executable, __file__, "journal", "", ""]


def opened(kind: str) -> socket.socket | None:
    if kind == "closed":
        return None
    if kind == "file":
        return open("/dev/null", "rb")
    family = {"tcp6": socket.AF_INET6, "unix": socket.AF_UNIX}.get(kind, socket.AF_INET)
    new = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    if family != socket.AF_UNIX:
        new.bind(("::1" if kind == "tcp6" else "127.0.0.1", 0))
    else:
        new.bind("\0hubbub-test-" + str(os.getpid()))
    if kind not in ("udp", "silent"):
        new.listen()
    return new


def become(role: str, names: str, *rest: str):
    """Replaces this process by the command that follows the kinds of the sockets."""
    first = next(number for number, word in enumerate(rest) if word.startswith("/"))
    command = rest[first:]
    if role == "journal":
        status = os.fstat(2)
        os.environ["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
    else:
        sockets = [opened(kind) for kind in rest[:first]]
        # Copies out of the way first, so that none is overwritten.
        copies = [each and os.dup2(each.fileno(), 100 + number)
                  for number, each in enumerate(sockets)]
        for number, copy in enumerate(copies):
            if copy is None:
                try:
                    os.close(3 + number)
                except OSError:
                    pass
            else:
                os.dup2(copy, 3 + number)
        os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(sockets))}
        if names:
            os.environ["LISTEN_FDNAMES"] = names
    os.execv(command[0], command)


if __name__ == "__main__":
    become(sys.argv[1], sys.argv[2], *filter(None, sys.argv[3:]))


def flags(process: int, descriptor: int) -> int:
    """The flags of a descriptor of another process (open(2))."""
    text = Path(f"/proc/{process}/fdinfo/{descriptor}").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("flags:")), 8)
