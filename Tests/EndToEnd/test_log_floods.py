"""Whatever clients do, the log has a few entries, and says how many were left out."""

import os
import re
import signal
import socket
import time

import pytest

from daemon import PATIENCE
from test_tls import metric
from wire import HANDSHAKE_FIELDS, request

pytestmark = pytest.mark.plain

# What passes of a message at once, and a few more.
FEW = 14


def sent(port: int, content: bytes, answers: bool = False):
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as peer:
        peer.sendall(content)
        if answers:
            assert peer.recv(65_536)


def test_broken_tls_handshakes(start):
    daemon = start(tls=True)
    before = len(daemon.lines)
    hello = bytes.fromhex("16030100050100000103")
    for number in range(100):
        for content in (os.urandom(200), hello, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", hello[:3]):
            sent(daemon.port, content)
    deadline = time.monotonic() + PATIENCE
    outcomes = [f'hubbub_tls_handshakes_total{{outcome="{outcome}"}}'
                for outcome in ("failed", "garbage", "plain_http")]
    while sum(metric(daemon.port, outcome) for outcome in outcomes) < 200:
        assert time.monotonic() < deadline
    assert len(daemon.lines) - before <= FEW, daemon.lines[before:]


@pytest.mark.parametrize("form", ["text", "json"])
def test_bad_tokens_and_foreign_pages(start, form):
    daemon = start("--allow-origin", "https://friend.example", "--log-format", form)
    before = len(daemon.lines)
    for number in range(200):
        for field in ({"Authorization": f"Bearer spy{number}"},
                      {"Origin": f"https://spy{number}.example"}, {"Host": "spy spy"}):
            head = request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {"Host": "a"} | field)
            sent(daemon.port, head, answers=True)
    daemon.signal(signal.SIGTERM)
    daemon.wait()
    daemon.stop()
    entries = daemon.lines[before:]
    assert len(entries) <= FEW + 3, entries
    tokens = [entry for entry in entries if "A token was refused" in entry]
    assert tokens and not any("Bearer" in entry or re.search(r"spy\d+(?!\d*\.example)", entry)
                              for entry in entries)
    # What is left out is told by the last entries at the latest, when a flood is over.
    assert len(tokens) + sum(int(found[1]) for entry in entries
                             if (found := re.search(r'omitted"?[=:]"?(\d+)', entry))) <= 200
