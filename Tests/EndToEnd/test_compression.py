"""permessage-deflate (RFC 7692): what is negotiated, what is compressed, and what it may cost."""

import json
import zlib

import pytest

from chat import line, say
from frames import CLOSE, CONTINUATION, PING, PONG, TEXT, frame, read_frame
from wire import HANDSHAKE_FIELDS, Wire, request

LONG = "A line that is long enough to be worth the work, said again and again. " * 8
OURS = "permessage-deflate; server_no_context_takeover"
FORGETS = "; client_no_context_takeover"
SMALL = "; client_max_window_bits=10"


def handshake(port: int, offer: str | None) -> tuple[Wire, int, str | None]:
    wire = Wire(port)
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {"Sec-WebSocket-Extensions": offer}))
    response = wire.response()
    return wire, response.status, response.fields.get("sec-websocket-extensions")


def deflated(message: bytes) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (compressor.compress(message) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def inflated(payload: bytes) -> bytes:
    return zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")


@pytest.mark.parametrize(("offer", "answer"), [
    (None, None),
    # Firefox, Safari, Mojolicious; Netty without JZlib.
    ("permessage-deflate", OURS),
    # Chromium, tornado, websockets; Netty with JZlib.
    ("permessage-deflate; client_max_window_bits", OURS + SMALL),
    ("permessage-deflate;client_max_window_bits,deflate-frame,x-webkit-deflate-frame",
     OURS + SMALL),
    # gorilla.
    ("permessage-deflate; server_no_context_takeover; client_no_context_takeover",
     OURS + FORGETS),
    # Autobahn.
    ("permessage-deflate; client_no_context_takeover; client_max_window_bits", OURS + FORGETS),
    ("permessage-deflate; server_no_context_takeover", OURS),
    ("permessage-deflate; client_max_window_bits=9", OURS + "; client_max_window_bits=9"),
    ("permessage-deflate; client_max_window_bits=15", OURS + SMALL),
    ("permessage-deflate, permessage-deflate; client_max_window_bits", OURS + SMALL),
    ("permessage-deflate; client_max_window_bits, permessage-deflate" + FORGETS, OURS + FORGETS),
    ("permessage-deflate; server_max_window_bits=15", OURS + "; server_max_window_bits=15"),
    ("permessage-deflate; server_max_window_bits=10", None),
    ("permessage-deflate; server_max_window_bits=10, permessage-deflate", OURS),
    ("x-webkit-deflate-frame, permessage-deflate", OURS),
    ("permessage-deflate; unknown", None),
    ("permessage-deflate; server_max_window_bits=16", None),
    ("permessage-deflate; server_max_window_bits", None),
    ("permessage-deflate; client_max_window_bits=07", None),
    ("permessage-deflate; server_no_context_takeover=1", None),
    ("permessage-deflate; client_no_context_takeover; client_no_context_takeover", None),
])
def test_offers(daemon, offer, answer):
    wire, status, extensions = handshake(daemon.port, offer)
    with wire:
        assert status == 101
        wanted = answer and sorted(each.strip() for each in answer.split(";"))
        got = extensions and sorted(each.strip() for each in extensions.split(";"))
        assert got == wanted


def test_a_setting_turns_it_off(start):
    wire, status, extensions = handshake(start("--compression", "off").port, "permessage-deflate")
    with wire:
        assert (status, extensions) == (101, None)
        wire.send(frame(TEXT, deflated(b"{}"), rsv=4))
        assert read_frame(wire.stream)[1][:2] == (1002).to_bytes(2)


def test_members_of_each_kind_read_the_same(daemon, join):
    ann = join(daemon, compression="deflate")
    bob = join(daemon, compression=None)
    for number, text in enumerate(["short", LONG, "short again", LONG * 2], 1):
        say(ann if number % 2 else bob, text)
        assert line(ann) == line(bob) == ("lobby", number, "ann", text)


def test_long_lines_go_out_deflated_and_short_ones_as_they_are(daemon):
    wire, _, extensions = handshake(daemon.port, "permessage-deflate")
    with wire:
        assert extensions
        for text, is_deflated in [("hi", False), (LONG, True), ("ho", False), (LONG, True)]:
            message = json.dumps({"username": "ann", "message": text}).encode()
            wire.send(frame(TEXT, deflated(message), rsv=4))
            first, second = wire.stream.read(2)
            assert first == (0xC1 if is_deflated else 0x81)
            size = second if second < 126 else int.from_bytes(wire.stream.read(2))
            payload = wire.stream.read(size)
            event = json.loads(inflated(payload) if is_deflated else payload)
            assert event["message"] == text
            assert not is_deflated or size < len(text) / 2


def test_fragments_of_a_compressed_message_with_a_ping_between(daemon):
    wire, _, _ = handshake(daemon.port, "permessage-deflate")
    with wire:
        data = deflated(json.dumps({"username": "ann", "message": "in pieces"}).encode())
        wire.send(frame(TEXT, data[:5], rsv=4, fin=False) + frame(PING, b"?")
                  + frame(CONTINUATION, data[5:9], fin=False) + frame(CONTINUATION, data[9:]))
        assert read_frame(wire.stream) == (PONG, b"?")
        assert json.loads(read_frame(wire.stream)[1])["message"] == "in pieces"


@pytest.mark.parametrize(("frames", "code"), [
    (frame(TEXT, deflated(b"0" * (64 << 20)), rsv=4), 1009),
    (frame(TEXT, b"\xff" * 40, rsv=4), 1007),
    (frame(TEXT, deflated(b"\xff\xfe"), rsv=4), 1007),
    (frame(TEXT, b"a", fin=False) + frame(CONTINUATION, b"b", rsv=4), 1002),
    (frame(PING, b"a", rsv=4), 1002),
], ids=["bomb", "garbage", "not UTF-8", "RSV1 on a continuation", "RSV1 on a ping"])
def test_what_is_wrong_in_a_compressed_message(daemon, frames, code):
    wire, _, _ = handshake(daemon.port, "permessage-deflate")
    with wire:
        wire.send(frames)
        opcode, payload = read_frame(wire.stream)
        assert (opcode, payload[:2]) == (CLOSE, code.to_bytes(2))
