"""What attackers send, and how."""

import contextlib
import socket
import struct
from collections.abc import Iterable

import secure
from daemon import PATIENCE, Daemon
from wire import HANDSHAKE_FIELDS, Wire, request

HANDSHAKE = request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS)
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
# The attacker's address.
MALLORY = "127.0.2.1"
# Seconds between two bytes of a slow sender.
CRAWL = 0.1


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True,
          reserved: int = 0, length: bytes | None = None) -> bytes:
    """A frame as in RFC 6455 section 5.2, with a masking key of zeros.

    `length` replaces the shortest form of the length.
    """
    size = len(payload)
    if length is None:
        length = (bytes([size]) if size < 126 else b"\x7e" + struct.pack("!H", size)
                  if size < 65_536 else b"\x7f" + struct.pack("!Q", size))
    first = final << 7 | reserved << 4 | opcode
    second = masked << 7 | length[0]
    return bytes([first, second]) + length[1:] + bytes(4 * masked) + payload


def line(text: str) -> bytes:
    """A text frame with a line."""
    return frame(TEXT, b'{"username":"mallory","message":"%s"}' % text.encode())


def enter(daemon: Daemon, source: str = MALLORY, query: str = "") -> Wire:
    """A WebSocket that was just opened."""
    wire = Wire(daemon.port, source)
    wire.send(request(f"GET /ws{query} HTTP/1.1", HANDSHAKE_FIELDS))
    assert wire.response().status == 101
    return wire


def close_code(wire: Wire) -> int | None:
    """The code of the server's Close, or None if it has none. The connection ends after it."""
    while True:
        opcode, payload = wire.frame()
        if opcode == CLOSE:
            assert wire.at_end()
            return int.from_bytes(payload[:2], "big") if payload else None


def crawl(wire: Wire, pieces: Iterable[bytes]) -> bool:
    """Sends a piece every 100 ms until the server sends something. False if it never does."""
    for piece in pieces:
        wire.send(piece)
        if secure.has_arrived(wire.socket, CRAWL):
            return True
    return False


def vanish(peer: socket.socket):
    """Disconnects with a reset instead of a FIN: SO_LINGER with zero seconds."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def send_unread(peer: socket.socket, data: bytes):
    """Sends `data` without reading, unless the server ends the connection before."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        peer.sendall(data)


def dial(daemon: Daemon, source: str = MALLORY) -> socket.socket:
    """A bare connection."""
    return secure.wrapped(
        socket.create_connection(("127.0.0.1", daemon.port), PATIENCE, (source, 0)))


def bytes_of(text: bytes) -> Iterable[bytes]:
    return (text[place:place + 1] for place in range(len(text)))
