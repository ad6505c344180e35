"""Refusals in the rich dialect go only to the sender, with a code, a reason and the id."""

import json

import pytest

from daemon import Daemon
from rich import fresh_id, numbers_of, texts_of

REFUSED = [
    ("{", "invalid_json", None),
    ("", "invalid_json", None),
    ('{"type":"members","room":"lobby"} x', "invalid_json", None),
    ('{"type":"message","room":"lobby","message":"\\ud800"}', "invalid_json", None),
    ("[]", "invalid_command", None),
    ("{}", "invalid_command", "type"),
    ('{"type":7}', "invalid_command", "type"),
    ('{"type":"dance"}', "unknown_type", None),
    ('{"type":"welcome"}', "unknown_type", None),
    ('{"username":"ann","message":"hi"}', "invalid_command", "type"),
    *[(json.dumps({"type": type} | fields), "invalid_command", "room")
      for type, fields in (
          ("join", {}), ("leave", {}), ("members", {}), ("message", {"message": "hi"}),
          ("history", {"before": 1, "limit": 1}), ("join", {"room": 7}),
          ("leave", {"room": None}))],
    *[(json.dumps({"type": type, "room": room} | fields), "invalid_room", None)
      for type, fields in (
          ("join", {}), ("leave", {}), ("members", {}), ("message", {"message": "hi"}),
          ("history", {"before": 1, "limit": 1}))
      for room in ("", "Go", "x" * 65)],
    *[(json.dumps({"type": "join", "room": "go"} | fields), "invalid_command", named)
      for fields, named in (
          ({"username": 7}, "username"), ({"history": -1}, "history"),
          ({"history": 201}, "history"), ({"history": "5"}, "history"),
          ({"history": 1.5}, "history"), ({"after": 7}, "after"),
          ({"after": {}}, "epoch"), ({"after": {"epoch": "x"}}, "seq"),
          ({"after": {"seq": 1}}, "epoch"), ({"after": {"epoch": 1, "seq": 1}}, "epoch"),
          ({"after": {"epoch": "x", "seq": -1}}, "seq"),
          ({"after": {"epoch": "x", "seq": "1"}}, "seq"))],
    *[(json.dumps({"type": "message", "room": "lobby"} | fields), code, named)
      for fields, code, named in (
          ({}, "invalid_command", "message"), ({"message": 7}, "invalid_command", "message"),
          ({"message": "hi", "username": 7}, "invalid_command", "username"),
          ({"message": ""}, "message_empty", None), ({"message": " \n\t"}, "message_empty", None),
          ({"message": "x" * 2001}, "message_too_long", None))],
    *[(json.dumps({"type": "history", "room": "lobby", "before": 1, "limit": 1} | fields),
       "invalid_command", named)
      for fields, named in (
          ({"before": "1"}, "before"), ({"before": -1}, "before"), ({"limit": 0}, "limit"),
          ({"limit": 201}, "limit"), ({"limit": None}, "limit"))],
    ('{"type":"history","room":"lobby","limit":1}', "invalid_command", "before"),
]


@pytest.fixture(scope="module")
def shared_daemon(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("shared"))
    yield daemon
    daemon.stop()


@pytest.mark.parametrize("sent, code, named", REFUSED)
def test_refusals_have_a_code_and_a_reason(shared_daemon, rich, sent, code, named):
    ann, bob = rich(shared_daemon), rich(shared_daemon)
    ann.join(username="ann", history=0), bob.join(history=0)
    ann.client.send(sent)
    refused = ann.refusal()
    assert refused["code"] == code and "id" not in refused
    assert named is None or named in refused["reason"]
    if code != "invalid_json" and sent.startswith("{"):
        ann.client.send(sent[:-1] + ("," if len(sent) > 2 else "") + '"id":"mine"}')
        assert ann.reply("mine")["code"] == code
    ann.post(f"after {sent}"[:2000])
    assert ann.line() == bob.line()


@pytest.mark.parametrize("id", [7, None, "", "x" * 65, "é" * 33, ["x"]])
def test_an_invalid_id_is_refused(daemon, rich, id):
    ann = rich(daemon)
    ann.join(username="ann")
    for each in ({"type": "join", "room": "go"}, {"type": "members", "room": "lobby"},
                 {"type": "message", "room": "lobby", "message": "hi"}):
        ann.send(**each, id=id)
        refused = ann.refusal()
        assert refused["code"] == "invalid_command" and "id" in refused["reason"]
        assert "id" not in refused
    assert ann.post("first")["seq"] == 1


def test_too_many_refused_commands_end_the_connection(start, rich):
    ann = rich(start("--errors-per-minute", "3"))
    for _ in range(4):
        ann.send(type="dance")
    assert [ann.refusal()["code"] for _ in range(3)] == ["unknown_type"] * 3
    assert ann.close_code() == 1008


def test_too_many_lines_are_refused_with_their_ids_and_may_be_sent_again(start, rich):
    ann = rich(start("--line-burst", "2", "--errors-per-minute", "3"))
    ann.join(username="ann")
    ids = [fresh_id() for _ in range(8)]
    for id in ids:
        ann.send(type="message", room="lobby", message=id, id=id)
    replies = [ann.reply(id) for id in ids]
    refused = [each["id"] for each in replies if each["type"] == "error"]
    assert refused and replies[0]["type"] == "ack"
    for each in replies:
        if each["type"] == "error":
            assert each["code"] == "rate_limited" and 1 <= each["retry_after_ms"] <= 1_000
    for id in refused:
        while ann.ask(type="message", room="lobby", message=id, id=id)["type"] != "ack":
            pass
    lines = ann.lines(len(ids))
    assert numbers_of(lines) == list(range(1, len(ids) + 1))
    assert sorted(texts_of(lines)) == sorted(ids)


@pytest.mark.parametrize("name", ["", "  ", "a\u0007b", "x" * 33])
def test_an_invalid_name_is_refused(daemon, rich, name):
    ann = rich(daemon)
    assert ann.ask(type="join", room="go", username=name)["code"] == "invalid_username"
    assert ann.ask(type="members", room="go")["code"] == "not_joined"
    ann.join("go", username="ann")
    assert ann.ask(type="join", room="go", username=name)["code"] == "invalid_username"
    refused = ann.ask(type="message", room="go", username=name, message="hi")
    assert refused["code"] == "invalid_username"
    ann.post("hi", "go")
    assert ann.line()["username"] == "ann"
