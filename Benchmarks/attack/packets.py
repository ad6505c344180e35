"""What attackers and bystanders send, ready for the socket."""

import json
import ssl
import struct
import zlib
from contextlib import suppress

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
RICH = "hubbub.v1"
UPGRADE = {
    "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}


def request(line: str, fields: dict[str, str] | None = None) -> bytes:
    """A request without content. Host is given unless `fields` has one."""
    fields = {"Host": "localhost"} | (fields or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{line} HTTP/1.1\r\n{head}\r\n".encode("latin-1")


def handshake(room: str = "", is_rich: bool = True, deflates: bool = False,
              fields: dict[str, str] | None = None) -> bytes:
    """An opening handshake. A client of the rich dialect is in no room after it."""
    more = {"Sec-WebSocket-Protocol": RICH} if is_rich else {}
    if deflates:
        more["Sec-WebSocket-Extensions"] = "permessage-deflate; client_no_context_takeover"
    return request(f"GET /ws{'?room=' + room if room else ''}", UPGRADE | more | (fields or {}))


def hello() -> bytes:
    """The first flight of a client of TLS, with a share of a key of its own."""
    outgoing = ssl.MemoryBIO()
    session = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    with suppress(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


def frame(opcode: int, payload: bytes = b"", final: bool = True, deflated: bool = False) -> bytes:
    """A frame (RFC 6455 section 5.2). Its masking key is zero, which costs the server the same as
    any other."""
    size = len(payload)
    length = (bytes([128 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)
              if size < 65_536 else b"\xff" + struct.pack("!Q", size))
    return bytes([final << 7 | deflated << 6 | opcode]) + length + bytes(4) + payload


def packed(text: bytes) -> bytes:
    """A compressed text message (RFC 7692)."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    payload = deflater.compress(text) + deflater.flush(zlib.Z_SYNC_FLUSH)
    return frame(TEXT, payload.removesuffix(b"\x00\x00\xff\xff"), deflated=True)


def text(**fields) -> bytes:
    """A command, or a line of the plain dialect, without its frame."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def command(**fields) -> bytes:
    return frame(TEXT, text(**fields))


def line(message: str, username: str = "mallory") -> bytes:
    """A line of the plain dialect."""
    return command(username=username, message=message)


def join(room: str, **fields) -> bytes:
    return command(type="join", room=room, **fields)


def leave(room: str) -> bytes:
    return command(type="leave", room=room)
