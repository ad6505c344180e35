"""Clients that send as much as they can. Two others keep chatting."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hostile import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_code, enter, frame, line, send_unread)
from siege import LIMITS, besieged

COUNT = 100_000
MEBIBYTE = 1 << 20
# The numbers of the shortest frames, and of lines, of one connection that one tick may process.
FRAMES_PER_TICK = 256
LINES_PER_TICK = 128
# Otherwise these floods would soon be in debt, and not be read.
FREE = ("--cost-per-second", "0")
TICKS = "hubbub_tick_duration_seconds_count"


@pytest.mark.parametrize("each, first, code", [
    (frame(TEXT), b"", 1008),
    (frame(BINARY), b"", 1003),
    (frame(TEXT, masked=False), b"", 1002),
    (frame(CONTINUATION, final=False), frame(TEXT, final=False), 1009),
    (frame(CLOSE), b"", None),
], ids=["empty texts", "empty binaries", "unmasked texts", "empty fragments", "Closes"])
def test_100_000_tiny_frames_in_one_write_are_cut_off(start, each, first, code):
    with besieged(start(*LIMITS)) as siege, enter(siege.daemon) as wire:
        wire.send(first + each * COUNT)
        assert close_code(wire) == code


@pytest.mark.parametrize("each, has_answer", [
    (frame(PONG), False), (frame(PING), True), (line("hi"), True),
], ids=["pongs", "pings", "lines"])
def test_100_000_tiny_frames_in_one_write_are_served_in_shares(start, each, has_answer):
    # Otherwise a client that reads more slowly than it sends would be closed.
    daemon = start(*LIMITS, *FREE, "--control-watermark", "64MiB")
    with besieged(daemon) as siege, enter(daemon) as wire:
        ticks = siege.monitor.metric(TICKS)
        data = each * COUNT + frame(PING, b"end")
        sender = threading.Thread(target=wire.send, args=[data])
        sender.start()
        # Answers to pings may overtake lines.
        wanted = COUNT * has_answer + 1
        heard = [wire.frame() for _ in range(wanted)]
        sender.join()
        assert heard.count((PONG, b"end")) == 1
        assert {opcode for opcode, _ in heard} <= {PONG, TEXT}
        # A wait for the socket may come between two shares, but a tick has at most one share.
        assert siege.monitor.metric(TICKS) - ticks >= COUNT / FRAMES_PER_TICK


@pytest.mark.parametrize("each", [
    frame(PING, bytes(125)), frame(PING), line("x" * 100), frame(TEXT, b"no json"),
], ids=["long pings", "empty pings", "lines", "errors"])
def test_answers_that_are_never_read_are_bounded(start, each):
    daemon = start(*LIMITS, *FREE, "--slow-timeout", "1", "--errors-per-minute", "0")
    with besieged(daemon) as siege:
        before = siege.monitor.memory()
        flood = each * (32 * MEBIBYTE // len(each))
        flooders = [enter(daemon) for _ in range(20)]
        waiting = 0
        with ThreadPoolExecutor(len(flooders)) as threads:
            # After its Close the daemon may read further bytes, to find the flooder's Close.
            sent = [threads.submit(send_unread, wire.socket, flood) for wire in flooders]
            while not all(each.done() for each in sent):
                waiting = max(waiting, siege.monitor.metric("hubbub_waiting_bytes"))
        for wire in flooders:
            wire.__exit__()
        assert siege.monitor.metric("hubbub_laggards_closed_total") == len(flooders)
        # The control watermark of each client, and what one tick adds to it.
        assert waiting < len(flooders) * 2 * 65_536
        assert siege.monitor.memory() - before < 16 * MEBIBYTE


def test_a_flood_of_lines_takes_no_more_than_its_share(start):
    """Another client's line doesn't wait behind all lines of a flood in its room."""
    # Otherwise the flooder would soon be closed, for more refusals than it can take.
    daemon = start(*LIMITS, *FREE, "--control-watermark", "64MiB")
    with besieged(daemon, query="") as siege, enter(daemon) as wire:
        over = threading.Event()
        flood = line("flood") * 1_000

        def send():
            while not over.is_set():
                wire.send(flood)

        def read():
            while wire.socket.recv(65_536):
                pass

        sender, reader = threading.Thread(target=send), threading.Thread(target=read)
        reader.start()
        ticks = siege.monitor.metric(TICKS)
        lines = siege.monitor.metric("hubbub_lines_received_total")
        sender.start()
        siege.bystanders.hear(20)
        lines = siege.monitor.metric("hubbub_lines_received_total") - lines
        ticks = siege.monitor.metric(TICKS) - ticks
        over.set()
        sender.join()
        assert siege.monitor.metric("hubbub_laggards_closed_total") == 0
        assert lines > 10_000
        # In each tick the bystanders have one line.
        assert lines <= ticks * (LINES_PER_TICK + 1)
        wire.send(frame(CLOSE))
        reader.join()


def flood_until_closed(wire, flood):
    with contextlib.suppress(OSError):
        send_unread(wire.socket, flood)


def test_a_flood_that_goes_on_in_debt_is_closed(start):
    daemon = start(*LIMITS, "--debt-timeout", "1", "--control-watermark", "64MiB")
    with enter(daemon) as wire:
        flood = frame(PING, b"x" * 100) * 100_000
        # It ends with the connection.
        threading.Thread(target=flood_until_closed, args=[wire, flood], daemon=True).start()
        heard = 0
        while (found := wire.frame())[0] != CLOSE:
            heard += found[0] == PONG
        assert int.from_bytes(found[1][:2], "big") == 1008
        assert 500 < heard < 100_000
