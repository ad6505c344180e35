"""Idempotent sends: a line that is sent again with the same id is said once."""

import pytest

from crowd import RICH, command
from rich import checked, texts_of
from wire import Wire, request

FREE = ("--lines-per-second", "0")


@pytest.fixture(params=["sqlite", "none"])
def either(request, start):
    """A daemon with history and one without."""
    return start(*FREE, "--history", request.param)


def test_a_repeated_id_is_acknowledged_and_not_said_again(either, rich):
    ann, bob = rich(either), rich(either)
    ann.join(username="ann"), bob.join()
    first = ann.post("hi", id="once")
    assert ann.post("hi", id="once") == first
    ann.client.close()
    again = rich(either)
    again.join(username="ann")
    assert again.post("hi", id="once") == first
    assert again.post("next", id="twice")["seq"] == 2
    assert texts_of(bob.lines(2)) == ["hi", "next"]


def test_the_same_id_twice_in_one_write_is_said_once(either, rich):
    bob = rich(either)
    bob.join()
    with Wire(either.port) as wire:
        wire.send(
            request("GET /ws HTTP/1.1", RICH) + command(type="join", room="lobby", username="ann")
            + command(type="message", room="lobby", message="hi", id="once") * 3
            + command(type="message", room="lobby", message="other", id="once")
            + command(type="message", room="lobby", message="last", id="last"))
        assert wire.response().status == 101
        events = []
        while sum("id" in each for each in events) < 5:
            events.append(checked(wire.frame()[1].decode()))
    acks = [each for each in events if each.get("id") == "once" and each["type"] == "ack"]
    assert len(acks) == 3 and acks[0] == acks[1] == acks[2] and acks[0]["seq"] == 1
    assert [each["code"] for each in events if each["type"] == "error"] == ["id_reused"]
    assert texts_of(bob.lines(2)) == ["hi", "last"]


def test_an_id_belongs_to_a_name_in_a_room(either, rich):
    ann, bob = rich(either), rich(either)
    ann.join("go", username="ann"), ann.join("stay", username="ann")
    bob.join("go", username="bob")
    assert ann.post("hi", "go", id="same")["seq"] == 1
    assert bob.post("hi", "go", id="same")["seq"] == 2
    assert ann.post("hi", "stay", id="same")["seq"] == 1
    assert ann.post("hi", "go", id="same", username="anne")["seq"] == 3
    assert ann.post("hi", "go", id="same", username="ann")["seq"] == 1
    assert texts_of(bob.lines(3)) == ["hi"] * 3


def test_the_same_id_with_another_text_is_refused(either, rich):
    ann, bob = rich(either), rich(either)
    ann.join(username="ann"), bob.join()
    ann.post("hi", id="once")
    refused = ann.ask(type="message", room="lobby", message="ho", id="once")
    assert (refused["type"], refused["code"]) == ("error", "id_reused")
    ann.post("next")
    assert texts_of(bob.lines(2)) == ["hi", "next"]
