"""Bans and timeouts, in the daemon and after a crash, with a history and without one."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from daemon import run
from test_identity import bearer, token

PROXIED = ("--trusted-proxies", "127.0.0.1")


def named(address: str) -> dict:
    """A connection that a trusted proxy passes on."""
    return {"additional_headers": {"X-Forwarded-For": address}}


def closed(client) -> tuple:
    """The code and reason of the close, after everything else."""
    with pytest.raises(ConnectionClosed) as caught:
        while True:
            client.hear()
    return caught.value.rcvd.code, caught.value.rcvd.reason


def test_a_ban_survives_a_crash_and_so_does_its_end(start, rich, tmp_path, storage):
    data = tmp_path / "own"
    mod_token = token(data, "--name", "Mod", "--role", "moderator")
    bad = run("token", "--data", str(data), "--sub", "bad", "--name", "Bad").stdout.strip()
    daemon = start(*storage, data=data)
    mod, user = rich(daemon, **bearer(mod_token)), rich(daemon, **bearer(bad))
    mod.ask(type="join", room="go", rev=0)
    user.join("go")
    fields = {"room": "go", "user": "bad", "reason": "spam", "id": "once"}
    assert mod.ask(type="ban", **fields)["rev"] == 1
    left = user.expect("left")
    assert (left["code"], left["reason"]) == ("banned", "You are banned: spam")
    assert closed(user) == (3003, "You are banned: spam")
    assert mod.ask(type="settings", room="go", slow_seconds=7)["rev"] == 2
    daemon.kill()

    daemon = start(*storage, data=data)
    user = rich(daemon, **bearer(bad))
    assert user.ask(type="join", room="go")["code"] == "banned"
    assert user.ask(type="join", room="other")["type"] == "joined"
    mod = rich(daemon, **bearer(mod_token))
    joined = mod.ask(type="join", room="go", rev=0)
    assert (joined["rev"], joined["settings"]["slow_seconds"]) == (2, 7)
    # The same command again changes nothing.
    assert mod.ask(type="ban", **fields)["rev"] == 1
    ban, = mod.ask(type="bans", room="go")["bans"]
    assert (ban["rev"], ban["user"], ban["by"], ban["reason"]) == (1, "bad", "ann", "spam")
    assert mod.ask(type="unban", room="go", user="bad")["rev"] == 3
    daemon.kill()

    daemon = start(*storage, data=data)
    assert rich(daemon, **bearer(bad)).ask(type="join", room="go")["type"] == "joined"


def test_a_guest_is_known_by_its_line_after_a_restart(start, rich, tmp_path):
    data = tmp_path / "own"
    mod_token = token(data, "--role", "moderator", "--name", "Mod")
    daemon = start(*PROXIED, data=data)
    eve = rich(daemon, **named("198.51.100.7"))
    eve.join("go", username="eve")
    eve.post("spam", room="go")
    daemon.kill()

    daemon = start(*PROXIED, data=data)
    mod = rich(daemon, **bearer(mod_token))
    mod.ask(type="join", room="go", rev=0)
    dan, away = rich(daemon, **named("198.51.100.7")), rich(daemon, **named("198.51.100.8"))
    dan.join("go", username="dan")
    away.join("go", username="eve")
    ack = mod.ask(type="ban", room="go", by_line=1, scope="address")
    assert ack["connections"] == 1
    assert closed(dan)[0] == 3003
    assert away.post("hi", room="go")["seq"] == 2
    # Nobody is shown an address, not even in a file.
    assert "198.51" not in json.dumps(mod.ask(type="bans", room="go"))
    daemon.stop()
    for file in data.iterdir():
        assert not file.is_file() or b"198.51" not in file.read_bytes()


@pytest.mark.embedded
def test_a_restored_backup_brings_nobody_back(start, rich, tmp_path):
    data, copy = tmp_path / "own", tmp_path / "copy.db"
    mod_token = token(data, "--role", "owner", "--name", "Boss")
    daemon = start(data=data)
    guest = rich(daemon)
    guest.join("go", username="eve")
    guest.post("one", room="go")
    assert run("backup", str(copy), "--data", str(data)).returncode == 0
    boss = rich(daemon, **bearer(mod_token))
    boss.ask(type="join", room="go", rev=0)
    assert boss.ask(type="ban", room="*", username="eve")["rev"] == 1
    assert closed(guest)[0] == 3003
    daemon.stop()
    restored = run("restore", str(copy), "--data", str(data))
    assert restored.returncode == 0, restored.stderr
    daemon = start(data=data)
    assert rich(daemon).ask(type="join", room="go", username="Eve")["code"] == "banned"
