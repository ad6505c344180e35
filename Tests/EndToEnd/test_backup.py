"""Backup, restore, export and import, while the daemon runs and while it is stopped."""

import base64
import csv
import hashlib
import html.parser
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest

from daemon import BINARY, PATIENCE, environment, run
from rich import numbers_of, texts_of
from test_identity import bearer, token
from test_store_failures import fill, small_disk  # noqa: F401

FREE = ("--lines-per-second", "0", "--cost-per-second", "1000000")
EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_UNAVAILABLE = 64, 65, 66, 69
EX_CANTCREAT, EX_IOERR, EX_NOPERM, READER_GONE = 73, 74, 77, 141

# Texts that a format could break.
TEXTS = ["hi", "a,b;\"c\"", "=1+1", "<b>&amp;</b>", "line\nfeed\r\n", "tab\t\x00\x1b[31m", "🦫 é é",
         "\u202eright to left", "  blank around  ", "'quoted'"]


def hubbub(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BINARY, *map(str, arguments)], env=environment(), capture_output=True, text=True,
        timeout=PATIENCE, **({"stdin": subprocess.DEVNULL} | options))


def done(*arguments, **options) -> str:
    """The output of a command that succeeds."""
    result = hubbub(*arguments, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout


def refused(status: int, *arguments) -> str:
    """The complaint of a command that fails: one line."""
    result = hubbub(*arguments)
    assert result.returncode == status, (result.returncode, result.stderr)
    assert result.stderr.startswith("hubbub: ") and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def records(data: Path, *rooms: str) -> list[dict]:
    return [json.loads(line)
            for line in done("export", *(rooms or ["--all"]), "--data", data).splitlines()]


def names(data: Path) -> set[str]:
    """The files of the store in a data directory."""
    return {each.name for each in data.iterdir()} - {"control", "token-secret", "address-secret"}


def lines_in(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return copy.execute("SELECT count(*) FROM line").fetchone()[0]


@pytest.fixture
def spoken(start, rich, tmp_path) -> Path:
    """The data of a stopped daemon, with the texts in two rooms."""
    daemon = start(*FREE, data=tmp_path / "data")
    ann = rich(daemon)
    for room in ["lobby", "other"]:
        ann.join(room, username="ann")
        for text in TEXTS:
            ann.post(text, room)
    daemon.stop()
    return tmp_path / "data"


# Backup and restore.

def test_a_backup_under_load_has_a_state_that_was(start, rich, tmp_path):
    daemon = start(*FREE)
    ann = rich(daemon)
    ann.join(username="ann")
    ended = threading.Event()

    def talk():
        while not ended.is_set():
            ann.post("x" * 1_500)

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        counts = []
        for number in range(4):
            copy = tmp_path / f"{number}.db"
            text = done("backup", copy, "--data", daemon.data)
            rooms, lines = map(int, re.search(r"(\d+) rooms, (\d+) lines", text).groups())
            assert rooms <= 1 and lines_in(copy) == lines
            assert copy.stat().st_mode & 0o777 == 0o600
            counts.append(lines)
        assert counts == sorted(counts)
    finally:
        ended.set()
        talking.join()
    assert not list(tmp_path.glob("*.partial*"))


def test_a_backup_goes_to_standard_output(spoken, tmp_path):
    result = subprocess.run(
        [BINARY, "backup", "-", "--data", spoken], env=environment(), capture_output=True,
        timeout=PATIENCE)
    assert result.returncode == 0, result.stderr
    (tmp_path / "copy.db").write_bytes(result.stdout)
    assert lines_in(tmp_path / "copy.db") == 2 * len(TEXTS)
    assert b"20 lines" in result.stderr


def test_what_a_backup_refuses(spoken, tmp_path):
    copy = tmp_path / "copy.db"
    done("backup", copy, "--data", spoken)
    before = copy.read_bytes()
    assert "--force" in refused(EX_CANTCREAT, "backup", copy, "--data", spoken)
    assert copy.read_bytes() == before
    done("backup", copy, "--data", spoken, "--force")
    nowhere = tmp_path / "no such" / "copy.db"
    assert str(nowhere) in refused(EX_CANTCREAT, "backup", nowhere, "--data", spoken)
    for name in ["hubbub.db", "moderation.db", "token-secret", "address-secret", "revocations"]:
        own = spoken / name
        assert str(own) in refused(EX_CANTCREAT, "backup", own, "--data", spoken, "--force")
    assert "no hubbub.db" in refused(EX_NOINPUT, "backup", tmp_path / "x", "--data", tmp_path)
    missing = tmp_path / "missing"
    assert "--data" in refused(EX_NOINPUT, "backup", tmp_path / "x", "--data", missing)
    assert not missing.exists()


def test_a_full_disk_leaves_no_backup(spoken, small_disk, tmp_path):  # noqa: F811
    fill(small_disk / "filler")
    line = refused(EX_IOERR, "backup", small_disk / "copy.db", "--data", spoken)
    assert "no space left" in line and str(small_disk / "copy.db") in line
    assert os.listdir(small_disk) == ["filler"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_user_is_told_that_this_is_the_owners(spoken):
    result = hubbub("backup", "/tmp/nobodys.db", "--data", spoken, user=65534, group=65534)
    assert result.returncode in (EX_NOPERM, EX_NOINPUT), result.stderr
    assert "owner" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of somebody else")
@pytest.mark.parametrize("command", ["restore", "import"])
def test_what_root_puts_in_place_is_the_daemons(spoken, tmp_path, command):
    done("backup", tmp_path / "copy.db", "--data", spoken)
    done("export", "--all", "--data", spoken, "--output", tmp_path / "all.ndjson")
    data = tmp_path / "theirs"
    data.mkdir(mode=0o700)
    os.chown(data, 65534, 65534)
    file = tmp_path / ("copy.db" if command == "restore" else "all.ndjson")
    done("token", "--sub", "ann", "--data", data)
    for _ in range(2):
        done(command, file, "--data", data)
        files = {each.name: each.stat().st_uid for each in data.iterdir()}
        assert {"hubbub.db", "token-secret"} <= set(files), files
        assert set(files.values()) == {65534}, files


def test_a_client_that_resumes_after_a_restore_is_told_what_is_lost(start, rich, tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    daemon = start(*FREE, data=data)
    ann, bob = rich(daemon), rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    bob.join()
    for number in range(1, 11):
        ann.post(f"line {number}")
    done("backup", copy, "--data", data)
    for number in range(11, 16):
        ann.post(f"line {number}")
    bob.lines(15)
    assert str(daemon.process.pid) in refused(EX_UNAVAILABLE, "restore", copy, "--data", data)
    daemon.stop()

    text = done("restore", copy, "--data", data)
    kept, = data.glob("hubbub.db.before-restore-*")
    assert str(kept) in text and lines_in(kept) == 15
    assert names(data) == {"hubbub.db", "hubbub.db-stamp", "lock", kept.name}

    daemon = start(*FREE, data=data)
    # A client that has seen all lines has missed none.
    bob = rich(daemon)
    joined = bob.join(after={"epoch": epoch, "seq": 15})
    assert joined["epoch"] != epoch and joined["epoch"] in text
    assert (joined["recovered"], joined["seq"]) == (True, 15)
    # One that has not is told which lines are lost.
    eve = rich(daemon)
    assert eve.join(after={"epoch": epoch, "seq": 8})["recovered"] is True
    assert texts_of(eve.lines(2)) == ["line 9", "line 10"]
    assert [(gap["from"], gap["to"]) for gap in [eve.expect("gap")]] == [(11, 15)]
    # A number isn't used twice.
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    assert ann.post("new")["seq"] == 16
    assert numbers_of(bob.lines(1)) == numbers_of(eve.lines(1)) == [16]


def test_a_restore_takes_back_no_deletion_setting_or_revocation(start, rich, tmp_path):
    """The backup has the lines alone. What else the directory has goes on as it was."""
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    owner = token(data, "--name", "Ann", "--role", "owner")
    daemon = start(*FREE, data=data)
    ann = rich(daemon, **bearer(owner))
    epoch = ann.ask(type="join", room="go", rev=0)["epoch"]
    for text in ["one", "a text that must be nowhere", "three"]:
        ann.post(text, "go")
    done("backup", copy, "--data", data)
    assert ann.ask(type="settings", room="go", slow_seconds=60)["rev"] == 1
    assert ann.ask(type="delete", room="go", seq=2)["rev"] == 2
    done("revoke", "--sub", "bob", "--data", data)
    daemon.stop()
    kept = {name: (data / name).read_bytes()
            for name in ["token-secret", "address-secret", "revocations"]}
    done("restore", copy, "--data", data)
    assert kept == {name: (data / name).read_bytes() for name in kept}

    daemon = start(*FREE, data=data)
    bob = rich(daemon, **bearer(owner))
    # The old epoch, and the changes up to the first one: the second comes as it came then.
    joined = bob.ask(type="join", room="go", rev=1, after={"epoch": epoch, "seq": 1})
    assert (joined["epoch"] != epoch, joined["rev"]) == (True, 2)
    assert joined["settings"]["slow_seconds"] == 60
    late = rich(daemon)
    late.ask(type="join", room="go", username="late", rev=0)
    lines = late.ask(type="history", room="go", before=4, limit=3)["messages"]
    assert [line["type"] for line in lines] == ["message", "deleted", "message"]
    daemon.stop()
    assert [line["seq"] for line in records(data, "go")] == [1, 3]


def test_a_restore_on_another_machine_begins_an_epoch(start, rich, tmp_path):
    copy = tmp_path / "copy.db"
    daemon = start(*FREE)
    ann = rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    for number in range(1, 11):
        ann.post(f"line {number}")
    done("backup", copy, "--data", daemon.data)
    for number in range(11, 16):
        ann.post(f"line {number}")
    done("restore", copy, "--data", tmp_path / "new" / "data")
    daemon = start(*FREE, data=tmp_path / "new" / "data")
    # What the numbers above the copy meant isn't known here.
    bob = rich(daemon)
    joined = bob.join(after={"epoch": epoch, "seq": 15})
    assert joined["epoch"] != epoch and joined["recovered"] is False
    assert texts_of(bob.lines(10)) == [f"line {number}" for number in range(1, 11)]
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    assert ann.post("new")["seq"] == 11
    # Those up to the copy mean what they meant.
    eve = rich(daemon)
    assert eve.join(after={"epoch": epoch, "seq": 10})["recovered"] is True
    assert texts_of(eve.lines(1)) == ["new"]


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + bytes(4080)])
def test_a_file_that_is_no_backup_is_refused(spoken, tmp_path, content):
    file = tmp_path / "odd.db"
    file.write_bytes(content)
    before = (spoken / "hubbub.db").read_bytes()
    assert str(file) in refused(EX_DATAERR, "restore", file, "--data", spoken)
    assert (spoken / "hubbub.db").read_bytes() == before
    assert names(spoken) == {"hubbub.db", "hubbub.db-stamp", "lock"}


@pytest.mark.parametrize("command", ["backup", "restore", "import"])
def test_a_killed_command_loses_nothing(start, rich, tmp_path, command):
    """It is killed at some moment, again and again. What was there is whole afterwards."""
    chance = random.Random(command)
    data, copy, records_file = tmp_path / "data", tmp_path / "copy.db", tmp_path / "lines.ndjson"
    records_file.write_text("".join(
        json.dumps({"room": "lobby", "time": "2026-11-01T00:00:00Z", "username": "ann",
                    "message": "x" * 1_000}) + "\n" for _ in range(3_000)))
    done("import", records_file, "--data", data)
    done("backup", copy, "--data", data)
    arguments = {
        "backup": ["backup", tmp_path / "killed.db", "--force"], "restore": ["restore", copy],
        "import": ["import", records_file]}[command]
    whole = 0
    for _ in range(12):
        process = subprocess.Popen(
            [BINARY, *map(str, arguments), "--data", str(data)], env=environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.wait(chance.random() * 0.4)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        whole += process.returncode == 0
        if (tmp_path / "killed.db").exists():
            assert lines_in(tmp_path / "killed.db") == 3_000
        lines = {int(row.split("\t")[1]) for row in
                 done("export", "--list", "--data", data).splitlines()}
        assert lines in [{3_000 * count} for count in range(1, 15)], lines
        if command != "import":
            assert lines == {3_000}
    daemon = start(data=data)
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    assert ann.post("next")["seq"] > 3_000


# Export and import.

def test_an_export_that_is_imported_is_the_same(start, rich, spoken, tmp_path):
    file = tmp_path / "all.ndjson"
    done("export", "--all", "--data", spoken, "--output", file)
    assert file.stat().st_mode & 0o777 == 0o600
    # It is what members get, to the byte.
    daemon = start(*FREE, data=spoken)
    bob = rich(daemon)
    bob.join(history=100)
    bob.lines(len(TEXTS))
    heard = [frame for frame in bob.frames if '"type":"message"' in frame]
    assert file.read_text().splitlines()[:len(TEXTS)] == heard
    daemon.stop()

    new = tmp_path / "new"
    assert "20 lines into 2 rooms" in done("import", file, "--data", new)
    assert done("export", "--all", "--data", new) == file.read_text()
    # Once more: the lines get the next numbers, and keep all else.
    with file.open() as again:
        done("import", "-", "--data", new, stdin=again)
    twice = records(new, "other")
    assert numbers_of(twice) == list(range(1, 2 * len(TEXTS) + 1))
    assert [line["message"] for line in twice] == TEXTS * 2
    daemon = start(*FREE, data=new)
    ann = rich(daemon)
    ann.join(username="ann", history=0)
    assert ann.post("next")["seq"] == 2 * len(TEXTS) + 1


def test_a_table_and_a_page_are_what_others_read(spoken):
    table = done("export", "lobby", "--data", spoken, "--format", "csv")
    result = subprocess.run(
        [BINARY, "export", "lobby", "--data", spoken, "--format", "csv"], env=environment(),
        capture_output=True, timeout=PATIENCE, check=True)
    table = result.stdout.decode()
    rows = list(csv.reader(io.StringIO(table.replace("\0", ""), newline="")))
    assert rows[0] == ["room", "seq", "time", "username", "message"]
    texts = [text.replace("\0", "") for text in TEXTS]
    assert [row[4] for row in rows[1:]] == ["'" + text if text[0] == "=" else text for text in texts]

    page = done("export", "lobby", "--data", spoken, "--format", "html")
    found, tags = [], set()

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.add(tag)
            found.append("") if tag == "p" else None
            assert not {"src", "onclick"} & {name for name, _ in attributes}

        def handle_data(self, text):
            if found and self.get_starttag_text().startswith("<p"):
                found[-1] += text

        def handle_endtag(self, tag):
            self.rawdata_end = tag

    Reader().feed(page)
    style = re.search("<style>(.*?)</style>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert not tags & {"script", "link", "img", "iframe"}
    assert [text.split("\n")[0] for text in found][:4] == [text.split("\n")[0] for text in TEXTS[:4]]
    assert "\x00" not in page and "\x1b" not in page


def test_a_part_of_a_room(spoken):
    def numbers(*arguments):
        text = done("export", "lobby", "--data", spoken, *arguments)
        return [json.loads(line)["seq"] for line in text.splitlines()]

    count = len(TEXTS)
    assert numbers("--from", "3", "--to", "5") == [3, 4, 5]
    assert numbers("--to", "2") == [1, 2]
    assert numbers("--from", "99") == []
    times = [line["time"] for line in records(spoken, "lobby")]
    assert numbers("--from", times[4])[-1] == count
    assert numbers("--to", times[-1]) == list(range(1, count + 1))
    assert numbers("--from", times[0][:10]) == list(range(1, count + 1))
    assert numbers("--to", "1999-12-31") == []
    assert "2026-01-31" in refused(EX_USAGE, "export", "lobby", "--from", "yesterday")


def test_the_list_of_rooms(spoken):
    assert done("export", "--list", "--data", spoken) == "lobby\t10\t1\t10\nother\t10\t1\t10\n"


def test_what_an_export_refuses(spoken, tmp_path):
    assert "--list" in refused(EX_NOINPUT, "export", "nobody", "--data", spoken)
    assert "--all" in refused(EX_USAGE, "export", "--data", spoken)
    assert "--all" in refused(EX_USAGE, "export", "lobby", "--all", "--data", spoken)
    assert "No Room" in refused(EX_USAGE, "export", "No Room", "--data", spoken)
    assert "ndjson" in refused(EX_USAGE, "export", "lobby", "--format", "xml", "--data", spoken)
    file = tmp_path / "there"
    file.write_text("mine")
    assert "--force" in refused(EX_CANTCREAT, "export", "lobby", "--output", file, "--data", spoken)
    assert file.read_text() == "mine"


def test_a_reader_that_goes_away_ends_an_export(start, tmp_path):
    many = tmp_path / "many.ndjson"
    many.write_text("".join(
        json.dumps({"room": "lobby", "time": "2026-11-01T00:00:00Z", "username": "ann",
                    "message": "x" * 100}) + "\n" for _ in range(5_000)))
    done("import", many, "--data", tmp_path / "data")
    process = subprocess.Popen(
        [BINARY, "export", "lobby", "--data", str(tmp_path / "data")], env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(PATIENCE) == READER_GONE
    process.stderr.close()
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [BINARY, "export", "lobby", "--data", str(tmp_path / "data")], env=environment(),
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
    assert result.returncode == EX_IOERR and "No space left" in result.stderr


def test_wrong_lines_are_named_and_none_is_stored(spoken, tmp_path):
    good = {"room": "lobby", "time": "2026-11-01T00:00:00Z", "username": "ann", "message": "hi"}
    wrong = [good, good | {"message": " "}, good | {"message": "x" * 2_001},
             good | {"username": "a" * 33}, good | {"username": "a\nb"}, good | {"room": "A"},
             good | {"time": "now"}, {"room": "lobby"}, [], good]
    file = tmp_path / "wrong.ndjson"
    file.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in wrong)
                     + b'{"room":"lobby\xff"}\n{"broken\n')
    before = done("export", "--all", "--data", spoken)
    for arguments in [[], ["--dry-run"]]:
        result = hubbub("import", file, "--data", spoken, *arguments)
        assert result.returncode == EX_DATAERR
        *faults, last = result.stderr.splitlines()
        numbers = [int(re.fullmatch(rf"hubbub: {file}:(\d+): .+", fault)[1]) for fault in faults]
        assert numbers == [*range(2, 10), 11, 12], result.stderr
        assert "10 of 12 lines" in last
    assert done("export", "--all", "--data", spoken) == before
    # Other limits, as for the daemon.
    file.write_text(json.dumps(good | {"message": "x" * 2_001}) + "\n")
    assert "1 lines are fit" in done(
        "import", file, "--data", spoken, "--dry-run", "--max-text-characters", "0")
    assert done("export", "--all", "--data", spoken) == before
    done("import", file, "--data", spoken, "--max-text-characters", "0", "--room", "archive")
    assert [line["room"] for line in records(spoken, "archive")] == ["archive"]


def test_an_import_needs_a_stopped_daemon(start, tmp_path):
    daemon = start()
    file = tmp_path / "lines"
    file.write_text("")
    assert str(daemon.process.pid) in refused(EX_UNAVAILABLE, "import", file, "--data", daemon.data)
    assert str(tmp_path / "x") in refused(EX_NOINPUT, "import", tmp_path / "x", "--data", tmp_path)
