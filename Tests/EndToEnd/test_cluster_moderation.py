"""What moderators and operators do on one node is in force on the others."""

import pytest
from websockets.exceptions import InvalidStatus

from daemon import run
from rich import fresh_id, texts_of
from siege import eventually
from test_bans import PROXIED, closed, named
from test_identity import asked, bearer, closing, token


@pytest.fixture
def pair(node, redis):
    """Two nodes. Behind trusted proxies, so that clients may have addresses."""
    return node(redis.url, flags=PROXIED), node(redis.url, flags=PROXIED)


def moderator(pair, rich, room: str = "go", on: int = 0, role: str = "moderator"):
    """A moderator in the room. Tokens of one node count on the other."""
    mod = rich(pair[on], **bearer(token(pair[1 - on].data, "--role", role, "--name", "Mod")))
    mod.ask(type="join", room=room, rev=0, history=0)
    return mod


def user(pair, rich, on: int, sub: str = "bad", room: str = "go"):
    made = run("token", "--data", str(pair[0].data), "--sub", sub, "--name", sub).stdout.strip()
    client = rich(pair[on], **bearer(made))
    client.join(room, history=0)
    return client, made


def test_settings_and_pins_hold_on_all_nodes(pair, rich):
    mod, guest = moderator(pair, rich), rich(pair[1])
    watcher = moderator(pair, rich, on=1)
    guest.join("go", username="guest")
    assert mod.ask(type="settings", room="go", slow_seconds=60)["rev"] == 1
    assert watcher.expect("room")["settings"]["slow_seconds"] == 60
    assert guest.post("one", "go")["seq"] == 1
    slow = guest.ask(type="message", room="go", message="two")
    assert slow["code"] == "slow_mode" and 0 < slow["retry_after_ms"] <= 60_000
    assert watcher.ask(type="settings", room="go", slow_seconds=0, pinned=1)["rev"] == 2
    while (settings := mod.expect("room")["settings"]).get("pinned") != 1:
        pass
    assert mod.ask(type="settings", room="go", frozen=True)["rev"] == 3
    while not watcher.expect("room")["settings"].get("frozen"):
        pass
    assert guest.ask(type="message", room="go", message="three")["code"] == "frozen"
    late = rich(pair[1])
    joined = late.ask(type="join", room="go", username="late")
    assert (joined["settings"]["pinned"], joined["settings"]["frozen"]) == (1, True)
    assert mod.ask(type="undo", room="go", rev=3)["rev"] == 4
    while watcher.expect("room")["settings"].get("frozen"):
        pass
    assert guest.post("three", "go")["seq"] == 2


def test_slow_mode_counts_the_lines_of_a_user_on_all_nodes(pair, rich):
    mod = moderator(pair, rich)
    watcher = moderator(pair, rich, on=1)
    here, there = user(pair, rich, 0, "slow")[0], user(pair, rich, 1, "slow")[0]
    assert mod.ask(type="settings", room="go", slow_seconds=60)["rev"] == 1
    watcher.expect("room")
    here.post("one", "go")
    there.line()
    assert there.ask(type="message", room="go", message="two")["code"] == "slow_mode"


def test_deleted_lines_are_gone_on_all_nodes(pair, rich, redis):
    mod, guest = moderator(pair, rich), rich(pair[1])
    other = moderator(pair, rich, on=1)
    guest.join("go", username="guest")
    for text in ("one", "a secret text", "three", "four"):
        guest.post(text, "go")
    mod.lines(4)
    assert mod.ask(type="delete", room="go", seqs=[2])["rev"] == 1
    assert other.expect("deleted")["seqs"] == [2]
    assert other.ask(type="purge", room="go", **{"from": 3, "to": 3})["rev"] == 2
    purged = mod.expect("purged")
    assert (purged["seqs"], purged["count"]) == ([[3, 3]], 1)
    for each in pair:
        late = rich(each)
        assert late.ask(type="join", room="go", username="late", rev=0)["rev"] == 2
        lines = late.ask(type="history", room="go", before=5, limit=4)["messages"]
        assert [line["type"] for line in lines] == ["message", "deleted", "deleted", "message"]
    assert other.ask(type="undo", room="go", rev=2)["rev"] == 3
    assert texts_of(mod.expect("restored")["messages"]) == ["three"]
    log = mod.ask(type="modlog", room="go")["entries"]
    assert [entry["rev"] for entry in log] == [3, 2, 1]


def test_a_ban_on_one_node_ends_connections_on_all(pair, rich):
    mod = moderator(pair, rich)
    watcher = moderator(pair, rich, on=1)
    near, far = user(pair, rich, 0)[0], user(pair, rich, 1)[0]
    assert mod.ask(type="ban", room="go", user="bad", reason="spam")["rev"] == 1
    for client in (near, far):
        assert closed(client) == (3003, "You are banned: spam")
    refused = rich(pair[1], **bearer(token(pair[1].data, "--sub", "bad")))
    assert refused.ask(type="join", room="go", username="bad")["code"] == "banned"
    assert watcher.ask(type="unban", room="go", user="bad")["rev"] == 2
    eventually(lambda: user(pair, rich, 0)[0], lambda: "banned")
    # A timeout.
    far = user(pair, rich, 1)[0]
    assert mod.ask(type="timeout", room="go", user="bad", seconds=60)["rev"] == 3
    # Its node learns of it a moment after the moderator's.
    answers = []

    def is_timed_out() -> bool:
        answers.append(far.ask(type="message", room="go", message="hi"))
        return answers[-1].get("code") == "timed_out"

    eventually(is_timed_out, lambda: answers)


def test_a_ban_of_an_address_and_one_everywhere_hold_on_all_nodes(pair, rich):
    mod = moderator(pair, rich, role="owner")
    watcher = moderator(pair, rich, on=1, role="owner")
    eve = rich(pair[0], **named("198.51.100.7"))
    eve.join("go", username="eve")
    eve.post("spam", "go")
    dan = rich(pair[1], **named("198.51.100.7"))
    dan.join("go", username="dan")
    away = rich(pair[1], **named("198.51.100.8"))
    away.join("go", username="away")
    watcher.line()
    # A moderator of another node names her by her line.
    assert watcher.ask(type="ban", room="go", by_line=1, scope="address")["rev"] == 1
    assert closed(dan)[0] == closed(eve)[0] == 3003
    assert away.post("hi", "go")["seq"] == 2
    assert mod.ask(type="ban", room="*", username="away")["type"] == "ack"
    assert closed(away)[0] == 3003
    for each in pair:
        again = rich(each)
        refused = again.ask(type="join", room="other", username="Away")
        assert refused.get("code") == "banned", refused


def test_held_lines_are_released_by_a_moderator_of_another_node(pair, rich):
    mod, guest = moderator(pair, rich), rich(pair[1])
    watcher = moderator(pair, rich, on=1)
    guest.join("go", username="guest")
    assert mod.ask(type="settings", room="go", hold_seconds=600)["rev"] == 1
    watcher.expect("room")
    line = {"type": "message", "room": "go", "message": "one", "id": fresh_id()}
    held = guest.ask(**line)["held"]
    assert mod.expect("held")["held"] == held
    assert mod.ask(type="approve", room="go", held=held)["type"] == "ack"
    assert guest.expect("released")["held"] == held
    assert texts_of([guest.line()]) == ["one"] == texts_of([mod.line()])
    bad = guest.ask(type="message", room="go", message="never")["held"]
    assert mod.expect("held")["held"] == bad
    assert mod.ask(type="reject", room="go", held=bad)["type"] == "ack"
    assert guest.expect("rejected")["held"] == bad


@pytest.mark.parametrize("way", ["command", "chat"])
def test_a_revocation_ends_connections_on_all_nodes(pair, rich, way):
    clients = [user(pair, rich, on, "u1") for on in (0, 1, 1)]
    guest = rich(pair[1])
    guest.join("go", username="guest")
    if way == "command":
        assert asked(pair[0], "revoke", "--sub", "u1") == "Revoked.\n"
    else:
        owner = moderator(pair, rich, role="owner")
        assert owner.ask(type="revoke", sub="u1")["type"] == "revoked"
    for client, _ in clients:
        assert closing(client) == 3002
    for each in pair:
        with pytest.raises(InvalidStatus, match="401"):
            rich(each, **bearer(clients[0][1]))
    assert guest.post("hi", "go")["type"] == "ack"


def test_a_revocation_reaches_nodes_that_were_away(node, redis, rich, start):
    one, two = node(redis.url), node(redis.url)
    made = token(one.data, "--name", "Ann")
    rich(two, **bearer(made))
    two.stop()
    assert asked(one, "revoke", "--sub", "ann") == "Revoked.\n"
    again, new = node(redis.url, name="node-2", data=two.data), node(redis.url)
    for each in (again, new):
        def refused():
            try:
                rich(each, **bearer(made))
            except InvalidStatus:
                return True
            return False

        eventually(refused, lambda: each.lines)


def test_a_user_is_disconnected_on_all_nodes(pair, rich):
    owner = moderator(pair, rich, role="owner")
    near, far = user(pair, rich, 0, "u1")[0], user(pair, rich, 1, "u1")[0]
    owner.ask(type="disconnect", user="u1")
    for client in (near, far):
        assert closed(client)[0] == 1008
    # A connection is named by its number, wherever it is.
    assert user(pair, rich, 1, "u1")[0].post("back", "go")["type"] == "ack"


def test_lost_news_of_moderators_are_repaired(node, redis, proxy, rich):
    between = proxy(redis)
    pair = node(redis.url), node(between.url)
    mod = moderator(pair, rich)
    far = user(pair, rich, 1)[0]
    watcher = moderator(pair, rich, on=1)
    between.copies = lambda channel, text: ()
    assert mod.ask(type="settings", room="go", slow_seconds=9)["rev"] == 1
    assert watcher.expect("room")["settings"]["slow_seconds"] == 9
    assert mod.ask(type="ban", room="go", user="bad")["rev"] == 2
    assert closed(far)[0] == 3003
    ghost = user(pair, rich, 1, "u2")[0]
    assert asked(pair[0], "revoke", "--sub", "u2") == "Revoked.\n"
    assert closing(ghost) == 3002
