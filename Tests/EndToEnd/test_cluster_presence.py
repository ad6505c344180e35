"""Members of a room over several nodes, nodes that end, and their names."""

import re
import time

from cluster import await_readiness
from daemon import PATIENCE
from rich import numbers_of


def told(client, count: int) -> dict:
    """The next presence with this count."""
    while (event := client.expect("presence"))["count"] != count:
        pass
    return event


def names(client, room: str = "go") -> list[str]:
    return sorted(client.members(room)["usernames"])


def await_names(client, *wanted: str):
    """Waits until these are the members. If they aren't yet, there will be an event."""
    while names(client) != sorted(wanted):
        client.expect("presence")


def test_members_of_all_nodes_are_counted_and_named(node, redis, rich, join):
    one, two, three = (node(redis.url) for _ in range(3))
    ann, bob = rich(one), rich(two)
    ann.join("go", username="ann")
    bob.join("go", username="bob")
    told(ann, 2)
    plain = join(three, "?room=go")
    for client in (ann, bob):
        told(client, 3)
    cy = rich(three)
    cy.join("go", username="cy")
    for client in (ann, bob):
        told(client, 4)
        await_names(client, "ann", "bob", "cy")
    plain.close()
    bob.leave("go")
    told(ann, 2)
    cy.client.close()
    told(ann, 1)
    assert names(ann) == ["ann"]


def test_members_of_a_killed_node_are_gone(node, redis, rich):
    one, two = node(redis.url), node(redis.url)
    ann = rich(one)
    ann.join("go", username="ann")
    ghosts = [rich(two) for _ in range(5)]
    for number, ghost in enumerate(ghosts):
        ghost.join("go", username=f"g{number}")
    told(ann, 6)
    two.kill()
    killed = time.monotonic()
    told(ann, 1)
    # They are gone within five seconds. The machine may be slow.
    assert time.monotonic() - killed < 5 + PATIENCE / 2
    assert names(ann) == ["ann"]


def test_members_of_a_node_that_stops_are_gone_at_once(node, redis, rich):
    one, two = node(redis.url), node(redis.url)
    ann, bob = rich(one), rich(two)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    told(ann, 2)
    two.stop()
    told(ann, 1)
    # Its name is free, too.
    two = node(redis.url, name="node-2")
    bob = rich(two)
    bob.join("go", username="bob")
    told(ann, 2)


def test_members_of_a_node_that_is_cut_off_come_back(node, redis, proxy, rich):
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    told(ann, 2), told(bob, 2)
    between.hold()
    told(bob, 1)
    between.release()
    told(bob, 2)
    assert names(bob) == ["ann", "bob"]
    await_names(ann, "ann", "bob")


def test_a_name_is_of_one_node(node, start, redis, rich):
    first = node(redis.url, name="web1")
    ann, bob = rich(first), rich(first)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    # It hears of the lines before it is refused, and says none.
    second = node(redis.url, name="web1")
    for number in range(5):
        ann.post(str(number), "go")
    assert second.wait() == 69
    said = [each for each in second.lines if "web1" in each][-1]
    assert re.search("--node-name web1: another node has the name", said), second.lines
    ann.post("after", "go")
    assert numbers_of(bob.lines(6)) == [1, 2, 3, 4, 5, 6]
    assert not any("has the name" in each for each in first.lines)
    # After a crash the name's lease ends by itself.
    first.kill()
    again = node(redis.url, name="web1")
    await_readiness(again, 200)
    back = rich(again)
    joined = back.join("go", username="ann", after={"epoch": epoch, "seq": 4})
    assert (joined["recovered"], joined["seq"]) == (True, 6)
    assert numbers_of(back.lines(2)) == [5, 6]
    assert back.post("again", "go")["seq"] == 7
