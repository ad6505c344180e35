"""A client in quiet rooms of its own: how long until each of its lines comes back.

It runs in a process of its own, over TLS if the second argument is `tls`, until its standard input
ends. A number is the pace of its lines, in seconds. Then it prints each line's time of sending, the time until it came back, and how late it was
sent, in seconds.
"""

import gc
import json
import re
import select
import socket
import ssl
import sys
from contextlib import suppress
import time

from packets import handshake, line

# Several connections take turns, so that each stays within the default --lines-per-second.
CONNECTIONS = 10
# Seconds between two lines.
PACE = 0.025
COMES_BACK = re.compile(rb'"message":"(\d+)"')
PATIENCE = 10


class Voice:
    """A connection, alone in its room."""

    def __init__(self, port: int, number: int, context: ssl.SSLContext | None):
        # Limits for the attackers' addresses don't apply to it.
        source = f"127.0.3.{number + 1}", 0
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE, source)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.socket = context.wrap_socket(self.socket)
        self.socket.sendall(handshake(f"quiet-{number}", is_rich=False))
        self.input = b""
        while b"\r\n\r\n" not in self.input:
            self.input += self.socket.recv(4_096)
        if not self.input.startswith(b"HTTP/1.1 101 "):
            sys.exit(f"bystander: refused: {self.input.splitlines()[0].decode()}")
        self.input = b""
        self.socket.setblocking(False)

    def heard(self) -> list[int]:
        """The numbers of the lines that came back."""
        with suppress(BlockingIOError, ssl.SSLWantReadError):
            # TLS gives one record at a time, and the poller doesn't know of the others.
            while data := self.socket.recv(65_536):
                self.input += data
            sys.exit("bystander: the server closed a connection")
        found = list(COMES_BACK.finditer(self.input))
        if found:
            self.input = self.input[found[-1].end():]
        return [int(each[1]) for each in found]


def main() -> None:
    port = int(sys.argv[1])
    context = None
    if "tls" in sys.argv[2:]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    pace = next((float(each) for each in sys.argv[2:] if each != "tls"), PACE)
    gc.disable()
    voices = [Voice(port, number, context) for number in range(CONNECTIONS)]
    poll = select.epoll()
    by_descriptor = {each.socket.fileno(): each for each in voices}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    poll.register(sys.stdin.fileno(), select.EPOLLIN)
    print("ready", flush=True)
    sent: list[tuple[float, float]] = []
    back: dict[int, float] = {}
    due = time.monotonic()
    while True:
        events = poll.poll(max(due - time.monotonic(), 0))
        now = time.monotonic()
        for descriptor, _ in events:
            if descriptor == sys.stdin.fileno():
                return report(sent, back, now)
            for number in by_descriptor[descriptor].heard():
                back[number] = now
        if (now := time.monotonic()) >= due:
            # A late answer doesn't delay the next line, or the delay would be measured once only.
            number = len(sent)
            sent.append((now, now - due))
            voices[number % CONNECTIONS].socket.send(line(str(number), "ann"))
            due = max(due + pace, now)


def report(sent: list[tuple[float, float]], back: dict[int, float], end: float) -> None:
    """A line that hasn't come back counts with the time that it has waited."""
    print(json.dumps([(at, back.get(number, end) - at, late)
                      for number, (at, late) in enumerate(sent)]))


if __name__ == "__main__":
    main()
