"""The rich dialect `hubbub.v1`: each command, each event, and the order of events."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from chat import hear, line, say
from crowd import RICH, command
from daemon import PATIENCE
from frames import TEXT
from rich import SUBPROTOCOL, checked, fresh_id, numbers_of, texts_of
from wire import Wire, request

FREE = ("--lines-per-second", "0")

LIMITS = {"message_bytes": 65_536, "text_characters": 2_000, "username_characters": 32,
          "rooms": 16, "lines_per_second": 5, "line_burst": 10}


# Opening.

def test_welcome_has_server_and_limits(daemon, rich):
    welcome = rich(daemon).welcome
    assert welcome["server"].startswith("hubbub/0.")
    assert welcome["durable"] is True
    assert welcome["limits"] == LIMITS
    assert welcome["ping_interval_ms"] == 25_000


@pytest.mark.parametrize("flag, value, field", [
    ("--max-message-bytes", "1000", "message_bytes"),
    ("--max-text-characters", "7", "text_characters"),
    ("--max-text-characters", "0", "text_characters"),
    ("--max-username-characters", "3", "username_characters"),
    ("--max-rooms", "2", "rooms"),
    ("--lines-per-second", "0", "lines_per_second"),
    ("--line-burst", "60", "line_burst"),
])
def test_welcome_has_the_limits_that_were_set(start, rich, flag, value, field):
    assert rich(start(flag, value)).welcome["limits"] == LIMITS | {field: int(value)}


def test_welcome_has_the_ping_interval(start, rich):
    assert rich(start("--ping-interval", "1.5")).welcome["ping_interval_ms"] == 1_500


def test_the_dialect_is_chosen_among_several_subprotocols(daemon, join):
    client = join(daemon, subprotocols=["unheard-of.v9", SUBPROTOCOL])
    assert client.subprotocol == SUBPROTOCOL
    assert hear(client)["type"] == "welcome"


def test_the_room_of_the_address_is_checked_and_otherwise_ignored(daemon, rich):
    with pytest.raises(InvalidStatus) as refused:
        rich(daemon, "?room=Go")
    assert refused.value.response.status_code == 400
    ann = rich(daemon, "?room=go")
    ann.send(type="message", room="go", username="ann", message="hi")
    assert ann.refusal()["code"] == "not_joined"
    assert ann.join("go")["members"] == 1


def test_clients_with_and_without_compression_read_the_same(start, rich):
    daemon = start(*FREE)
    ann, bob = rich(daemon), rich(daemon, compression=None)
    assert ann.client.protocol.extensions and not bob.client.protocol.extensions
    ann.join(username="ann"), bob.join(username="bob")
    for text in ("short", "a line that is worth the work, " * 30, "short again"):
        ann.post(text)
        assert ann.line() == bob.line()
    assert [each for each in ann.frames if '"type":"message"' in each] == \
        [each for each in bob.frames if '"type":"message"' in each]
    cy = rich(daemon)
    cy.join()
    assert texts_of(cy.lines(3)) == texts_of(bob.heard("message"))


# Joining and leaving.

def test_joined_has_the_position_of_the_room(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    first = ann.join("go", username="ann")
    assert (first["seq"], first["members"]) == (0, 1)
    ann.post("hi", "go")
    second = bob.join("go")
    assert (second["seq"], second["members"]) == (1, 2)
    assert first["epoch"] == second["epoch"] and first["epoch"]


def test_a_reply_has_the_id_of_its_command_if_there_is_one(daemon, rich):
    ann = rich(daemon)
    commands = [
        {"type": "join", "room": "go", "username": "ann"},
        {"type": "members", "room": "go"},
        {"type": "history", "room": "go", "before": 1, "limit": 1},
        {"type": "leave", "room": "go"},
        {"type": "leave", "room": "go"},
    ]
    replies = ["joined", "members", "history", "left", "error"]
    for each, reply in zip(commands, replies):
        ann.send(**each)
        assert "id" not in ann.expect(reply)
    for each, reply in zip(commands, replies):
        for id in ("é" * 32, "x", ' "\\\u0001😀'):
            if each["type"] == "leave":
                ann.join("go")
            if reply == "error":
                ann.leave("go")
            ann.send(**each, id=id)
            answer = ann.reply(id)
            assert (answer["type"], answer["id"]) == (reply, id)


@pytest.mark.parametrize("asked, count", [
    ({}, 50), ({"history": 0}, 0), ({"history": 1}, 1), ({"history": 200}, 200)])
def test_the_last_lines_follow_joined(start, rich, asked, count):
    daemon = start(*FREE)
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann")
    for number in range(1, 211):
        ann.send(type="message", room="lobby", message=str(number))
    said = ann.lines(210)
    joined = bob.join(**asked)
    assert joined["seq"] == 210
    assert bob.lines(count) == said[210 - count:]
    ann.post("live")
    assert bob.line()["seq"] == 211


def test_fewer_lines_follow_if_fewer_were_said(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann")
    ann.post("one"), ann.post("two")
    bob.join(history=200)
    assert texts_of(bob.lines(2)) == ["one", "two"]
    ann.post("three")
    assert texts_of([bob.line()]) == ["three"]


def test_joining_again_repeats_no_line(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join("go", username="ann"), bob.join("go")
    ann.post("one", "go")
    again = ann.join("go", username="anne", history=200)
    assert (again["seq"], again["members"]) == (1, 2)
    after = {"epoch": again["epoch"], "seq": 0}
    ann.send(type="join", room="go", id="again", after=after)
    assert ann.reply("again")["type"] == "joined"
    ann.post("two", "go")
    assert [(each["seq"], each["username"]) for each in ann.lines(2)] == [(1, "ann"), (2, "anne")]
    assert [(each["seq"], each["username"]) for each in bob.lines(2)] == [(1, "ann"), (2, "anne")]


def test_nothing_of_a_room_comes_after_left(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join("go", username="ann"), bob.join("go"), bob.join("stay")
    ann.post("one", "go")
    bob.leave("go")
    ann.post("two", "go")
    ann.join("stay")
    ann.post("over here", "stay", username="ann")
    bob.expect("message"), bob.expect("message")
    assert [(each["room"], each["message"]) for each in bob.heard("message")] == [
        ("go", "one"), ("stay", "over here")]
    assert bob.join("go")["seq"] == 2
    assert texts_of(bob.lines(2)) == ["one", "two"]


@pytest.mark.parametrize("each", [
    {"type": "leave"}, {"type": "message", "username": "ann", "message": "hi"},
    {"type": "history", "before": 1, "limit": 1}, {"type": "members"},
])
def test_commands_for_members_are_refused_to_others(daemon, rich, each):
    ann = rich(daemon)
    ann.join("stay", username="ann")
    refused = ann.ask(**each, room="go")
    assert (refused["type"], refused["code"]) == ("error", "not_joined")
    ann.join("go")
    ann.leave("go")
    assert ann.ask(**each, room="go")["code"] == "not_joined"
    ann.post("still here", "stay")


def test_a_connection_may_be_in_16_rooms(start, rich):
    daemon = start(*FREE)
    ann, bob = rich(daemon), rich(daemon)
    rooms = [f"room-{number}" for number in range(16)]
    for room in rooms:
        ann.join(room, username=f"ann of {room}")
    refused = ann.ask(type="join", room="one-more")
    assert (refused["type"], refused["code"]) == ("error", "too_many_rooms")
    for room in rooms:
        bob.join(room, username="bob")
        bob.post(f"to {room}", room)
        ann.post(f"in {room}", room)
    heard = [(each["room"], each["seq"], each["username"], each["message"])
             for each in ann.lines(32)]
    assert heard == [
        line for room in rooms
        for line in ((room, 1, "bob", f"to {room}"), (room, 2, f"ann of {room}", f"in {room}"))]
    ann.join(rooms[3])
    assert ann.ask(type="join", room="one-more")["code"] == "too_many_rooms"
    ann.leave(rooms[0])
    ann.join("one-more")


@pytest.mark.parametrize("limit, joinable", [("2", 2), ("0", 40)])
def test_the_number_of_rooms_is_a_flag(start, rich, limit, joinable):
    ann = rich(start("--max-rooms", limit))
    for number in range(joinable):
        ann.join(f"room-{number}")
    if limit != "0":
        assert ann.ask(type="join", room="one-more")["code"] == "too_many_rooms"


def test_an_empty_room_keeps_its_numbers(daemon, rich):
    ann = rich(daemon)
    epoch = ann.join("go", username="ann")["epoch"]
    ann.post("one", "go")
    ann.leave("go")
    joined = ann.join("go", username="ann", history=0)
    assert (joined["epoch"], joined["seq"]) == (epoch, 1)
    assert ann.post("two", "go")["seq"] == 2


# Lines.

def test_both_dialects_get_the_same_bytes(start, rich, join):
    daemon = start(*FREE)
    ann, bob, cy = rich(daemon), join(daemon), join(daemon)
    ann.join(username="ann")
    frames = []
    for number in range(1, 21):
        if number % 2:
            ann.send(type="message", room="lobby", message=f"line {number}", id=fresh_id())
        else:
            say(bob, f"line {number}", "bob")
        frame = bob.recv(timeout=PATIENCE)
        assert frame == cy.recv(timeout=PATIENCE)
        ann.line()
        frames.append(frame)
    assert [each for each in ann.frames if '"type":"message"' in each] == frames
    assert numbers_of(list(map(json.loads, frames))) == list(range(1, 21))


@pytest.mark.parametrize("text", [
    'quotes " and \\ backslashes', "tab\tand newline\nin a line", "\u0001 control \u001f\u007f",
    "Grüße, 你好, שלום", "👩‍👩‍👧 astral", "\u2028 and \u2029", "<b>&amp;</b>", "  kept spaces  ",
    "\u0000",
    "'; drop table lines; --", "%s %d \ufeff\ufffe\uffff",
])
def test_stored_lines_come_back_byte_for_byte(daemon, rich, join, text):
    ann, bob, cy = rich(daemon), rich(daemon), join(daemon)
    ann.join(username="zoë 'q'")
    ann.post(text)
    assert ann.line()["message"] == text
    bob.join()
    assert bob.line()["message"] == text
    frame, = (each for each in ann.frames if '"type":"message"' in each)
    assert frame == cy.recv(timeout=PATIENCE)
    assert [each for each in bob.frames if '"type":"message"' in each] == [frame]
    assert bob.page(2, 1)["messages"] == [json.loads(frame)]
    assert frame in next(each for each in bob.frames if '"type":"history"' in each)


def test_a_line_with_an_id_is_acknowledged_with_its_number_and_time(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann"), bob.join()
    ann.send(type="message", room="lobby", message="no id")
    ack = ann.post("with an id")
    unnamed, named = bob.lines(2)
    assert (unnamed["seq"], named["seq"]) == (1, 2)
    assert (ack["seq"], ack["time"]) == (named["seq"], named["time"])
    assert ann.heard("ack") == [ack] and bob.heard("ack") == []


def test_join_and_line_in_one_write(daemon, rich):
    bob = rich(daemon)
    bob.join("go")
    with Wire(daemon.port) as wire:
        wire.send(
            request("GET /ws HTTP/1.1", RICH)
            + command(type="join", room="go", username="ann", id="1")
            + command(type="message", room="go", message="at once", id="2")
            + command(type="leave", room="go", id="3")
            + command(type="message", room="go", message="too late", id="4"))
        assert wire.response().status == 101
        events = []
        while {"2", "3", "4"} - {each.get("id") for each in events}:
            opcode, payload = wire.frame()
            assert opcode == TEXT
            events.append(checked(payload.decode()))
    # Refusals may overtake lines. All other events keep their order.
    ordered = [each["type"] for each in events if each["type"] not in ("ack", "error", "presence")]
    assert ordered in (["welcome", "joined", "message", "left"], ["welcome", "joined", "left"])
    assert events[0]["type"] == "welcome"
    replies = {each["id"]: each for each in events if "id" in each}
    assert (replies["2"]["type"], replies["2"]["seq"]) == ("ack", 1)
    assert replies["3"]["type"] == "left" and replies["4"]["code"] == "not_joined"
    assert bob.line()["message"] == "at once"


def test_plain_clients_get_only_lines_and_their_own_errors(start, rich, join):
    daemon = start(*FREE)
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann")
    ann.post("before")
    cy = join(daemon)
    bob.join(username="bob")
    assert ann.expect("presence")
    bob.members(), bob.page(2, 1)
    bob.leave()
    assert ann.expect("presence")
    cy.send('{"username":"cy"}')
    assert hear(cy)["code"] == "invalid_command"
    ann.send(type="message", room="lobby", message="")
    assert ann.refusal()["code"] == "message_empty"
    ann.post("after")
    assert line(cy) == ("lobby", 2, "ann", "after")


@pytest.mark.parametrize("type", ["join", "leave", "history", "members"])
def test_the_plain_dialect_takes_a_command_as_a_line_or_refuses_it(daemon, join, type):
    ann = join(daemon)
    ann.send(json.dumps({"type": type, "room": "go"}))
    assert hear(ann)["code"] == "invalid_command"
    ann.send(json.dumps(
        {"type": type, "room": "go", "username": "ann", "message": "hi", "id": "1"}))
    assert line(ann) == ("lobby", 1, "ann", "hi")


# History and members.

@pytest.mark.parametrize("history", ["sqlite", "none"])
def test_history_is_paged_to_the_beginning(start, rich, history):
    ann = rich(start(*FREE, "--history", history))
    ann.join(username="ann")
    for number in range(25):
        ann.send(type="message", room="lobby", message=f"{number}")
    said = ann.lines(25)
    pages = [ann.page(before, 10) for before in (26, 16, 6)]
    assert [each["messages"] for each in pages] == [said[15:25], said[5:15], said[:5]]
    assert [each["more"] for each in pages] == [True, True, False]
    assert ann.page(11, 10)["more"] is False and ann.page(12, 10)["more"] is True
    assert ann.page(1, 10)["messages"] == [] and ann.page(1, 10)["more"] is False
    assert ann.page(26, 200)["messages"] == said
    far = ann.ask(type="history", room="lobby", before=2 ** 53, limit=2)
    assert far["messages"] == said[23:] and far["more"] is True


def test_history_of_long_lines_is_paged_too(start, rich):
    """200 lines of 8 000 bytes are more than any watermark."""
    ann = rich(start(*FREE))
    ann.join(username="ann")
    for number in range(250):
        ann.send(type="message", room="lobby", message="😀" * 1_995 + f"{number:05}")
    said = ann.lines(250)
    assert ann.scroll(251) == said


def test_members_are_counted_and_named(daemon, rich, join):
    ann, bob, nobody, plain = rich(daemon), rich(daemon), rich(daemon), join(daemon)
    ann.join(username="ann"), bob.join(username="ann"), nobody.join()
    members = ann.members()
    assert members["count"] == 4 and set(members["usernames"]) == {"ann"}
    say(plain, "it's me", "cy")
    bob.line()
    bob.join(username="bob")
    members = bob.members()
    assert members["count"] == 4 and sorted(members["usernames"]) == ["ann", "bob", "cy"]
    bob.leave()
    plain.close()
    ann.join(username="zoë")
    members = ann.members()
    assert members["count"] in (2, 3) and "bob" not in members["usernames"]


# Names.

def test_a_line_needs_a_name_once(daemon, rich):
    ann = rich(daemon)
    ann.join("go"), ann.join("stay", username=" Ann ")
    assert ann.ask(type="message", room="go", message="who am I?")["code"] == "invalid_username"
    ann.post("I am", "go", username="ann")
    ann.post("still", "go")
    ann.post("elsewhere", "stay")
    ann.post("again", "go", username="anne")
    ann.post("and again", "go")
    assert [(each["room"], each["username"]) for each in ann.lines(5)] == [
        ("go", "ann"), ("go", "ann"), ("stay", "Ann"), ("go", "anne"), ("go", "anne")]
