"""What is there before an attack: rooms with old lines."""

import contextlib
import json
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor

from attacks import FULL, Attack, Scene
from packets import CLOSE, PONG, TEXT, command, handshake, join

PATIENCE = 20
# Lines that one connection may send at once, within the default --line-burst.
BURST = 10
WRITERS = 8


class Talk:
    """A connection that waits for answers: of the rich dialect, or of HTTP."""

    def __init__(self, port: int, is_http: bool = False, deflates: bool = False):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")
        self.has_upgraded = False
        if not is_http:
            self.socket.sendall(handshake(deflates=deflates))
            self.responses(1)

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, *_) -> None:
        self.stream.close()
        self.socket.close()

    def responses(self, count: int, has_content: bool = True) -> None:
        for _ in range(count):
            length = 0
            self.has_upgraded = self.stream.readline().startswith(b"HTTP/1.1 101 ")
            while (line := self.stream.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if has_content:
                self.stream.read(length)

    def frame(self) -> tuple[int, bytes]:
        first, size = self.stream.read(2)
        if size > 125:
            size = int.from_bytes(self.stream.read(2 if size == 126 else 8), "big")
        return first & 15, self.stream.read(size)

    def event(self, kind: str) -> dict:
        """The next event of this type."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                raise ConnectionError(payload[2:].decode())
            if opcode == TEXT and (event := json.loads(payload))["type"] == kind:
                return event

    def pong(self, wanted: bytes) -> None:
        """Drops everything up to this pong."""
        while (found := self.frame()) != (PONG, wanted):
            if found[0] == CLOSE:
                raise ConnectionError(found[1][2:].decode())

    def drain(self) -> None:
        """Drops what has arrived."""
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(1 << 20):
                pass
        self.socket.settimeout(PATIENCE)


def prepare(attack: Attack, port: int) -> Scene:
    """Fills a room if the attack needs one."""
    if not attack.lines:
        return Scene(port)
    with ThreadPoolExecutor(WRITERS) as writers:
        for done in [writers.submit(write, port) for _ in range(attack.lines // BURST)]:
            done.result()
    with Talk(port) as talk:
        talk.socket.sendall(join(FULL, history=0))
        joined = talk.event("joined")
    return Scene(port, joined["epoch"], joined["seq"])


def write(port: int) -> None:
    """Lines that are long enough to be compressed, of words that repeat."""
    with Talk(port) as talk:
        words = "the quick brown fox jumps over the lazy dog and so on "
        lines = [command(type="message", room=FULL, id=uuid.uuid4().hex, message=words * 6)
                 for _ in range(BURST)]
        talk.socket.sendall(join(FULL, username="scribe", history=0) + b"".join(lines))
        for _ in range(BURST):
            talk.event("ack")
