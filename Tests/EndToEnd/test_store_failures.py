"""A store that fails: senders are told, readers aren't affected, and it recovers with the disk."""

import random
import re
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chat import hear, say
from daemon import PATIENCE, database
from rich import fresh_id, numbers_of, texts_of
from siege import COMPLAINT, eventually

FREE = ("--lines-per-second", "0")


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
    """Runs a command that needs privileges, and later one that undoes it."""
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
    """Uses up the rest of the disk."""
    with file.open("wb", buffering=0) as hole:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while hole.write(bytes(size)):
                    pass
            except OSError:
                pass


def test_on_a_full_disk_senders_are_told_and_readers_continue(small_disk, start, rich, join):
    daemon = start(*FREE, data=small_disk / "data")
    ann, bob, plain = rich(daemon), rich(daemon), join(daemon, "?room=go")
    epoch = ann.join("go", username="ann")["epoch"]
    ann.join("other")
    for number in range(100):
        ann.post(f"before {number}", "go")
    assert readiness(daemon) == 200
    fill(small_disk / "hole")
    # The space set aside for the database's log may still take some lines.
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
    # Each attempt is refused, in either dialect.
    for _ in range(50):
        again = ann.ask(type="message", room="go", message=text, id=id)
        assert (again["type"], again["code"]) == ("error", "store_unavailable")
    say(plain, "y" * 2_000, "plain")
    while (event := hear(plain))["type"] == "message":
        assert event["seq"] <= last
    assert event["code"] == "store_unavailable"
    # A reader is served from memory and from the disk.
    joined = bob.join("go", after={"epoch": epoch, "seq": 10})
    assert joined["recovered"] is True and joined["seq"] == last
    assert numbers_of(bob.lines(last - 10)) == list(range(11, last + 1))
    assert numbers_of(bob.page(11, 10, "go")["messages"]) == list(range(1, 11))
    assert bob.join("other")["members"] == 2
    assert ann.members("other")["count"] == 2
    # The reason is logged once.
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
    # The database is intact.
    daemon.stop()
    with closing(sqlite3.connect(database(daemon.data))) as file:
        assert file.execute("pragma integrity_check").fetchall() == [("ok",)]


def seed(start, data: Path, rich) -> tuple[str, list[dict]]:
    """A run of a daemon in which three lines were said: the epoch, and the lines."""
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
    """A daemon whose database can't be written, the epoch and the lines in it, and a remedy."""
    epoch, lines = seed(start, tmp_path / "data", rich)
    file = str(database(tmp_path / "data"))
    with privileged("chattr", "+i", file, undo=("chattr", "-i", file)):
        yield start(data=tmp_path / "data"), epoch, lines, lambda: subprocess.run(
            ["chattr", "-i", file], check=True)


def test_it_recovers_by_itself_from_a_read_only_database(unwritable, rich, join):
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


def test_a_read_only_database_is_read(unwritable, rich):
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
def test_a_corrupt_database_is_set_aside(start, rich, tmp_path, keep):
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
