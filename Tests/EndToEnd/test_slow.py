"""Clients that don't keep up: told what they missed, or closed if they make no progress."""

import json
import socket
import threading
from contextlib import closing

import pytest

from crowd import PLAIN, RICH, Crowd, Peer, command
from frames import TEXT, frame
from rich import checked, fresh_id
from siege import Monitor, eventually

# Bytes that wait for a client soon exceed what the room's log keeps.
TIGHT = ("--lines-per-second", "0", "--room-log-bytes", "64KiB", "--high-watermark", "64KiB",
         "--low-watermark", "16KiB")
# No client is closed for being slow.
PATIENT = ("--slow-timeout", "600")
SIZE = 1_000
# Small receive buffers, so that the kernel keeps little for a client that doesn't read.
RECEIVE_BUFFER = 4_096


class Flooder(Peer):
    """Sends numbered lines in batches, each as soon as the one before is acknowledged."""

    BATCH = 50

    def __init__(self, port: int, room: str):
        super().__init__(port, command(type="join", room=room, username="flooder", history=0))
        self._room, self.said, self.acknowledged = room, 0, 0
        self.payloads: dict[int, bytes] = {}

    def flood(self, crowd: Crowd):
        """Sends a batch, and waits until its lines were delivered to all clients that read."""
        self.send(*(
            command(type="message", room=self._room, id=fresh_id(),
                    message=f"{self.said + number} ".ljust(SIZE, "x"))
            for number in range(1, self.BATCH + 1)))
        self.said += self.BATCH
        crowd.hear(lambda: self.acknowledged == self.said and self.said in self.payloads)

    def heard(self, event, payload):
        match event["type"]:
            case "message":
                self.payloads[event["seq"]] = payload
            case "ack":
                self.acknowledged += 1
            case type:
                assert type in ("welcome", "joined", "presence"), event


class Laggard(Peer):
    """Reads little, keeps what it gets, and requests what it is told that it missed."""

    def __init__(self, port: int, room: str):
        super().__init__(
            port, command(type="join", room=room, history=0), receive_buffer=RECEIVE_BUFFER)
        self._room = room
        # The last line or gap that has arrived, in order.
        self.last = 0
        self.gaps: list[tuple[int, int]] = []
        self.lines: dict[int, dict] = {}
        self.has_fetched = False

    def heard(self, event, payload):
        checked(payload.decode())
        match event["type"]:
            case "message":
                assert event["seq"] == self.last + 1, f"{event['seq']} after {self.last}"
                self._keep(event)
                self.last = event["seq"]
            case "gap":
                assert event["from"] == self.last + 1, f"{event} after {self.last}"
                self.last = event["to"]
                self.gaps.append((event["from"], event["to"]))
            case "history":
                for line in event["messages"]:
                    self._keep(line)
                self._ask(event["messages"][0]["seq"])
            case type:
                assert type in ("welcome", "joined", "presence"), event

    def fetch(self):
        """Requests the lines of all gaps, page by page."""
        self._unfetched = list(self.gaps)
        self._ask(self._unfetched[-1][1] + 1)

    def _ask(self, before: int):
        """Requests what is missing of the last gap before that line, or else of the gap before
        it."""
        if self._unfetched[-1][0] == before:
            self._unfetched.pop()
            if not self._unfetched:
                self.has_fetched = True
                return
            before = self._unfetched[-1][1] + 1
        self.send(command(type="history", room=self._room, before=before,
                          limit=min(200, before - self._unfetched[-1][0])))

    def _keep(self, line: dict):
        assert line["seq"] not in self.lines, f"{line['seq']} twice"
        self.lines[line["seq"]] = line


def test_a_slow_reader_stays_and_can_get_each_line_once(start):
    daemon = start(*TIGHT, *PATIENT)
    with Crowd() as crowd:
        flooder = crowd.add(Flooder(daemon.port, "go"))
        laggard = Laggard(daemon.port, "go")
        while not laggard.sizes["joined"]:
            laggard.receive()
        # It reads a tenth of the lines.
        for _ in range(100):
            flooder.flood(crowd)
            laggard.receive(flooder.BATCH * SIZE // 10)
        while laggard.last < flooder.said:
            laggard.receive()
        assert laggard.gaps
        missed = sum(last - first + 1 for first, last in laggard.gaps)
        assert len(laggard.lines) == flooder.said - missed
        laggard.fetch()
        while not laggard.has_fetched:
            laggard.receive()
        assert laggard.lines == {
            seq: json.loads(payload) for seq, payload in flooder.payloads.items()}
        assert sorted(laggard.lines) == list(range(1, flooder.said + 1))
        laggard.close()


def stall(daemon, crowd: Crowd, *commands: bytes, **options) -> tuple[Flooder, Peer]:
    """A client that floods a room, and a client in it that reads nothing."""
    flooder = crowd.add(Flooder(daemon.port, "go"))
    stalled = Peer(daemon.port, *commands, receive_buffer=RECEIVE_BUFFER, **options)
    while b"\r\n\r\n" not in stalled.socket.recv(1_000, socket.MSG_PEEK):
        pass
    for _ in range(100):
        flooder.flood(crowd)
    return flooder, stalled


def check_closed(flooder: Flooder, stalled: Peer):
    """It gets lines up to where it was closed, and the reason. The flooder has got all."""
    while not stalled.has_ended:
        stalled.receive()
    assert stalled.code == 1013
    lines = [each["seq"] for each in stalled.events if each["type"] == "message"]
    assert lines == list(range(1, len(lines) + 1)) and len(lines) < flooder.said
    assert sorted(flooder.payloads) == list(range(1, flooder.said + 1))


@pytest.mark.parametrize("fields", [RICH, PLAIN], ids=["rich", "plain"])
def test_a_client_that_reads_nothing_is_closed(start, fields):
    daemon = start(*TIGHT, "--slow-timeout", "1")
    with Crowd() as crowd, closing(Monitor(daemon)) as monitor:
        flooder, stalled = stall(
            daemon, crowd, *([command(type="join", room="go")] if fields is RICH else []),
            fields=fields, query="?room=go")
        eventually(lambda: monitor.metric("hubbub_laggards_closed_total") == 1,
                   lambda: "it is still there")
        check_closed(flooder, stalled)


def test_a_plain_client_that_falls_behind_is_closed(start):
    """It can't be told what it has missed."""
    daemon = start(*TIGHT, *PATIENT)
    with Crowd() as crowd:
        check_closed(*stall(daemon, crowd, fields=PLAIN, query="?room=go"))


def test_clients_that_read_are_not_closed_over_a_burst(start):
    """A burst of four times the size of the room's log, which one thread reads for all."""
    daemon = start("--lines-per-second", "0", "--max-text-characters", "5000")
    lines = 1_000
    with Crowd() as crowd:
        readers = [crowd.add(Peer(daemon.port, fields=PLAIN)) for _ in range(50)]
        crowd.hear(lambda: all(reader.is_open for reader in readers))
        text = "x" * 4_096
        frames = [frame(TEXT, json.dumps({"username": "ann", "message": f"{number} {text}"}).encode())
                  for number in range(lines)]
        sender = threading.Thread(target=readers[0].send, args=frames)
        sender.start()
        crowd.hear(lambda: all(
            len(reader.events) == lines or reader.has_ended for reader in readers))
        sender.join()
        assert [reader.code for reader in readers] == [None] * len(readers)
        expected = list(range(1, lines + 1))
        assert all([event["seq"] for event in reader.events] == expected for reader in readers)
