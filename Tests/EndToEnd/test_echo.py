"""`ws-echo`, the server for conformance suites, checked against RFC 6455."""

import os
import re
import struct
import subprocess
from pathlib import Path

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

import secure
from daemon import BINARY, PATIENCE
from frames import BINARY as BYTES
from frames import CLOSE, CONTINUATION, PING, PONG, TEXT, close_frame, frame, read_frame
from wire import HANDSHAKE_FIELDS, Wire, request

ECHO = os.environ.get("WS_ECHO_BIN", str(Path(BINARY).with_name("ws-echo")))
LARGEST = 16 << 20


@pytest.fixture(scope="module")
def port():
    process = subprocess.Popen(
        [ECHO, "--port", "0", *(secure.flags() if secure.IS_ON else ())],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    yield int(re.search(r"listening on .*?:(\d+)\b", process.stdout.readline()).group(1))
    process.terminate()
    process.stdout.close()
    assert process.wait() == 0


class Echo(Wire):
    def __init__(self, port: int):
        super().__init__(port)
        self.send(request("GET /any/path HTTP/1.1", HANDSHAKE_FIELDS))
        assert self.response().status == 101

    def send_chopped(self, data: bytes, size: int | None):
        for start in range(0, len(data), size or len(data)):
            self.send(data[start:start + (size or len(data))])

    def expect(self, *frames: tuple[int, bytes]):
        for each in frames:
            assert read_frame(self.stream) == each

    def expect_close(self, code: int | None):
        opcode, payload = read_frame(self.stream)
        assert opcode == CLOSE
        assert payload[:2] == (b"" if code is None else struct.pack(">H", code))
        payload[2:].decode()
        assert self.stream.read(1) == b"", "bytes after the Close"

    def leave(self):
        self.send(close_frame(1000))
        self.expect_close(1000)


@pytest.mark.parametrize("chop", [None, 1, 997])
@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 128, 65535, 65536, 262144])
@pytest.mark.parametrize("opcode", [TEXT, BYTES])
def test_messages_of_every_length_are_echoed(port, opcode, size, chop):
    if chop == 1 and size > 200:
        size = 200 + size % 7
    payload = (b"*" if opcode == TEXT else b"\xfe") * size
    with Echo(port) as echo:
        echo.send_chopped(frame(opcode, payload), chop)
        echo.expect((opcode, payload))
        echo.leave()


def test_the_largest_message_is_echoed_and_one_byte_more_is_1009(port):
    with Echo(port) as echo:
        echo.send_chopped(frame(BYTES, b"\x5a" * LARGEST), 65536)
        echo.expect((BYTES, b"\x5a" * LARGEST))
        echo.send(bytes([0x82, 0xFF]) + struct.pack(">Q", LARGEST + 1))
        echo.expect_close(1009)


@pytest.mark.parametrize("payload", [b"", b"hi", b"\x00\xff\xfe\xfd", b"\xfe" * 125])
def test_ping_is_answered(port, payload):
    with Echo(port) as echo:
        echo.send(frame(PONG, b"unasked") + frame(PING, payload) * 3)
        echo.expect(*[(PONG, payload)] * 3)
        echo.leave()


BREACHES = {
    **{f"rsv {rsv}": frame(TEXT, b"hello", rsv=rsv) for rsv in range(1, 8)},
    **{f"opcode {opcode}": frame(opcode) for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]},
    "long ping": frame(PING, b"x" * 126),
    "fragmented ping": frame(PING, fin=False),
    "continuation of nothing": frame(CONTINUATION, b"x"),
    "message inside a message": frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"),
    "unmasked": frame(TEXT, b"hi", masked=False),
    "125 in 16 bits": frame(BYTES, b"x" * 125, length_bytes=2),
    "65535 in 64 bits": frame(BYTES, b"x" * 65535, length_bytes=8),
    "negative length": bytes([0x82, 0xFF]) + b"\xff" * 8,
    "close of one byte": frame(CLOSE, b"\x03"),
    **{f"close {code}": close_frame(code) for code in
       [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]},
}


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES.keys())
def test_a_violation_is_closed_with_1002_after_earlier_messages(port, breach):
    with Echo(port) as echo:
        echo.send(frame(TEXT, b"before") + breach)
        echo.expect((TEXT, b"before"))
        echo.expect_close(1002)


@pytest.mark.parametrize("code", [None, 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011,
                                  1012, 1013, 1014, 3000, 3999, 4000, 4999])
def test_close_is_answered_with_its_code(port, code):
    with Echo(port) as echo:
        echo.send(close_frame(code) + frame(TEXT, b"too late"))
        echo.expect_close(code)


def test_fragments_with_control_frames_between_them(port):
    with Echo(port) as echo:
        echo.send(frame(TEXT, b"a", fin=False) + frame(PING, b"1")
                  + frame(CONTINUATION, b"b", fin=False) + frame(PING, b"2")
                  + frame(CONTINUATION, b"c"))
        echo.expect((PONG, b"1"), (PONG, b"2"), (TEXT, b"abc"))
        echo.leave()


@pytest.mark.parametrize(("count", "code"), [(100_000, None), (100_001, 1009)])
def test_fragments_are_counted(port, count, code):
    with Echo(port) as echo:
        echo.send(frame(BYTES, b"x", fin=False) + frame(CONTINUATION, b"x", fin=False) * (count - 2)
                  + frame(CONTINUATION, b"x"))
        if code:
            echo.expect_close(code)
        else:
            echo.expect((BYTES, b"x" * count))
            echo.leave()


@pytest.mark.parametrize("text", ["κόσμε", "\0", "\x7f", "\x80", "߿", "ࠀ", "\ud7ff", "\ue000",
                                  "\uffff", "\U00010000", "\U0010ffff", "a€😀"])
def test_text_may_be_cut_anywhere(port, text):
    data = text.encode()
    with Echo(port) as echo:
        for cut in range(len(data) + 1):
            echo.send(frame(TEXT, data[:cut], fin=False) + frame(CONTINUATION, data[cut:]))
            echo.expect((TEXT, data))
        echo.send_chopped(frame(TEXT, data), 1)
        echo.expect((TEXT, data))
        echo.leave()


@pytest.mark.parametrize("text", ["80", "c0", "c1bf", "e080", "e09fbf", "eda0", "edbf", "f080",
                                  "f08fbf", "f490", "f5", "fe", "ff", "e282c3", "ce20"])
@pytest.mark.parametrize("prefix", [b"", b"hello ", b"x" * 70])
def test_text_fails_at_its_first_impossible_byte(port, prefix, text):
    # 100 more bytes are announced and never sent. The Close must not wait for them.
    bad = prefix + bytes.fromhex(text)
    with Echo(port) as echo:
        echo.send(frame(TEXT, bad + b"z" * 100)[:-100])
        echo.expect_close(1007)
    with Echo(port) as echo:
        echo.send(frame(TEXT, b"", fin=False) + b"".join(
            frame(CONTINUATION, bytes([byte]), fin=False) for byte in bad))
        echo.expect_close(1007)


def test_text_that_ends_inside_a_character_is_1007(port):
    with Echo(port) as echo:
        echo.send(frame(TEXT, b"\xf0\x9f", fin=False) + frame(CONTINUATION, b"\x98"))
        echo.expect_close(1007)


@pytest.mark.parametrize("server_bits", [None, 8, 9, 12, 15])
@pytest.mark.parametrize("client_bits", [None, 9, 15])
@pytest.mark.parametrize("keeps_context", [True, False])
def test_compressed_messages_are_echoed(port, server_bits, client_bits, keeps_context):
    offer = ClientPerMessageDeflateFactory(
        server_no_context_takeover=not keeps_context,
        client_no_context_takeover=not keeps_context,
        server_max_window_bits=server_bits,
        client_max_window_bits=client_bits or True)
    scheme = "wss" if secure.IS_ON else "ws"
    with secure.connect(f"{scheme}://127.0.0.1:{port}/", extensions=[offer], max_size=None,
                 proxy=None) as echo:
        assert echo.protocol.extensions
        for size in [0, 1, 100, 1000, 70_000, 300_000]:
            message = os.urandom(size) + b"again and again " * (size // 16)
            for _ in range(2):
                echo.send(message)
                assert echo.recv(timeout=PATIENCE) == message
        echo.send(["frag", "men", "", "ts"])
        assert echo.recv(timeout=PATIENCE) == "fragments"
