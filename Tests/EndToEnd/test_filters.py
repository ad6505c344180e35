"""Filters of lines, in the daemon and after a crash, with a history and without one."""

from test_identity import bearer, token


def block(*terms: str) -> list:
    return [{"term": term, "action": "block"} for term in terms]


def test_terms_survive_a_crash_and_can_be_undone_then(start, rich, tmp_path, storage):
    data = tmp_path / "own"
    own = token(data, "--role", "owner", "--name", "Own")
    daemon = start(*storage, data=data)
    owner = rich(daemon, **bearer(own))
    owner.ask(type="join", room="go", rev=0)
    fields = {"room": "go", "add": block("buy gold", "/b[a4]d/"), "id": "once"}
    assert owner.ask(type="terms", **fields)["rev"] == 1
    assert owner.ask(type="terms", room="*", add=block("scam"))["rev"] == 1
    daemon.kill()

    daemon = start(*storage, data=data)
    owner, eve = rich(daemon, **bearer(own)), rich(daemon)
    eve.join("go", username="eve")
    for text in ("Buy\u200b GOLD!", "b4d", "sc\u0430m"):
        assert eve.ask(type="message", room="go", message=text)["code"] == "term_blocked"
    assert eve.ask(type="message", room="go", message="scampi")["type"] == "ack"
    assert eve.ask(type="join", room="other", username="scam")["code"] == "invalid_username"
    # The same command again changes nothing.
    assert owner.ask(type="terms", **fields)["rev"] == 1
    listed = owner.ask(type="terms", room="go", limit=1)
    assert (listed["terms"], listed["more"]) == (block("/b[a4]d/"), True)
    assert owner.ask(type="undo", room="go", rev=1)["rev"] == 2
    assert eve.ask(type="message", room="go", message="buy gold, b4d")["type"] == "ack"
