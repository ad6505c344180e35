"""Changes of a room by moderators, and what is left of them after a crash."""

import json

import pytest

from daemon import run
from test_identity import bearer, token


def moderated(start, rich, tmp_path, *flags):
    """A daemon with a moderator and a guest in a room."""
    data = tmp_path / "own"
    mod_token = token(data, "--name", "Ann", "--role", "moderator")
    daemon = start(*flags, data=data)
    mod, guest = rich(daemon, **bearer(mod_token)), rich(daemon)
    assert mod.ask(type="join", room="go", rev=0)["rev"] == 0
    guest.join("go", username="guest")
    return daemon, data, mod_token, mod, guest


@pytest.mark.embedded
def test_a_deleted_line_is_gone_for_everybody_and_from_every_file(start, rich, tmp_path):
    daemon, data, mod_token, mod, guest = moderated(
        start, rich, tmp_path, "--undo-minutes", "0")
    secret = "a text that must be nowhere"
    for text in ["one", secret, "three"]:
        guest.post(text, room="go")
    mod.expect("message"), mod.expect("message"), mod.expect("message")
    assert guest.ask(type="delete", room="go", seq=1)["code"] == "forbidden"
    assert mod.ask(type="delete", room="go", seqs=[2])["rev"] == 1
    told = mod.expect("deleted")
    assert (told["rev"], told["seqs"]) == (1, [2])
    daemon.kill()

    daemon = start(data=data)
    late = rich(daemon)
    assert late.ask(type="join", room="go", username="late", rev=0)["rev"] == 1
    lines = late.ask(type="history", room="go", before=4, limit=3)["messages"]
    assert [line["type"] for line in lines] == ["message", "deleted", "message"]
    daemon.stop()
    exported = run("export", "go", "--data", str(data)).stdout
    assert [json.loads(line)["seq"] for line in exported.splitlines()] == [1, 3]
    for file in data.iterdir():
        assert not file.is_file() or secret.encode() not in file.read_bytes()


def test_settings_hold_at_once_and_after_a_crash(start, rich, tmp_path):
    daemon, data, mod_token, mod, guest = moderated(start, rich, tmp_path)
    assert guest.ask(type="settings", room="go", frozen=True)["code"] == "forbidden"
    assert mod.ask(type="settings", room="go", slow_seconds=60, pinned=7)["rev"] == 1
    assert mod.expect("room")["settings"]["slow_seconds"] == 60
    assert guest.ask(type="message", room="go", message="one")["seq"] == 1
    refused = guest.ask(type="message", room="go", message="two")
    assert refused["code"] == "slow_mode" and 0 < refused["retry_after_ms"] <= 60_000
    assert mod.ask(type="panic", room="go", on=True)["rev"] == 2
    assert guest.ask(type="message", room="go", message="two")["code"] == "members_only"
    daemon.kill()

    daemon = start(data=data)
    late = rich(daemon)
    settings = late.ask(type="join", room="go", username="late")["settings"]
    assert (settings["slow_seconds"], settings["pinned"], settings["panicking"]) == (30, 7, True)
    assert late.ask(type="message", room="go", message="hi")["code"] == "members_only"
    mod = rich(daemon, **bearer(mod_token))
    assert mod.ask(type="panic", room="go", on=False)["rev"] == 3
    assert late.ask(type="message", room="go", message="hi")["seq"] == 2


def test_lines_that_wait_survive_a_crash_and_are_said_when_their_time_has_come(
        start, rich, tmp_path):
    daemon, data, mod_token, mod, guest = moderated(start, rich, tmp_path)
    assert mod.ask(type="settings", room="go", hold_seconds=600)["rev"] == 1
    line = {"type": "message", "room": "go", "message": "one", "id": "k1"}
    guest.send(**line)
    held = guest.expect("ack")["held"]
    assert (mod.expect("held")["held"], guest.send(**line)) == (held, None)
    assert guest.expect("ack")["held"] == held
    bad = guest.ask(type="message", room="go", message="never said")["held"]
    assert mod.ask(type="reject", room="go", held=bad)["rev"] == 2
    assert guest.expect("rejected")["held"] == bad
    daemon.kill()

    daemon = start(data=data)
    mod, guest = rich(daemon, **bearer(mod_token)), rich(daemon)
    mod.ask(type="join", room="go", rev=0)
    assert mod.expect("held")["message"] == "one"
    guest.join("go", username="guest")
    guest.send(**line)
    assert guest.expect("ack")["held"] == held
    assert mod.ask(type="settings", room="go", hold_seconds=1)["rev"] == 3
    assert (guest.expect("message")["message"], mod.expect("released")["seq"]) == ("one", 1)
    daemon.kill()

    daemon = start(data=data)
    guest = rich(daemon)
    guest.join("go", username="guest")
    guest.send(**line)
    assert guest.expect("ack")["seq"] == 1
    lines = guest.ask(type="history", room="go", before=9, limit=9)["messages"]
    assert [line["message"] for line in lines] == ["one"]
