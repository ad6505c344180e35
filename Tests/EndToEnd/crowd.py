"""Many clients on bare sockets in one thread, cheap enough for thousands of them."""

import contextlib
import json
import select
import socket
import time
from collections import Counter
from collections.abc import Callable

import secure
from daemon import PATIENCE
from frames import CLOSE, PING, PONG, TEXT, frame
from hostile import vanish
from rich import SUBPROTOCOL
from wire import HANDSHAKE_FIELDS, request

PLAIN = HANDSHAKE_FIELDS
RICH = HANDSHAKE_FIELDS | {"Sec-WebSocket-Protocol": SUBPROTOCOL}


def command(**fields) -> bytes:
    """A frame with a command."""
    return frame(TEXT, json.dumps(fields).encode())


class Peer:
    """One client. It sends its opening handshake and its first commands in one write."""

    def __init__(self, port: int, *commands: bytes, fields: dict = RICH, query: str = "",
                 receive_buffer: int = 0):
        # Bytes that the server sent for each type of event.
        self.sizes: Counter[str] = Counter()
        self.events: list[dict] = []
        # The code of the server's Close.
        self.code: int | None = None
        self.has_ended = False
        self._received = bytearray()
        self.is_open = False
        self._subprotocol = fields.get("Sec-WebSocket-Protocol")
        plain = socket.socket()
        plain.settimeout(PATIENCE)
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.connect(("127.0.0.1", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = secure.wrapped(plain)
        self.send(request(f"GET /ws{query} HTTP/1.1", fields), *commands)

    def send(self, *frames: bytes):
        """Sends the frames in one write. Does nothing if the server has gone."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(b"".join(frames))

    def receive(self, limit: int = 1 << 18):
        """Takes the bytes that have arrived, and waits for some if there are none."""
        try:
            data = self.socket.recv(limit)
        except ConnectionResetError:
            data = b""
        self.has_ended = not data
        self._received += data
        if not self.is_open:
            self._open()
        if self.is_open:
            self._parse()

    def heard(self, event: dict, payload: bytes):
        """An event for this client has arrived."""
        self.events.append(event)

    def vanish(self):
        """Disconnects without a Close."""
        vanish(self.socket)

    def close(self):
        self.socket.close()

    def _open(self):
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        status, *fields = head.decode().split("\r\n")
        assert status.startswith("HTTP/1.1 101 "), status
        chosen = [field.partition(":")[2].strip() for field in fields
                  if field.lower().startswith("sec-websocket-protocol:")]
        assert chosen == ([self._subprotocol] if self._subprotocol else []), fields
        self._received, self.is_open = rest, True

    def _parse(self):
        """Takes the complete frames. The server sends no fragments and doesn't mask."""
        data, place = self._received, 0
        while len(data) - place >= 2:
            first, size, start = data[place], data[place + 1], place + 2
            if size >= 126:
                bytes_of_size = 2 if size == 126 else 8
                start += bytes_of_size
                size = int.from_bytes(data[place + 2:start], "big")
            if len(data) < start + size:
                break
            payload, place = bytes(data[start:start + size]), start + size
            self._take(first, payload)
        del data[:place]

    def _take(self, first: int, payload: bytes):
        assert first & 0xF0 == 0x80, f"first byte {first:#x}"
        match first & 0x0F:
            case opcode if opcode == TEXT:
                event = json.loads(payload)
                self.sizes[event["type"]] += len(payload)
                self.heard(event, payload)
            case opcode if opcode == CLOSE:
                self.code = int.from_bytes(payload[:2], "big")
                self.send(frame(CLOSE, payload[:2]))
            case opcode if opcode == PING:
                self.send(frame(PONG, payload))


class Crowd:
    """Clients that one thread reads."""

    def __init__(self):
        self._poller = select.epoll()
        self._peers: dict[int, Peer] = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for peer in self._peers.values():
            peer.close()
        self._poller.close()

    def add(self, peer: Peer) -> Peer:
        self._peers[peer.socket.fileno()] = peer
        self._poller.register(peer.socket, select.EPOLLIN)
        return peer

    def remove(self, peer: Peer):
        """Stops reading this client."""
        self._poller.unregister(peer.socket)
        del self._peers[peer.socket.fileno()]

    def hear(self, until: Callable[[], object], what: Callable[[], object] = lambda: ""):
        """Reads all clients until `until` holds. `what` describes the state if it never does."""
        deadline = time.monotonic() + 2 * PATIENCE
        while not until():
            assert time.monotonic() < deadline, what()
            self.turn(1)

    def turn(self, timeout: float = 0):
        """Reads what has arrived, or what arrives first within `timeout` seconds."""
        for number, _ in self._poller.poll(timeout):
            peer = self._peers[number]
            peer.receive()
            while secure.pending(peer.socket):
                peer.receive()
            if peer.has_ended:
                self.remove(peer)
                peer.close()

    def hear_out(self):
        """Reads all clients until the server has closed every connection."""
        self.hear(lambda: not self._peers, lambda: f"{len(self._peers)} are still open")
