"""The budget holds for all that clients make the daemon keep, and the memory comes back."""

import contextlib
import json
import re
from pathlib import Path

import pytest

from hostile import TEXT, frame
from rich import SUBPROTOCOL
from siege import Monitor, eventually
from wire import HANDSHAKE_FIELDS, Wire, request

MEBIBYTE = 1 << 20
ASK = json.dumps({"type": "history", "room": "lobby", "before": 201, "limit": 200})


def resident(daemon) -> int:
    """Bytes of memory that the daemon has now."""
    status = Path("/proc", str(daemon.process.pid), "status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE).group(1)) << 10


def in_lobby(daemon, *commands: str) -> Wire:
    """A client of the rich dialect that doesn't read what it gets for these commands."""
    wire = Wire(daemon.port)
    fields = HANDSHAKE_FIELDS | {"Sec-WebSocket-Protocol": SUBPROTOCOL}
    wire.send(request("GET /ws HTTP/1.1", fields))
    assert wire.response().status == 101
    for command in ('{"type":"join","room":"lobby","history":0}', *commands):
        wire.send(frame(TEXT, command.encode()))
    return wire


@pytest.mark.parametrize("budget", [64, 8])
def test_who_asks_for_history_and_does_not_read_is_no_burden(start, rich, budget):
    daemon = start("--buffer-budget", f"{budget}MiB", "--lines-per-second", "0",
                   "--max-text-characters", "6000", "--close-timeout", "1")
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    for number in range(200):
        ann.ask(type="message", room="lobby", message=f"{number} " + "x" * 5_000)
    with contextlib.ExitStack() as stack:
        monitor = Monitor(daemon)
        stack.callback(monitor.close)
        before = resident(daemon)
        crowd = [stack.enter_context(in_lobby(daemon, ASK)) for _ in range(150)]
        for _ in range(5):
            honest = rich(daemon)
            honest.join(username="bob", history=0)
            answer = honest.ask(type="history", room="lobby", before=201, limit=200)
            assert [line["seq"] for line in answer["messages"]] == list(range(1, 201))
        assert monitor.metric("hubbub_buffer_bytes") <= budget * MEBIBYTE
        assert monitor.memory() - before < (budget + 40) * MEBIBYTE
        if budget == 64:
            assert monitor.metric("hubbub_laggards_closed_total") == 0
        assert len(crowd) == 150
        assert ann.ask(type="members", room="lobby")["type"] == "members"
