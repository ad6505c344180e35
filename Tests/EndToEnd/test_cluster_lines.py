"""Lines in a room of several nodes: each reader sees each line once and in order, whatever happens
to the messages between the nodes."""

import random

import pytest

from chat import line, say
from cluster import await_readiness
from redis_proxy import MESSAGES, REPLIES, REQUESTS
from rich import fresh_id, numbers_of, texts_of


def crowd(rich, join, *nodes):
    """On each node: a member that also speaks, and a plain reader, all in the room `go`."""
    members = [rich(each) for each in nodes]
    for number, member in enumerate(members):
        member.join("go", username=f"m{number}", history=0)
    return members, [join(each, "?room=go") for each in nodes]


def check(members, plain, count: int):
    """All have got the lines 1 to `count`, once and in order, and all the same."""
    seen = [member.lines(count) for member in members]
    assert numbers_of(seen[0]) == list(range(1, count + 1))
    assert all(lines == seen[0] for lines in seen)
    for reader in plain:
        heard = [line(reader) for _ in range(count)]
        assert heard == [(each["room"], each["seq"], each["username"], each["message"])
                         for each in seen[0]]
    return seen[0]


def losses(share: float):
    """Loses a share of lines' messages: the same each time, for each seed."""
    dice = random.Random(7)
    lost = []

    def copies(channel: bytes, text: bytes):
        if channel == b"hubbub:in:go" and not text.startswith(b"@") and dice.random() < share:
            lost.append(text)
            return ()
        return (0,)

    return copies, lost


@pytest.mark.parametrize("share, count", [(0.01, 600), (0.2, 150)])
def test_lost_messages_are_repaired_unseen(node, redis, proxy, rich, join, share, count):
    between = [proxy(redis) for _ in range(3)]
    nodes = [node(each.url) for each in between]
    members, plain = crowd(rich, join, *nodes)
    lost = []
    for each in between:
        each.copies, some = losses(share)
        lost.append(some)
    for number in range(count):
        members[number % 3].post(str(number), "go")
    lines = check(members, plain, count)
    assert texts_of(lines) == [str(number) for number in range(count)]
    assert all(lost)


def test_the_last_message_of_a_quiet_room_is_repaired(node, redis, proxy, rich, join):
    between = proxy(redis)
    near, far = node(redis.url), node(between.url)
    members, plain = crowd(rich, join, near, far)
    lost = []
    between.copies = lambda channel, text: lost.append(text) or ()
    members[0].post("only", "go")
    check(members, plain, 1)
    assert lost


def test_messages_may_come_twice_late_and_out_of_order(node, redis, proxy, rich, join):
    between = [proxy(redis) for _ in range(2)]
    members, plain = crowd(rich, join, *(node(each.url) for each in between))
    dice = random.Random(11)
    for each in between:
        each.copies = lambda channel, text: [
            dice.choice([0, 0, 0.01, 0.05, 0.3]) for _ in range(dice.choice([1, 1, 2, 3]))]
    for number in range(200):
        members[number % 2].post(str(number), "go")
    check(members, plain, 200)


def test_a_line_is_acknowledged_after_redis_has_it(node, redis, proxy, rich, join):
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    between.hold(REQUESTS)
    id = fresh_id()
    ann.send(type="message", room="go", message="one", id=id)
    # Another line passes it.
    assert bob.post("two", "go")["seq"] == 1
    assert ann.line()["message"] == "two"
    assert ann.heard("ack") == []
    between.release()
    assert ann.reply(id)["seq"] == 2
    # Redis has it, and others see it, but its node doesn't know.
    between.hold(REPLIES)
    id = fresh_id()
    ann.send(type="message", room="go", message="three", id=id)
    assert texts_of(bob.lines(3)) == ["two", "one", "three"]
    assert all(each["id"] != id for each in ann.heard("ack"))
    # The answer is lost. The node asks again, and the line is there once.
    between.cut()
    between.release()
    assert ann.reply(id)["seq"] == 3
    assert bob.post("four", "go")["seq"] == 4
    assert texts_of(ann.lines(3)) == ["one", "three", "four"]


def test_a_line_is_idempotent_over_nodes(node, redis, proxy, rich):
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, watcher = rich(near), rich(far)
    ann.join("go", username="ann"), watcher.join("go", username="watcher")
    between.hold(REPLIES)
    line = {"type": "message", "room": "go", "message": "once", "id": fresh_id()}
    ann.send(**line)
    told = watcher.line()
    # Its client never hears of it, and comes back on the other node.
    ann.client.close()
    again = rich(far)
    again.join("go", username="ann")
    ack = again.ask(**line)
    assert (ack["type"], ack["seq"], ack["time"]) == ("ack", told["seq"], told["time"])
    other = again.ask(**(line | {"message": "another"}))
    assert (other["type"], other["code"]) == ("error", "id_reused")
    between.release()
    assert again.post("next", "go")["seq"] == 2
    assert texts_of([watcher.line()]) == ["next"]


def test_clients_of_a_killed_node_resume_on_another_one(node, redis, rich, join):
    one, two = node(redis.url), node(redis.url)
    ann, bob, speaker = rich(one), rich(one), rich(two)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    speaker.join("go", username="speaker")
    for number in range(5):
        speaker.post(str(number), "go")
    assert numbers_of(ann.lines(5)) == [1, 2, 3, 4, 5]
    assert numbers_of(bob.lines(3)) == [1, 2, 3]
    one.kill()
    for number in range(5, 10):
        speaker.post(str(number), "go")
    back = {}
    for seq in (5, 3, 0):
        back[seq] = rich(two)
        joined = back[seq].join("go", username=f"b{seq}", after={"epoch": epoch, "seq": seq})
        assert (joined["recovered"], joined["epoch"]) == (True, epoch)
    speaker.post("next", "go")
    for seq, client in back.items():
        assert numbers_of(client.lines(11 - seq)) == list(range(seq + 1, 12))
    # A new node knows it, too.
    three = node(redis.url)
    late = rich(three)
    assert late.join("go", username="late", after={"epoch": epoch, "seq": 3})["recovered"] is True
    assert numbers_of(late.lines(8)) == list(range(4, 12))
    plain = join(three, "?room=go")
    say(plain, "hi", "plain")
    assert line(plain) == ("go", 12, "plain", "hi")
    assert late.line()["seq"] == speaker.scroll(13, "go")[-1]["seq"] == 12


def test_a_client_may_be_ahead_of_its_new_node(node, redis, proxy, rich):
    between = proxy(redis)
    near, far = node(redis.url), node(between.url)
    ann, bob = rich(near), rich(far)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    between.hold(MESSAGES)
    for number in range(1, 6):
        ann.post(str(number), "go")
    assert numbers_of(ann.lines(5)) == [1, 2, 3, 4, 5]
    back = [rich(far) for _ in range(2)]
    for client, seq in zip(back, (5, 3)):
        joined = client.join("go", username=f"b{seq}", after={"epoch": epoch, "seq": seq})
        assert (joined["recovered"], joined["epoch"]) == (True, epoch)
    between.release()
    ann.post("6", "go")
    assert texts_of([back[0].line()]) == ["6"]
    assert texts_of(back[1].lines(3)) == ["4", "5", "6"]
    assert texts_of(bob.lines(6)) == ["1", "2", "3", "4", "5", "6"]
    # A node that is cut off can't serve it.
    between.hold()
    ann.post("7", "go")
    await_readiness(far, 503)
    late = rich(far)
    resume = {"type": "join", "room": "go", "username": "b7", "after": {"epoch": epoch, "seq": 7}}
    refused = late.ask(**resume)
    assert (refused["type"], refused["code"]) == ("error", "store_unavailable")
    between.release()
    await_readiness(far, 200)
    joined = late.ask(**resume)
    assert (joined["recovered"], joined["seq"]) == (True, 7)
