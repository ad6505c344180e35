"""Changes of a room by moderators, and what is left of them after a crash."""

import json
import time

from daemon import run
from test_identity import bearer, token


def test_a_deleted_line_is_gone_for_everybody_and_from_every_file(start, rich, tmp_path):
    data = tmp_path / "own"
    arguments = ("--name", "Ann", "--role", "moderator")
    mod_token = token(data, *arguments)
    daemon = start(data=data)
    mod, guest = rich(daemon, **bearer(mod_token)), rich(daemon)
    assert mod.ask(type="join", room="go", rev=0)["rev"] == 0
    guest.join("go", username="guest")
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
    exported = run("export", "--data", str(data), "--room", "go").stdout
    assert [json.loads(line)["seq"] for line in exported.splitlines()] == [1, 3]
    deadline = time.monotonic() + 60
    while any(secret.encode() in file.read_bytes() for file in data.iterdir() if file.is_file()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
