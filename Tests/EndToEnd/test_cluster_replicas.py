"""Lines that replicas must have before they are acknowledged."""

import pytest

from cluster import await_readiness, post_again
from redis_proxy import REPLIES
from rich import fresh_id, texts_of
from siege import eventually


@pytest.fixture
def replicated(serve_redis, proxy):
    """A master, its replica, and the proxy between the two."""
    master = serve_redis("--repl-diskless-sync-delay", "0")
    stream = proxy(master)
    replica = serve_redis("--replicaof", "127.0.0.1", str(stream.port))
    eventually(lambda: b"master_link_status:up" in replica("INFO", "replication"),
               lambda: replica.log)
    return master, replica, stream


def test_a_line_is_acknowledged_when_the_replica_has_it(replicated, node, rich):
    master, replica, stream = replicated
    here = node(master.url, flags=("--cluster-wait", "1"))
    ann, bob = rich(here), rich(here)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    assert ann.post("one", "go")["seq"] == 1
    assert replica("XLEN", "hubbub:room:go") == 1
    stream.hold(REPLIES)
    id = fresh_id()
    refused = ann.ask(type="message", room="go", message="two", id=id)
    assert (refused["type"], refused["code"]) == ("error", "store_unavailable")
    # It is there, but it may be lost.
    assert refused["unknown"] is True
    await_readiness(here, 503)
    stream.release()
    await_readiness(here, 200)
    assert post_again(ann, id, "two", "go")["seq"] == 2
    assert replica("XLEN", "hubbub:room:go") == 2
    assert ann.post("three", "go")["seq"] == 3
    for client in (ann, bob):
        assert texts_of(client.lines(3)) == ["one", "two", "three"]


def test_no_acknowledged_line_is_lost_with_the_master(replicated, node, proxy, rich):
    master, replica, stream = replicated
    between = proxy(master)
    here = node(between.url, flags=("--cluster-wait", "1"))
    ann = rich(here)
    ann.join("go", username="ann")
    acknowledged = [ann.post(str(number), "go")["seq"] for number in range(20)]
    stream.hold(REPLIES)
    refused = ann.ask(type="message", room="go", message="lost", id="k")
    assert refused["unknown"] is True
    master.kill()
    stream.cut()
    # The next master needs no replica until it has one.
    replica("REPLICAOF", "NO", "ONE")
    between.target = replica.path
    between.cut()
    late = rich(node(replica.url))
    lines = late.join("go", username="late", history=200)["seq"]
    assert lines >= len(acknowledged)
    assert texts_of(late.lines(20)) == [str(number) for number in range(20)]
    assert acknowledged == list(range(1, 21))
