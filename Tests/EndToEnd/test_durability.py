"""A line that a client received or had acknowledged survives each end of the daemon."""

import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crowd import Crowd
from daemon import database, run
from ledger import ROOMS, Guest, Ledger, PlainGuest, Speaker
from rich import texts_of
from siege import eventually

FREE = ("--lines-per-second", "0")
EX_UNAVAILABLE = 69


class Lives:
    """Runs of one daemon, with clients that resume in each where they were in the one before."""

    def __init__(self, start, rich, data: Path, *arguments: str):
        self._start, self._rich, self._data, self._arguments = start, rich, data, arguments
        self.ledger = Ledger()
        self.speakers = [Speaker(f"speaker-{number}", ROOMS[number % 2]) for number in range(4)]
        # The last line that each of the speakers and three listeners has got in each room.
        self._heard: list[dict[str, int]] = [{} for _ in range(7)]

    def live(self, lines: int, end: int):
        """Sends lines, and ends the daemon by a signal when this many more were acknowledged."""
        daemon = self._start(*FREE, *self._arguments, data=self._data)
        self._audit(daemon)
        with Crowd() as crowd:
            self._gather(daemon, crowd, is_speaking=True)
            wanted = len(self.ledger.acks) + lines
            crowd.hear(lambda: len(self.ledger.acks) >= wanted)
            daemon.signal(end)
            crowd.hear_out()
        assert daemon.wait() == (0 if end == signal.SIGTERM else -end)

    def settle(self):
        """Sends unacknowledged lines again, and checks everything."""
        daemon = self._start(*FREE, *self._arguments, data=self._data)
        with Crowd() as crowd:
            guests = self._gather(daemon, crowd, is_speaking=False)
            crowd.hear(lambda: not any(each.unanswered for each in self.speakers))
            crowd.hear(lambda: all(
                guest.last.get(room) == self.ledger.last[room]
                for guest in guests for room in ROOMS))
        histories = self._audit(daemon)
        for speaker in self.speakers:
            said = [each for each in texts_of(histories[speaker.room])
                    if each.startswith(f"{speaker.name} ")]
            # All of them, each once, in the order in which they were said.
            assert said == [f"{speaker.name} {number}" for number in range(1, len(said) + 1)]
            assert speaker.next() and speaker.unanswered.pop() == f"{speaker.name} {len(said) + 1}"

    def _gather(self, daemon, crowd: Crowd, is_speaking: bool) -> list[Guest]:
        for room in ROOMS:
            crowd.add(PlainGuest(daemon.port, self.ledger, room))
        speakers = [*self.speakers, *[None] * 3]
        return [
            crowd.add(Guest(daemon.port, self.ledger, heard, speaker, is_speaking))
            for heard, speaker in zip(self._heard, speakers)]

    def _audit(self, daemon) -> dict[str, list[dict]]:
        """The whole history of each room."""
        client = self._rich(daemon)
        histories = {}
        for room in ROOMS:
            joined = client.join(room, history=0)
            self.ledger.joined(joined)
            assert joined["seq"] >= self.ledger.last[room], joined
            histories[room] = client.scroll(joined["seq"] + 1, room)
            self.ledger.check(room, histories[room])
        client.client.close()
        return histories


@pytest.mark.parametrize("durability, number, rounds", [
    ("process", signal.SIGKILL, 22), ("power", signal.SIGKILL, 4), ("process", signal.SIGTERM, 5)])
def test_lines_that_clients_have_seen_are_kept(start, rich, tmp_path, durability, number, rounds):
    chance = random.Random(f"{durability} {number}")
    lives = Lives(start, rich, tmp_path / "data", "--durability", durability)
    for _ in range(rounds):
        lives.live(chance.randrange(20, 300), number)
    lives.settle()
    assert len(lives.ledger.acks) >= 20 * rounds


def test_an_id_is_recognised_after_a_kill(start, rich, tmp_path):
    daemon = start(data=tmp_path / "data")
    ann = rich(daemon)
    ann.join(username="ann")
    first = ann.post("hi", id="once")
    daemon.kill()
    daemon = start(data=tmp_path / "data")
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    assert ann.post("hi", id="once") == first
    assert ann.ask(type="message", room="lobby", message="ho", id="once")["code"] == "id_reused"
    assert ann.post("next")["seq"] == 2


def test_an_acknowledged_line_is_in_the_file(start, rich):
    daemon = start()
    ann = rich(daemon)
    ann.join(username="ann")
    for number in range(1, 6):
        ann.post(f"line {number}")
        with closing(sqlite3.connect(f"file:{database(daemon.data)}?mode=ro", uri=True)) as file:
            dump = "\n".join(file.iterdump())
        assert f"line {number}" in dump


def test_clients_resume_after_a_restart(start, rich, tmp_path):
    """A client that comes back loses no line, and `welcome` says that lines are durable."""
    daemon = start(data=tmp_path / "data")
    ann = rich(daemon)
    assert ann.welcome["durable"] is True
    epoch = ann.join(username="ann")["epoch"]
    ann.post("one"), ann.post("two")
    said = ann.lines(2)
    daemon.stop()
    daemon = start(data=tmp_path / "data")
    ann, bob = rich(daemon), rich(daemon)
    assert ann.join(username="ann", after={"epoch": epoch, "seq": 1})["recovered"] is True
    assert ann.line() == said[1]
    bob.join()
    assert bob.lines(2) == said
    assert ann.post("three")["seq"] == 3


# The data directory.

def test_a_second_daemon_on_the_same_directory_is_refused(start, rich):
    daemon = start()
    result = run("serve", "--port", "0", "--data", str(daemon.data))
    assert result.returncode == EX_UNAVAILABLE
    assert len(result.stderr.splitlines()) == 1 and str(daemon.data) in result.stderr
    ann = rich(daemon)
    ann.join(username="ann")
    assert ann.post("unharmed")["seq"] == 1
    daemon.kill()
    # The lock of a killed process has no effect.
    ann = rich(start(data=daemon.data))
    assert ann.join()["seq"] == 1


def test_without_history_nothing_is_kept(start, rich, tmp_path):
    data = tmp_path / "data"
    daemon = start("--history", "none", data=data)
    ann, bob = rich(daemon), rich(daemon)
    assert ann.welcome["durable"] is False
    epoch = ann.join(username="ann")["epoch"]
    ann.post("one"), ann.post("in no file")
    assert bob.join(after={"epoch": epoch, "seq": 1})["recovered"] is True
    assert texts_of([bob.line()]) == ["in no file"]
    files = [each for each in data.rglob("*") if each.is_file()]
    assert {each.name for each in files if each.stat().st_size > 0} == {
        "lock", "token-secret", "address-secret"}
    assert not any(b"in no file" in each.read_bytes() for each in files)
    daemon.stop()
    ann = rich(start("--history", "none", data=data))
    joined = ann.join(after={"epoch": epoch, "seq": 1}, username="ann")
    assert joined["recovered"] is False and joined["epoch"] != epoch and joined["seq"] == 0
    assert ann.post("three")["seq"] == 1
    assert texts_of([ann.line()]) == ["three"]


def test_without_history_an_empty_room_starts_over(start, rich):
    daemon = start("--history", "none")
    ann, bob = rich(daemon), rich(daemon)
    bob.join("stay")
    epoch = ann.join("go", username="ann")["epoch"]
    ann.post("one", "go")
    ann.leave("go")
    joined = bob.join("go", after={"epoch": epoch, "seq": 1})
    assert (joined["recovered"], joined["seq"]) == (False, 0) and joined["epoch"] != epoch


def test_an_invalid_history_setting_is_named():
    result = run("serve", "--history", "some", "--data", "/dev/null/nowhere")
    assert result.returncode == 64 and "--history some" in result.stderr


def test_old_lines_are_deleted(start, rich, tmp_path):
    daemon = start(*FREE, "--retain-lines", "0", data=tmp_path / "data")
    ann = rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    for number in range(1, 301):
        ann.send(type="message", room="lobby", message=str(number))
    said = ann.lines(300)
    daemon.stop()
    daemon = start(*FREE, "--retain-lines", "100", data=tmp_path / "data")
    ann = rich(daemon)
    ann.join(history=0)
    eventually(lambda: ann.page(200, 1)["messages"] == [], lambda: ann.page(200, 1))
    page = ann.page(301, 200)
    assert page["messages"] == said[200:] and page["more"] is False
    bob = rich(daemon)
    assert bob.join(after={"epoch": epoch, "seq": 100})["recovered"] is False
    assert bob.lines(50) == said[250:]
    assert ann.post("more", username="ann")["seq"] == 301
