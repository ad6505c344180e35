"""Hand-made frames of RFC 6455, valid and invalid."""

import os
import struct
from itertools import cycle

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0,
          masked: bool = True, length_bytes: int | None = None) -> bytes:
    """A client's frame. `length_bytes` (0, 2 or 8) forces a form of the length."""
    size = len(payload)
    form = length_bytes if length_bytes is not None else 0 if size < 126 else 2 if size < 65536 else 8
    head = bytes([fin << 7 | rsv << 4 | opcode])
    bit = masked << 7
    if form == 0:
        head += bytes([bit | size])
    elif form == 2:
        head += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ mask for byte, mask in zip(payload, cycle(key)))


def close_frame(code: int | None, reason: bytes = b"") -> bytes:
    return frame(CLOSE, b"" if code is None else struct.pack(">H", code) + reason)


def read_frame(stream) -> tuple[int, bytes] | None:
    """Opcode and payload of the server's next frame. None at the end of the stream."""
    head = stream.read(2)
    if not head:
        return None
    first, size = head
    assert first & 0x80 and not first & 0x70 and not size & 0x80
    if size == 126:
        size, = struct.unpack(">H", stream.read(2))
        assert size > 125
    elif size == 127:
        size, = struct.unpack(">Q", stream.read(8))
        assert size > 65535
    payload = stream.read(size)
    assert len(payload) == size
    return first & 0x0F, payload
