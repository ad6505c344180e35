"""The plain dialect with the `websockets` package."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from chat import line, refusal, say
from daemon import PATIENCE


def test_two_clients_chat(daemon, join):
    ann, bob = join(daemon), join(daemon)
    said = [("ann", "hi"), ("bob", "hello ann"), ("ann", "how are you?")]
    for number, (name, text) in enumerate(said, start=1):
        say(ann if name == "ann" else bob, text, name)
        assert line(ann) == line(bob) == ("lobby", number, name, text)


def test_both_clients_get_the_same_bytes(daemon, join):
    ann, bob = join(daemon), join(daemon)
    say(ann, "hi")
    assert ann.recv(timeout=PATIENCE) == bob.recv(timeout=PATIENCE)


@pytest.mark.parametrize("text", [
    'quotes " and \\ backslashes', "tab\tand newline\nin a line", "\u0001 control \u001f",
    "Grüße, 你好, שלום", "👩‍👩‍👧 astral", "\u2028 and \u2029", "<b>&amp;</b>", "  kept spaces  ", "\u0000",
])
def test_text_passes_through_unchanged(daemon, join, text):
    ann, bob = join(daemon), join(daemon)
    say(ann, text, username="zoë")
    assert line(bob) == ("lobby", 1, "zoë", text)


def test_json_may_be_written_in_any_way(daemon, join):
    ann = join(daemon)
    ann.send(' {\n"extra":[{"message":"no"},null,1e3] , "message" : "\\u00e9\\ud83d\\ude00\\/",'
             '"username":"a\\u006en"}\r\n')
    assert line(ann) == ("lobby", 1, "ann", "é😀/")


def test_a_name_is_trimmed(daemon, join):
    ann = join(daemon)
    say(ann, "hi", username="  ann ")
    assert line(ann) == ("lobby", 1, "ann", "hi")


def test_rooms_are_separate_and_number_their_own_lines(daemon, join):
    lobby, go, also_go = join(daemon), join(daemon, "?room=go"), join(daemon, "?x=1&room=go")
    say(go, "in go")
    say(lobby, "in the lobby")
    assert line(lobby) == ("lobby", 1, "ann", "in the lobby")
    assert line(go) == line(also_go) == ("go", 1, "ann", "in go")
    say(also_go, "second")
    assert line(go) == ("go", 2, "ann", "second")


def test_the_lobby_is_the_default_room(daemon, join):
    named, unnamed = join(daemon, "?room=lobby"), join(daemon)
    say(named, "hi")
    assert line(unnamed) == ("lobby", 1, "ann", "hi")


@pytest.mark.parametrize("room", ["", "Go", "a/b", "a%20b", "%C3%A9", "x" * 65])
def test_an_invalid_room_is_refused_with_400(daemon, join, room):
    with pytest.raises(InvalidStatus) as refused:
        join(daemon, f"?room={room}")
    assert refused.value.response.status_code == 400


def test_a_room_name_may_have_64_characters(daemon, join):
    name = "a-z.0_9" + "x" * 57
    ann = join(daemon, f"?room={name}")
    say(ann, "hi")
    assert line(ann) == (name, 1, "ann", "hi")


def test_a_fragmented_message_is_one_line(daemon, join):
    ann = join(daemon)
    ann.send(iter(['{"username":"ann",', '"mess', 'age":"pieces"}']))
    assert line(ann) == ("lobby", 1, "ann", "pieces")


def test_an_unknown_subprotocol_is_not_chosen(daemon, join):
    ann = join(daemon, subprotocols=["unheard-of.v9"])
    assert ann.subprotocol is None
    say(ann, "hi")
    assert line(ann) == ("lobby", 1, "ann", "hi")


@pytest.mark.parametrize("sent, code", [
    ("{", "invalid_json"),
    ("", "invalid_json"),
    ('{"username":"ann","message":"hi"} x', "invalid_json"),
    ('{"username":"ann","message":"\\ud800"}', "invalid_json"),
    ("[]", "invalid_command"),
    ('"hi"', "invalid_command"),
    ('{"username":"ann"}', "invalid_command"),
    ('{"username":"ann","message":7}', "invalid_command"),
    ('{"username":null,"message":"hi"}', "invalid_command"),
    ('{"username":"ann","message":""}', "message_empty"),
    ('{"username":"ann","message":" \\n\\t"}', "message_empty"),
    (json.dumps({"username": "ann", "message": "x" * 2001}), "message_too_long"),
    ('{"username":"  ","message":"hi"}', "invalid_username"),
    ('{"username":"a\\u0007b","message":"hi"}', "invalid_username"),
    (json.dumps({"username": "x" * 33, "message": "hi"}), "invalid_username"),
])
def test_an_error_goes_only_to_its_sender_and_the_chat_continues(daemon, join, sent, code):
    ann, bob = join(daemon), join(daemon)
    ann.send(sent)
    assert refusal(ann)["code"] == code
    say(ann, "still here")
    assert line(ann) == line(bob) == ("lobby", 1, "ann", "still here")


def test_a_missing_field_is_named(daemon, join):
    ann = join(daemon)
    ann.send('{"username":"ann"}')
    assert "message" in refusal(ann)["reason"]


def test_the_longest_text_counts_scalars_not_bytes(daemon, join):
    ann = join(daemon)
    say(ann, "😀" * 2000, username="é" * 32)
    assert line(ann) == ("lobby", 1, "é" * 32, "😀" * 2000)
