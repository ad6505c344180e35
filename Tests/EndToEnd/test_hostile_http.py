"""Hostile request heads. Two clients keep chatting."""

import socket

import pytest

from hostile import (
    CLOSE, HANDSHAKE, MALLORY, PING, PONG, bytes_of, crawl, dial, enter, frame, line, vanish)
from siege import LIMITS, besieged
from wire import Wire, request

MEBIBYTE = 1 << 20


def test_a_handshake_may_be_cut_at_every_byte(start):
    with besieged(start(*LIMITS)) as siege:
        cuts = [(cut, Wire(siege.daemon.port)) for cut in range(1, len(HANDSHAKE))]
        for cut, wire in cuts:
            wire.send(HANDSHAKE[:cut])
        # Another exchange shows that the first parts have been read, so the rest arrives by itself.
        siege.bystanders.hear(2)
        for cut, wire in cuts:
            wire.send(HANDSHAKE[cut:] + frame(PING, b"%d" % cut))
        for cut, wire in cuts:
            with wire:
                assert wire.response().status == 101
                assert wire.frame() == (PONG, b"%d" % cut)


@pytest.mark.parametrize("leave", [socket.socket.close, vanish], ids=["FIN", "RST"])
def test_a_handshake_may_end_at_every_byte(start, leave):
    with besieged(start(*LIMITS)) as siege:
        for cut in range(len(HANDSHAKE) + 1):
            peer = dial(siege.daemon)
            peer.sendall(HANDSHAKE[:cut])
            leave(peer)


def test_frames_in_the_packet_of_the_handshake_are_heard(start):
    # Without history, the answer to a Close doesn't wait for lines that are being stored.
    with besieged(start(*LIMITS, "--history", "none")) as siege, enter(siege.daemon) as listener:
        with Wire(siege.daemon.port, MALLORY) as wire:
            wire.send(HANDSHAKE + line("one") + line("two") + frame(CLOSE))
            assert wire.response().status == 101
            for who in (wire, listener):
                assert b'"one"' in who.frame()[1] and b'"two"' in who.frame()[1]
            assert wire.frame() == (CLOSE, b"")
            assert wire.at_end()


def test_a_slow_head_is_given_up_however_busy_its_sender(start):
    with besieged(start(*LIMITS, "--handshake-timeout", "1")) as siege:
        with Wire(siege.daemon.port, MALLORY) as wire:
            assert crawl(wire, bytes_of(HANDSHAKE))
            assert wire.response().status == 408
            assert wire.at_end()


def test_a_slow_second_head_is_given_up_too(start):
    with besieged(start(*LIMITS, "--handshake-timeout", "1")) as siege:
        with Wire(siege.daemon.port, MALLORY) as wire:
            wire.send(request("GET /healthz HTTP/1.1"))
            assert wire.response().status == 200
            assert crawl(wire, bytes_of(HANDSHAKE))
            assert wire.response().status == 408
            assert wire.at_end()


def test_slow_content_is_given_up(start):
    with besieged(start(*LIMITS, "--message-timeout", "1")) as siege:
        with Wire(siege.daemon.port, MALLORY) as wire:
            wire.send(request("GET /healthz HTTP/1.1",
                              {"Host": "localhost", "Content-Length": "1000"}))
            assert wire.response().status == 200
            assert crawl(wire, bytes_of(bytes(1000)))
            assert wire.response().status == 408
            assert wire.at_end()


@pytest.mark.parametrize("head, status", [
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * MEBIBYTE + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b":\r\n" * 100_000 + b"\r\n", 400),
    (b"GET /" + b"x" * MEBIBYTE + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"G" * MEBIBYTE, 501),
    (b"\r\n" * MEBIBYTE, 400),
    (bytes(MEBIBYTE), 400),
], ids=["a field of 1 MiB", "100 000 fields", "100 000 fields without names",
        "a request line of 1 MiB", "a method of 1 MiB", "empty lines", "zeros"])
def test_a_head_of_a_mebibyte_is_refused_and_not_kept(start, head, status):
    with besieged(start(*LIMITS)) as siege:
        before = siege.monitor.memory()
        attackers = [Wire(siege.daemon.port, MALLORY) for _ in range(20)]
        for wire in attackers:
            wire.send(head)
        for wire in attackers:
            with wire:
                assert wire.response().status == status
                assert wire.at_end()
        assert siege.monitor.memory() - before < 4 * MEBIBYTE
