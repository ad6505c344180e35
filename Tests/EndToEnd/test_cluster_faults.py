"""A Redis that can't be reached, stands still or is slow: readers stay, senders are told, and the
nodes recover by themselves."""

import threading

from chat import hear, line, say
from cluster import await_readiness, check_numbers, post_again, readiness
from rich import fresh_id, numbers_of, texts_of


def unavailable(client, room: str = "go"):
    """A line of this client is refused for now."""
    refused = client.ask(type="message", room=room, message="not now")
    assert (refused["type"], refused["code"]) == ("error", "store_unavailable"), refused
    assert refused["retry_after_ms"] > 0


def test_a_node_that_is_cut_off_recovers_by_itself(node, redis, proxy, rich, join):
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    plain = join(near, "?room=go")
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    bob.post("before", "go")
    assert line(plain)[1] == 1
    between.hold()
    id = fresh_id()
    ann.send(type="message", room="go", message="on its way", id=id)
    await_readiness(near, 503)
    # It may have reached Redis.
    told = ann.reply(id)
    assert (told["code"], told["unknown"]) == ("store_unavailable", True)
    eve = rich(near)
    for _ in range(3):
        say(plain, "not now", "plain")
        assert hear(plain)["code"] == "store_unavailable"
    for number in range(20):
        bob.post(str(number), "go")
    assert readiness(far) == 200
    # The history that the node has is read.
    assert texts_of(ann.page(2, 1, "go")["messages"]) == ["before"]
    between.release()
    await_readiness(near, 200)
    ack = post_again(ann, id, "on its way", "go")
    ann.post("after", "go")
    lines = bob.lines(23)
    assert numbers_of(lines) == list(range(1, 24))
    assert lines[ack["seq"] - 1]["message"] == "on its way"
    assert ann.lines(23) == lines
    assert [line(plain)[1] for _ in range(22)] == list(range(2, 24))
    assert eve.join("go", username="eve")["epoch"] == epoch
    assert len([each for each in near.lines if " warning " in each or " error " in each]) <= 20


def test_a_node_whose_connections_are_cut_is_hardly_slower(node, redis, proxy, rich, join):
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    for number in range(20):
        between.cut()
        post_again(ann, f"a{number}", f"a{number}", "go")
        bob.post(f"b{number}", "go")
    lines = ann.lines(40)
    assert numbers_of(lines) == list(range(1, 41)) and bob.lines(40) == lines
    assert len(set(texts_of(lines))) == 40
    check_numbers(ann, bob, room="go")


def test_a_redis_that_stands_still_is_awaited(node, redis, rich, join):
    nodes = [node(redis.url) for _ in range(2)]
    clients = [rich(each) for each in nodes]
    plain = join(nodes[1], "?room=go")
    epoch = [client.join("go", username=f"c{number}")["epoch"]
             for number, client in enumerate(clients)][0]
    clients[0].post("before", "go")
    redis.pause()
    for each in nodes:
        await_readiness(each, 503)
    for client in clients:
        unavailable(client)
    redis.resume()
    for each in nodes:
        await_readiness(each, 200)
    for number, client in enumerate(clients):
        assert post_again(client, f"a{number}", f"a{number}", "go")["seq"] == 2 + number
    for client in clients:
        assert texts_of(client.lines(3)) == ["before", "a0", "a1"]
    assert [line(plain)[1] for _ in range(3)] == [1, 2, 3]
    # Nothing was lost: it is the same epoch.
    assert rich(nodes[1]).join("go", username="late")["epoch"] == epoch


def test_a_slow_redis_only_costs_time(node, serve_redis, proxy, rich, join):
    redis = serve_redis("--enable-debug-command", "yes")
    between = proxy(redis)
    near, far = node(between.url), node(redis.url)
    ann, bob = rich(near), rich(far)
    ann.join("go", username="ann"), bob.join("go", username="bob")
    between.latency = 0.25
    ids = [fresh_id() for _ in range(10)]
    for id in ids:
        ann.send(type="message", room="go", message=id, id=id)
    for id in ids:
        assert ann.reply(id)["type"] == "ack"
    # Redis itself does nothing for a while.
    sleeper = threading.Thread(target=lambda: redis("DEBUG", "SLEEP", "0.7"))
    sleeper.start()
    for number in range(10):
        post_again(bob, f"b{number}", f"b{number}", "go")
    sleeper.join()
    between.latency = 0
    lines = bob.lines(20)
    assert numbers_of(lines) == list(range(1, 21)) and ann.lines(20) == lines
    assert texts_of(lines) == [*ids, *(f"b{number}" for number in range(10))]


def test_a_full_redis_takes_no_lines_until_there_is_room(node, redis, rich):
    nodes = [node(redis.url) for _ in range(2)]
    ann, bob = (rich(each) for each in nodes)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    ann.post("before", "go")
    redis("CONFIG", "SET", "maxmemory", 1)
    for client in (ann, bob):
        # The first one is refused by Redis, and the others by the node.
        for _ in range(3):
            unavailable(client)
    await_readiness(nodes[0], 503)
    # What is there can be read.
    late = rich(nodes[0])
    assert late.join("go", username="late")["epoch"] == epoch
    assert texts_of([late.line()]) == ["before"]
    redis("CONFIG", "SET", "maxmemory", 0)
    for each in nodes:
        await_readiness(each, 200)
    assert post_again(bob, "after", "after", "go")["seq"] == 2
    for client in (ann, bob, late):
        assert client.line()["seq"] == (1 if client is not late else 2)


def test_a_master_that_becomes_a_replica_takes_no_lines(node, redis, serve_redis, proxy, rich):
    other = serve_redis()
    ahead = proxy(other)
    ahead.hold()
    here = node(redis.url)
    ann = rich(here)
    epoch = ann.join("go", username="ann")["epoch"]
    ann.post("before", "go")
    redis("REPLICAOF", "127.0.0.1", ahead.port)
    unavailable(ann)
    await_readiness(here, 503)
    redis("REPLICAOF", "NO", "ONE")
    await_readiness(here, 200)
    # It may have lost what it has acknowledged: its line of replication is another one.
    joined = rich(here).join("go", username="late")
    assert joined["epoch"] != epoch and joined["seq"] == 1
