"""Connections to Redis that work only in part, nodes that stand still, and what operators do to a
Redis that runs."""

import json
import signal
import urllib.request

import pytest

from cluster import await_readiness, post_again
from daemon import PATIENCE
from events import Events
from redis_proxy import MESSAGES, REPLIES
from rich import texts_of
from siege import eventually
from test_cluster_presence import await_names, told
from test_identity import bearer, token


@pytest.fixture
def pair(node, redis, proxy, rich):
    """Two nodes, with a member on each, and the proxy of the first."""
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    return near, far, between, ann, bob


def test_lines_arrive_without_messages(pair):
    near, _, between, ann, bob = pair
    # Not even subscriptions are confirmed.
    between.hold(MESSAGES)
    for number in range(5):
        bob.post(f"b{number}", "go")
        assert texts_of([ann.line()]) == [f"b{number}"]
    assert ann.post("own", "go")["seq"] == 6
    assert ann.line()["seq"] == 6
    between.release()
    bob.post("after", "go")
    assert ann.line()["seq"] == 7


def test_a_subscription_that_redis_ends_is_made_again(pair, redis):
    _, _, _, ann, bob = pair
    for number in range(10):
        redis("CLIENT", "KILL", "TYPE", "pubsub")
        post_again(bob, f"b{number}", f"b{number}", "go")
    assert texts_of(ann.lines(10)) == texts_of(bob.lines(10)) == [f"b{n}" for n in range(10)]


def test_scripts_that_somebody_removes_are_loaded_again(pair, redis):
    near, far, _, ann, bob = pair
    redis("SCRIPT", "FLUSH")
    for number, client in enumerate((ann, bob)):
        assert post_again(client, f"c{number}", f"c{number}", "go")["seq"] == number + 1
    for each in (near, far):
        await_readiness(each, 200)
    assert texts_of(ann.lines(2)) == texts_of(bob.lines(2)) == ["c0", "c1"]


def test_a_node_that_stands_still_comes_back(pair):
    near, _, _, ann, bob = pair
    told(bob, 2)
    near.signal(signal.SIGSTOP)
    told(bob, 1)
    for number in range(5):
        bob.post(f"b{number}", "go")
    near.signal(signal.SIGCONT)
    await_readiness(near, 200)
    assert texts_of(ann.lines(5)) == [f"b{number}" for number in range(5)]
    told(bob, 2)
    await_names(ann, "ann", "bob")
    assert post_again(ann, "after", "after", "go")["seq"] == 6
    assert bob.lines(6)[-1]["message"] == "after"


def test_a_node_whose_name_was_taken_meanwhile_serves_no_senders(pair, node, redis, rich):
    near, _, _, ann, bob = pair
    told(bob, 2)
    near.signal(signal.SIGSTOP)
    told(bob, 1)
    other = node(redis.url, name="node-1")
    await_readiness(other, 200)
    cy = rich(other)
    cy.join("go", username="cy")
    told(bob, 2)
    near.signal(signal.SIGCONT)
    await_readiness(near, 503)
    refused = ann.ask(type="message", room="go", message="hi")
    assert (refused["type"], refused["code"]) == ("error", "store_unavailable")
    # The new one is unharmed.
    assert cy.post("one", "go")["seq"] == 1
    await_names(bob, "bob", "cy")
    other.stop()
    await_readiness(near, 200)
    assert post_again(ann, "two", "two", "go")["seq"] == 2
    assert texts_of(ann.lines(2)) == ["one", "two"]
    await_names(bob, "ann", "bob")


@pytest.mark.parametrize("held", [(), (REPLIES,)])
def test_a_node_that_is_cut_off_can_be_stopped(pair, held):
    near, _, between, ann, _ = pair
    between.hold(*held)
    ann.send(type="message", room="go", message="on its way", id="k")
    near.signal(signal.SIGTERM)
    assert near.wait() == 0


@pytest.mark.plain
def test_event_streams_go_on_at_another_node(pair):
    near, far, _, ann, bob = pair
    with Events(near.port, "rooms/go/events") as stream:
        stream.next("joined")
        for number in range(3):
            bob.post(str(number), "go")
        assert stream.lines(3) == [1, 2, 3]
        last = stream.last_id
    near.kill()
    for number in range(3, 6):
        bob.post(str(number), "go")
    with Events(far.port, "rooms/go/events", after=last) as stream:
        assert stream.lines(3) == [4, 5, 6]


def test_the_api_is_the_same_on_all_nodes(pair, node, redis):
    near, far, _, ann, _ = pair
    for number in range(3):
        ann.post(str(number), "go")
    new = node(redis.url)
    bearing = bearer(token(near.data))["additional_headers"]

    def get(each, target):
        request = urllib.request.Request(each.url(f"/api/v1/rooms/go{target}"), headers=bearing)
        with urllib.request.urlopen(request, timeout=PATIENCE) as got:
            return json.load(got)

    pages = [get(each, "/messages") for each in (near, far, new)]
    assert texts_of(pages[0]["messages"]) == ["0", "1", "2"]
    assert all(page["messages"] == pages[0]["messages"] for page in pages)
    for each in (near, far, new):
        eventually(lambda: get(each, "/members")["count"] == 2, lambda: get(each, "/members"))
