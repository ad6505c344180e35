"""Limits, and what happens above them."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from chat import close_code, hear, line, refusal, say
from daemon import PATIENCE


def test_too_many_lines_are_refused_with_the_time_to_wait(start, join):
    daemon = start("--lines-per-second", "1", "--line-burst", "1")
    ann, bob = join(daemon), join(daemon)
    for number in range(20):
        say(ann, f"line {number}")
    events = [hear(ann) for _ in range(20)]
    accepted = [event for event in events if event["type"] == "message"]
    refused = [event for event in events if event["type"] == "error"]
    assert accepted and refused and len(accepted) + len(refused) == 20
    for event in refused:
        assert event["code"] == "rate_limited" and event["reason"]
        assert 1 <= event["retry_after_ms"] <= 1000
    say(bob, "bob is not slowed", "bob")
    heard = [line(bob) for _ in range(len(accepted) + 1)]
    assert [text for _, _, _, text in heard] == [
        *(event["message"] for event in accepted), "bob is not slowed"]


def test_a_burst_passes_at_once(start, join):
    daemon = start("--lines-per-second", "1", "--line-burst", "10")
    ann = join(daemon)
    for number in range(1, 11):
        say(ann, str(number))
    assert [line(ann)[1] for _ in range(10)] == list(range(1, 11))


def test_too_many_refused_commands_end_the_connection(start, join):
    daemon = start("--errors-per-minute", "3")
    ann, bob = join(daemon), join(daemon)
    for _ in range(4):
        ann.send("no json")
    assert [refusal(ann)["code"] for _ in range(3)] == ["invalid_json"] * 3
    assert close_code(ann) == 1008
    say(bob, "alone", "bob")
    assert line(bob) == ("lobby", 1, "bob", "alone")


def test_binary_is_refused_with_1003(daemon, join):
    ann = join(daemon)
    ann.send(b"\x00\x01")
    assert close_code(ann) == 1003


def test_a_message_over_64_kib_is_refused_with_1009(daemon, join):
    ann, bob = join(daemon), join(daemon)
    ann.send("x" * 65_537)
    assert close_code(ann) == 1009
    say(bob, "unharmed", "bob")
    assert line(bob) == ("lobby", 1, "bob", "unharmed")


def test_a_message_of_64_kib_is_read(daemon, join):
    ann = join(daemon)
    ann.send('{"username":"ann","message":"hi"}'.ljust(65_536))
    assert line(ann) == ("lobby", 1, "ann", "hi")


def test_fragments_are_counted_together(daemon, join):
    ann = join(daemon)
    ann.send(iter(["x" * 40_000, "x" * 40_000]))
    assert close_code(ann) == 1009


@pytest.mark.parametrize("flag, name", [
    ("--max-text-characters", "HUBBUB_MAX_TEXT_CHARACTERS"),
    (None, "HUBBUB_MAX_TEXT_CHARACTERS"),
])
def test_a_limit_is_set_by_flag_or_environment(start, join, flag, name):
    daemon = start(flag, "3") if flag else start(**{name: "3"})
    ann = join(daemon)
    say(ann, "four")
    assert refusal(ann)["code"] == "message_too_long"
    say(ann, "3 ü"[:3])
    assert line(ann) == ("lobby", 1, "ann", "3 ü")


def test_a_flag_overrides_the_environment(start, join):
    daemon = start("--max-username-characters", "5", HUBBUB_MAX_USERNAME_CHARACTERS="2")
    ann = join(daemon)
    ann.send(json.dumps({"username": "abcde", "message": "hi"}))
    assert line(ann) == ("lobby", 1, "abcde", "hi")


@pytest.mark.parametrize("flag", ["--max-connections", "--max-connections-per-address"])
def test_a_connection_too_many_gets_503(start, join, flag):
    daemon = start(flag, "2")
    ann, bob = join(daemon), join(daemon)
    with pytest.raises(InvalidStatus) as refused:
        join(daemon)
    assert refused.value.response.status_code == 503
    if flag == "--max-connections":
        assert int(refused.value.response.headers["Retry-After"]) > 0
    say(ann, "still two")
    assert line(ann) == line(bob) == ("lobby", 1, "ann", "still two")


def test_ping_is_answered(daemon, join):
    ann = join(daemon)
    assert ann.ping(b"are you there?").wait(PATIENCE)


def test_close_is_answered_with_its_code(daemon, join):
    ann = join(daemon)
    ann.close(4123, "bye")
    assert ann.close_code == 4123
