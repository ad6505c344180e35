"""Purges and undo, and what is left of texts in files."""

import time

import pytest

from daemon import run
from test_identity import bearer, token

FREE = ("--lines-per-second", "0")


def texts(client, room="go"):
    lines = client.ask(type="history", room=room, before=1_000, limit=200)["messages"]
    return [line["message"] for line in lines if line["type"] == "message"]


def holders(data, secret: bytes) -> set:
    return {file.name for file in data.iterdir() if file.is_file() and secret in file.read_bytes()}


def test_undo_brings_every_line_back_and_then_no_file_has_them(start, rich, tmp_path, storage):
    data = tmp_path / "own"
    mod_token = token(data, "--name", "Mod", "--role", "moderator")
    daemon = start(*FREE, *storage, "--undo-minutes", "0.1", data=data)
    mod, guest = rich(daemon, **bearer(mod_token)), rich(daemon)
    mod.ask(type="join", room="go", rev=0)
    guest.join("go", username="eve")
    said = [f"line {number} of a raid \x07 é\0" for number in range(60)]
    for text in said:
        guest.post(text, room="go")
    assert mod.ask(type="purge", room="go", username="EVE")["rev"] == 1
    purged = mod.expect("purged")
    assert (purged["seqs"], purged["count"]) == ([[1, 60]], 60)
    assert texts(guest) == []
    assert mod.ask(type="undo", room="go", rev=1)["rev"] == 2
    assert mod.expect("restored")["seqs"] == [[1, 60]]
    assert texts(guest) == said
    assert mod.ask(type="purge", room="go", **{"from": 1})["rev"] == 3
    assert holders(data, b"of a raid") & {"moderation.db", "moderation.db-wal"}
    log = mod.ask(type="modlog", room="go")["entries"]
    assert [entry["action"] for entry in log] == ["purge", "undo", "purge"]
    assert (log[2]["username"], log[2]["count"], log[2]["undone"]) == ("eve", 60, 2)
    deadline = time.monotonic() + 60
    while holders(data, b"of a raid") and time.monotonic() < deadline:
        guest.post("on", room="go")
    assert holders(data, b"of a raid") == set()
    assert mod.ask(type="undo", room="go", rev=3)["code"] == "undo_expired"


@pytest.mark.embedded
def test_a_ban_with_its_lines_is_undone_after_a_crash(start, rich, tmp_path):
    data = tmp_path / "own"
    mod_token = token(data, "--name", "Mod", "--role", "moderator")
    daemon = start(*FREE, data=data)
    mod, guest = rich(daemon, **bearer(mod_token)), rich(daemon)
    mod.ask(type="join", room="go", rev=0)
    guest.join("go", username="eve")
    for text in ("one", "two"):
        guest.post(text, room="go")
    assert mod.ask(type="ban", room="go", by_line=1, purge=True)["rev"] == 1
    assert mod.expect("purged")["seqs"] == [[1, 2]]
    daemon.kill()

    daemon = start(*FREE, data=data)
    mod = rich(daemon, **bearer(mod_token))
    mod.ask(type="join", room="go", rev=0)
    assert texts(mod) == []
    assert mod.ask(type="undo", room="go", rev=1)["rev"] == 2
    restored = mod.expect("restored")
    assert [line["message"] for line in restored["messages"]] == ["one", "two"]
    assert texts(mod) == ["one", "two"]
    assert rich(daemon).ask(type="join", room="go", username="eve")["type"] == "joined"
    daemon.stop()
    exported = run("export", "go", "--data", str(data)).stdout
    assert exported.count("\n") == 2
