"""Hostile frames. Two clients keep chatting."""

import itertools
import struct

import pytest

from hostile import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, bytes_of, close_code, crawl, enter, frame)
from siege import LIMITS, besieged

LARGEST = 65_536


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


def announced(length: int) -> bytes:
    """The header of a text frame whose length takes eight bytes."""
    return frame(TEXT, length=b"\x7f" + struct.pack("!Q", length))


# Breaches of RFC 6455, by the close code that must answer them.
ILLEGAL = {
    1002: {
        # Section 5.2: reserved bits without an extension that defines them.
        **{f"reserved bits {bits:03b} on opcode {opcode:x}": frame(opcode, reserved=bits)
           for bits in range(1, 8) for opcode in (TEXT, PING, CLOSE)},
        **{f"reserved opcode {opcode:x}": frame(opcode)
           for opcode in (*range(0x3, 0x8), *range(0xB, 0x10))},
        # Section 5.1: a client's frames are masked.
        **{f"opcode {opcode:x} unmasked": frame(opcode, masked=False)
           for opcode in (CONTINUATION, TEXT, BINARY, CLOSE, PING)},
        # Section 5.2: the length is in its shortest form, and its highest bit is 0.
        **{f"{size} bytes of length for {value}": frame(
            TEXT, length=marker + value.to_bytes(size, "big"))
           for marker, size, value in ((b"\x7e", 2, 0), (b"\x7e", 2, 125), (b"\x7f", 8, 0),
                                       (b"\x7f", 8, 125), (b"\x7f", 8, 65_535))},
        "a negative length": announced(1 << 63),
        "the largest negative length": announced((1 << 64) - 1),
        # Section 5.5: control frames are whole and short.
        "a fragmented ping": frame(PING, final=False),
        "a fragmented Close": frame(CLOSE, final=False),
        "a long ping": frame(PING, bytes(126)),
        "a long Close": frame(CLOSE, struct.pack("!H", 1000) + b"x" * 124),
        # Section 5.4: fragments.
        "a continuation of nothing": frame(CONTINUATION, b"x"),
        "an unfinished continuation of nothing": frame(CONTINUATION, b"x", final=False),
        "a continuation of what was whole": frame(TEXT, b"{}") + frame(CONTINUATION, b"x"),
        "a text within a text": frame(TEXT, b"x", final=False) + frame(TEXT, b"x"),
        "a binary within a text": frame(TEXT, b"x", final=False) + frame(BINARY, b"x"),
        # Sections 5.5.1 and 7.4.
        "a Close of one byte": frame(CLOSE, b"\x03"),
        **{f"a Close with {code}": closing(code) for code in (
            0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)},
    },
    1003: {"a binary message": frame(BINARY, b"x"), "an empty binary message": frame(BINARY)},
    1007: {
        # Section 8.1, and RFC 3629 section 3.
        **{f"text {text.hex()}": frame(TEXT, text) for text in (
            b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf",
            b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xfe",
            b"\xff", b"\xe2\x82", b"\xe2\x28\xa1", b"x\xf0\x9f\x98", b"\xf0\x9f\x98x")},
        "a character that its next fragment breaks":
            frame(TEXT, b"\xe2", final=False) + frame(CONTINUATION, b"x", final=False),
        "a character that the message's end breaks":
            frame(TEXT, b"\xe2", final=False) + frame(CONTINUATION),
        "the start of a frame that goes wrong early": frame(TEXT, b"\xff" + bytes(1000))[:20],
        "a Close whose reason is no text": closing(1000, b"\xff"),
        "a Close whose reason ends early": closing(1000, b"\xe2\x82"),
    },
    1009: {
        # Rejected when it is announced, before any of it has arrived.
        **{f"a message of {size}": announced(size) for size in (
            LARGEST + 1, 1 << 31, 1 << 32, (1 << 63) - 1)},
        "a message that its fragments make too big":
            frame(TEXT, b"x" * LARGEST, final=False) + frame(CONTINUATION, b"x"),
    },
}
SHAPES = [(name, shape, code) for code, shapes in ILLEGAL.items() for name, shape in shapes.items()]


@pytest.mark.parametrize("split", [False, True], ids=["at once", "byte by byte"])
def test_each_illegal_shape_has_its_close_code(start, split):
    with besieged(start(*LIMITS)) as siege:
        attackers = [enter(siege.daemon) for _ in SHAPES]
        for (_, shape, _), wire in zip(SHAPES, attackers):
            # In a long frame only the header and the bytes after the payload are worth splitting.
            pieces = bytes_of(shape) if split and len(shape) < LARGEST else [shape]
            for piece in pieces:
                wire.send(piece)
        answers = {}
        for (name, _, _), wire in zip(SHAPES, attackers):
            with wire:
                answers[name] = close_code(wire)
    assert answers == {name: code for name, _, code in SHAPES}


def test_nothing_behind_a_violation_is_looked_at(start):
    with besieged(start(*LIMITS)) as siege, enter(siege.daemon) as wire:
        wire.send(frame(0x3) + frame(PING, b"are you there?") * 1000 + closing(1000))
        assert wire.frame()[0] == CLOSE
        assert wire.at_end()


def fragments():
    yield frame(TEXT, b"{", final=False)
    while True:
        yield frame(CONTINUATION, b" ", final=False)


@pytest.mark.parametrize("pieces", [
    lambda: bytes_of(frame(TEXT, b" " * 1000)),
    lambda: bytes_of(frame(PING, b" " * 125)),
    lambda: bytes_of(frame(CLOSE, struct.pack("!H", 1000) + b" " * 100)),
    fragments,
], ids=["text", "ping", "Close", "fragments"])
def test_a_slow_message_is_given_up_however_busy_its_sender(start, pieces):
    with besieged(start(*LIMITS, "--message-timeout", "1")) as siege:
        with enter(siege.daemon) as wire:
            assert crawl(wire, pieces())
            assert close_code(wire) == 1008


def test_pings_do_not_extend_the_time_for_a_message(start):
    # Otherwise so many pings would get it into debt, in which no deadline runs.
    daemon = start(*LIMITS, "--message-timeout", "1", "--cost-per-second", "0")
    with besieged(daemon) as siege, enter(siege.daemon) as wire:
        wire.send(frame(TEXT, b"{", final=False))
        answers = []
        while CLOSE not in answers:
            # The Close may arrive together with a pong. Later pings then have no answer.
            assert crawl(wire, itertools.repeat(frame(PING), 100)), "it never ends"
            answers.append(wire.frame()[0])
        assert len(answers) > 2 and set(answers[:-1]) == {PONG}


@pytest.mark.parametrize("piece", [b"\x88", frame(PING), frame(TEXT, b"{}")],
                         ids=["bytes", "pings", "texts"])
def test_who_does_not_answer_a_close_is_let_go(start, piece):
    with besieged(start(*LIMITS)) as siege, enter(siege.daemon) as wire:
        wire.send(frame(BINARY))
        assert wire.frame()[1][:2] == (1003).to_bytes(2, "big")
        # Bytes that it still sends don't extend the time for closing.
        assert crawl(wire, itertools.repeat(piece, 100))
        assert wire.at_end()
