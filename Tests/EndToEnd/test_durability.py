"""Seen is kept: what a client heard or had acknowledged outlives each end of the daemon."""

import random
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chat import hear, say
from crowd import Crowd
from daemon import PATIENCE, run
from ledger import ROOMS, Guest, Ledger, PlainGuest, Speaker
from rich import fresh_id, numbers_of, texts_of
from siege import COMPLAINT, eventually

FREE = ("--lines-per-second", "0")
EX_UNAVAILABLE = 69


# The daemon ends in the middle of all.

class Lives:
    """Lives of one daemon, and clients who resume in each where they were in the last one."""

    def __init__(self, start, rich, data: Path, *arguments: str):
        self._start, self._rich, self._data, self._arguments = start, rich, data, arguments
        self.ledger = Ledger()
        self.speakers = [Speaker(f"speaker-{number}", ROOMS[number % 2]) for number in range(4)]
        # Up to where each of the speakers and of three listeners has heard each room.
        self._heard: list[dict[str, int]] = [{} for _ in range(7)]

    def live(self, lines: int, end: int):
        """Speaks, and ends the daemon by a signal when so many more lines were acknowledged."""
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
        """What nobody acknowledged is sent again, and all is looked through."""
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
def test_seen_is_kept(start, rich, tmp_path, durability, number, rounds):
    chance = random.Random(f"{durability} {number}")
    lives = Lives(start, rich, tmp_path / "data", "--durability", durability)
    for _ in range(rounds):
        lives.live(chance.randrange(20, 300), number)
    lives.settle()
    assert len(lives.ledger.acks) >= 20 * rounds


def test_an_id_is_known_after_a_kill(start, rich, tmp_path):
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


def test_what_is_acknowledged_is_in_the_file(start, rich):
    daemon = start()
    ann = rich(daemon)
    ann.join(username="ann")
    for number in range(1, 6):
        ann.post(f"line {number}")
        with closing(sqlite3.connect(f"file:{database(daemon.data)}?mode=ro", uri=True)) as file:
            dump = "\n".join(file.iterdump())
        assert f"line {number}" in dump


def test_a_restart_is_a_resume(start, rich, tmp_path):
    """No line is lost to whoever comes back, and `welcome` says that it is so."""
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

def database(data: Path) -> Path:
    """The one SQLite file in a data directory."""
    file, = (each for each in data.rglob("*")
             if each.is_file() and each.read_bytes()[:15] == b"SQLite format 3")
    return file


def test_a_second_daemon_on_the_same_directory_is_refused(start, rich):
    daemon = start()
    result = run("serve", "--port", "0", "--data", str(daemon.data))
    assert result.returncode == EX_UNAVAILABLE
    assert len(result.stderr.splitlines()) == 1 and str(daemon.data) in result.stderr
    ann = rich(daemon)
    ann.join(username="ann")
    assert ann.post("unharmed")["seq"] == 1
    daemon.kill()
    # The lock of who was killed binds nobody.
    ann = rich(start(data=daemon.data))
    assert ann.join()["seq"] == 1


def test_without_history_nothing_is_kept(start, rich, tmp_path):
    data = tmp_path / "data"
    daemon = start("--history", "none", data=data)
    ann, bob = rich(daemon), rich(daemon)
    assert ann.welcome["durable"] is False
    epoch = ann.join(username="ann")["epoch"]
    ann.post("one"), ann.post("two")
    assert bob.join(after={"epoch": epoch, "seq": 1})["recovered"] is True
    assert texts_of([bob.line()]) == ["two"]
    assert sum(each.stat().st_size for each in data.rglob("*") if each.is_file()) == 0
    daemon.stop()
    ann = rich(start("--history", "none", data=data))
    joined = ann.join(after={"epoch": epoch, "seq": 1}, username="ann")
    assert joined["recovered"] is False and joined["epoch"] != epoch and joined["seq"] == 0
    assert ann.post("three")["seq"] == 1
    assert texts_of([ann.line()]) == ["three"]


def test_without_history_an_empty_room_begins_anew(start, rich):
    daemon = start("--history", "none")
    ann, bob = rich(daemon), rich(daemon)
    bob.join("stay")
    epoch = ann.join("go", username="ann")["epoch"]
    ann.post("one", "go")
    ann.leave("go")
    joined = bob.join("go", after={"epoch": epoch, "seq": 1})
    assert (joined["recovered"], joined["seq"]) == (False, 0) and joined["epoch"] != epoch


def test_a_setting_of_history_that_is_none_is_named():
    result = run("serve", "--history", "some", "--data", "/dev/null/nowhere")
    assert result.returncode == 64 and "--history some" in result.stderr


def test_old_lines_are_given_up(start, rich, tmp_path):
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


# A store that fails.

def readiness(daemon) -> int:
    try:
        with urllib.request.urlopen(daemon.url("/readyz"), timeout=PATIENCE) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def complaints(daemon) -> list[str]:
    return list(filter(COMPLAINT.match, daemon.lines))


@contextmanager
def privileged(*command: str, undo: tuple[str, ...]):
    """Runs a command that needs privileges, and one that takes it back."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{command[0]} is not permitted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(undo, capture_output=True)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 16 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with privileged("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk),
                    undo=("umount", "-l", str(disk))):
        yield disk


def fill(file: Path):
    """Takes all that is left of the disk."""
    with file.open("wb", buffering=0) as hole:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while hole.write(bytes(size)):
                    pass
            except OSError:
                pass


def test_on_a_full_disk_senders_are_told_and_readers_go_on(small_disk, start, rich, join):
    daemon = start(*FREE, data=small_disk / "data")
    ann, bob, plain = rich(daemon), rich(daemon), join(daemon, "?room=go")
    epoch = ann.join("go", username="ann")["epoch"]
    ann.join("other")
    for number in range(100):
        ann.post(f"before {number}", "go")
    assert readiness(daemon) == 200
    fill(small_disk / "hole")
    # What was set aside for the log of the database may take some lines yet.
    for number in range(4_000):
        id = fresh_id()
        text = f"{number} ".ljust(2_000, "x")
        reply = ann.ask(type="message", room="go", message=text, id=id)
        if reply["type"] == "error":
            break
    assert (reply["type"], reply["code"]) == ("error", "store_unavailable")
    assert reply["retry_after_ms"] > 0
    last = 100 + number
    eventually(lambda: readiness(daemon) == 503, lambda: readiness(daemon))
    # Nobody pretends, however often and in whatever dialect it is tried.
    for _ in range(50):
        again = ann.ask(type="message", room="go", message=text, id=id)
        assert (again["type"], again["code"]) == ("error", "store_unavailable")
    say(plain, "y" * 2_000, "plain")
    while (event := hear(plain))["type"] == "message":
        assert event["seq"] <= last
    assert event["code"] == "store_unavailable"
    # Who reads is served from memory and from the disk.
    joined = bob.join("go", after={"epoch": epoch, "seq": 10})
    assert joined["recovered"] is True and joined["seq"] == last
    assert numbers_of(bob.lines(last - 10)) == list(range(11, last + 1))
    assert numbers_of(bob.page(11, 10, "go")["messages"]) == list(range(1, 11))
    assert bob.join("other")["members"] == 2
    assert ann.members("other")["count"] == 2
    # Why is said once.
    said = complaints(daemon)
    assert len(said) == 1 and re.search("full|space", said[0], re.IGNORECASE), said
    (small_disk / "hole").unlink()
    eventually(lambda: readiness(daemon) == 200, lambda: complaints(daemon))
    while (reply := ann.ask(type="message", room="go", message=text, id=id))["type"] == "error":
        assert reply["code"] == "store_unavailable"
    assert reply["seq"] == last + 1
    assert ann.post("after", "go")["seq"] == last + 2
    assert numbers_of(bob.lines(2)) == [last + 1, last + 2]
    history = bob.scroll(last + 3, "go")
    assert numbers_of(history) == list(range(1, last + 3))
    assert texts_of(history)[-2:] == [text, "after"]
    # The database is whole.
    daemon.stop()
    with closing(sqlite3.connect(database(daemon.data))) as file:
        assert file.execute("pragma integrity_check").fetchall() == [("ok",)]


def seed(start, data: Path, rich) -> tuple[str, list[dict]]:
    """A daemon's life in which three lines were said: the epoch, and the lines."""
    daemon = start(data=data)
    ann = rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    for text in ("one", "two", "three"):
        ann.post(text)
    lines = ann.lines(3)
    daemon.stop()
    return epoch, lines


@pytest.fixture
def unwritable(start, rich, tmp_path):
    """A daemon whose database can't be written; the epoch and the lines in it; a remedy."""
    epoch, lines = seed(start, tmp_path / "data", rich)
    file = str(database(tmp_path / "data"))
    with privileged("chattr", "+i", file, undo=("chattr", "-i", file)):
        yield start(data=tmp_path / "data"), epoch, lines, lambda: subprocess.run(
            ["chattr", "-i", file], check=True)


def test_with_a_database_that_is_read_only_it_recovers_by_itself(unwritable, rich, join):
    daemon, epoch, lines, remedy = unwritable
    plain = join(daemon)
    eventually(lambda: readiness(daemon) == 503, lambda: readiness(daemon))
    for _ in range(30):
        say(plain, "hi", "plain")
        refused = hear(plain)
        assert refused["code"] == "store_unavailable" and refused["retry_after_ms"] > 0
    assert len(complaints(daemon)) == 1, complaints(daemon)
    remedy()
    eventually(lambda: readiness(daemon) == 200, lambda: complaints(daemon))
    ann = rich(daemon)
    joined = ann.join(after={"epoch": epoch, "seq": 1}, username="ann")
    assert (joined["recovered"], joined["epoch"], joined["seq"]) == (True, epoch, 3)
    assert ann.lines(2) == lines[1:]
    assert ann.post("again")["seq"] == hear(plain)["seq"] == 4
    assert len(complaints(daemon)) == 1, complaints(daemon)


def test_a_database_that_is_read_only_is_read(unwritable, rich):
    daemon, epoch, lines, _ = unwritable
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann")
    assert ann.lines(3) == lines
    assert ann.page(3, 2)["messages"] == lines[:2]
    assert bob.join(after={"epoch": epoch, "seq": 1})["recovered"] is True
    assert bob.lines(2) == lines[1:]
    refused = ann.ask(type="message", room="lobby", message="hi")
    assert (refused["type"], refused["code"]) == ("error", "store_unavailable")
    assert bob.members()["count"] == 2


@pytest.mark.parametrize("keep", [0, 100, 4_096], ids=["all", "behind the header", "page 2"])
def test_a_database_of_garbage_is_kept_aside(start, rich, tmp_path, keep):
    data = tmp_path / "data"
    epoch, _ = seed(start, data, rich)
    file = database(data)
    garbage = random.Random(keep).randbytes(max(file.stat().st_size - keep, 8_192))
    with file.open("r+b") as written:
        written.seek(keep)
        written.write(garbage)
    content = file.read_bytes()
    before = set(data.rglob("*"))
    daemon = start(data=data)
    ann = rich(daemon)
    joined = ann.join(after={"epoch": epoch, "seq": 1}, username="ann")
    assert (joined["recovered"], joined["seq"]) == (False, 0) and joined["epoch"] != epoch
    assert ann.post("a new life")["seq"] == 1
    assert readiness(daemon) == 200
    aside, = (each for each in set(data.rglob("*")) - before
              if each.is_file() and each.stat().st_size == len(content))
    assert aside.read_bytes() == content
    said, = complaints(daemon)
    assert str(file) in said and aside.name in said
    daemon.stop()
    ann = rich(start(data=data))
    assert ann.join()["epoch"] == joined["epoch"]
    assert texts_of([ann.line()]) == ["a new life"]
