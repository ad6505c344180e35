"""How nodes reach their Redis servers, which servers they refuse, and starts that wait."""

import re
import signal
import socket

import pytest

from cluster import FREE, await_readiness, post_again
from daemon import run
from test_settings import EX_USAGE, complaint

WAITS = re.compile("The start waits for a Redis of the cluster")


def meets(rich, *nodes):
    """A line of the first node's member reaches those of all."""
    clients = [rich(each) for each in nodes]
    for number, client in enumerate(clients):
        client.join("go", username=f"c{number}")
    seq = clients[0].post("hi", "go")["seq"]
    for client in clients:
        while client.line()["seq"] != seq:
            pass
    return clients


@pytest.mark.parametrize("way", ["tcp", "unix", "password", "user", "database"])
def test_urls(node, serve_redis, proxy, rich, way):
    redis = serve_redis()
    url = proxy(redis).url
    match way:
        case "unix":
            url = redis.url
        case "password":
            redis("CONFIG", "SET", "requirepass", "s3:cret/")
            url = url.replace("//", "//:s3%3Acret%2F@")
        case "user":
            redis("ACL", "SETUSER", "chat", "on", ">s3cret", "~hubbub:*", "&hubbub:*", "+@all")
            url = url.replace("//", "//chat:s3cret@")
        case "database":
            url += "/3"
    one, two = node(url), node(url)
    meets(rich, one, two)
    if way == "database":
        assert redis("DBSIZE") == 0
    assert "s3" not in "\n".join(one.lines)


def test_the_password_may_stand_in_the_environment(start, serve_redis, proxy, rich):
    redis = serve_redis("--requirepass", "s3cret")
    url = proxy(redis).url.replace("//", "//:s3cret@")
    one = start(*FREE, HUBBUB_CLUSTER=url)
    meets(rich, one)
    # Without a name, it is the host's with the port.
    assert re.search(rf"{socket.gethostname().split('.')[0]}-{one.port}\b", "\n".join(one.lines))
    assert "s3cret" not in "\n".join(one.lines)


# What makes a server unfit, what is said of it, and its remedy.
UNFIT = {
    "evicting": (
        [("CONFIG", "SET", "maxmemory", "100mb"),
         ("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")],
        "set maxmemory-policy to noeviction instead of allkeys-lru",
        ("CONFIG", "SET", "maxmemory-policy", "noeviction")),
    "replica": ([("REPLICAOF", "127.0.0.1", "1")], "READONLY", ("REPLICAOF", "NO", "ONE")),
    "no rights": (
        [("ACL", "SETUSER", "chat", "on", ">s3cret", "+@all"),
         ("ACL", "SETUSER", "chat", "resetkeys", "~other:*")],
        "NOPERM", ("ACL", "SETUSER", "chat", "~hubbub:*", "&hubbub:*")),
    "unknown user": (
        [], "WRONGPASS", ("ACL", "SETUSER", "chat", "on", ">s3cret", "+@all", "~*", "&*")),
}


@pytest.mark.parametrize("why", UNFIT)
def test_a_server_that_cannot_be_a_shard_is_named_and_awaited(node, redis, proxy, rich, why):
    spoiling, said, remedy = UNFIT[why]
    for command in spoiling:
        redis(*command)
    url = proxy(redis).url
    if why in ("no rights", "unknown user"):
        url = url.replace("//", "//chat:s3cret@")
    waiting = node(url, waits=False)
    assert said in waiting.wait_for(re.compile(f"^.*{WAITS.pattern}.*$")).group()
    assert waiting.process.poll() is None
    redis(*remedy)
    waiting.await_start()
    meets(rich, waiting)
    assert "s3cret" not in "\n".join(waiting.lines)


def test_a_redis_cluster_is_refused(node, serve_redis):
    waiting = node(serve_redis("--cluster-enabled", "yes").url, waits=False)
    said = waiting.wait_for(re.compile(f"^.*{WAITS.pattern}.*$")).group()
    assert "it is a node of a Redis Cluster, which is not supported" in said


@pytest.mark.parametrize("why", ["evicting", "replica"])
def test_a_shard_that_becomes_unfit_is_named(node, redis, proxy, rich, why):
    spoiling, said, remedy = UNFIT[why]
    between = proxy(redis)
    here = node(between.url)
    ann, = meets(rich, here)
    for command in spoiling:
        redis(*command)
    # It is looked at on each new connection.
    between.cut()
    await_readiness(here, 503)
    here.wait_for(re.compile(f"warning.*{said}|error.*{said}|warning.*replica|error.*replica"))
    redis(*remedy)
    await_readiness(here, 200)
    post_again(ann, "after", "after", "go")


def test_a_node_awaits_a_redis_that_starts_later(node, serve_redis, proxy, rich):
    redis = serve_redis()
    url = proxy(redis).url
    redis.kill()
    waiting = node(url, waits=False)
    waiting.wait_for(WAITS)
    assert not any("listening" in each for each in waiting.lines)
    redis.start()
    waiting.await_start()
    await_readiness(waiting, 200)
    meets(rich, waiting, node(url))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_node_that_waits_ends_when_it_is_told_to(node, serve_redis, proxy, number):
    redis = serve_redis()
    between = proxy(redis)
    between.hold()
    waiting = node(between.url, waits=False)
    waiting.wait_for(WAITS)
    waiting.signal(number)
    assert waiting.wait() == 0


def test_rooms_of_a_shard_that_is_away(node, serve_redis, proxy, rich):
    shards = [serve_redis() for _ in range(3)]
    between = [proxy(each) for each in shards]
    urls = [each.url for each in between]
    one, two = node(*urls), node(*urls)
    clients = [rich(each) for each in (one, two)]
    rooms = [f"r{number}" for number in range(8)]
    for number, client in enumerate(clients):
        for room in rooms:
            client.join(room, username=f"c{number}")
    for room in rooms:
        assert clients[0].post("before", room)["seq"] == 1
    # Each shard has some of them.
    places = {room: [each for each, shard in enumerate(shards)
                     if shard("EXISTS", f"hubbub:room:{room}")] for room in rooms}
    assert all(len(place) == 1 for place in places.values())
    assert {place for place, in places.values()} == {0, 1, 2}
    between[2].hold()
    for each in (one, two):
        await_readiness(each, 503)
    # The rooms of the others go on.
    for room in rooms:
        line = {"type": "message", "room": room, "message": "after", "id": f"after {room}"}
        if places[room] == [2]:
            assert clients[1].ask(**line)["code"] == "store_unavailable"
        else:
            assert clients[1].ask(**line)["seq"] == 2
    between[2].release()
    for each in (one, two):
        await_readiness(each, 200)
    for room in rooms:
        assert post_again(clients[1], f"after {room}", "after", room)["seq"] == 2
    for client in clients:
        heard = {room: [] for room in rooms}
        for told in client.lines(2 * len(rooms)):
            heard[told["room"]].append(told["message"])
        assert all(texts == ["before", "after"] for texts in heard.values()), heard


@pytest.mark.parametrize("arguments, named", [
    (["--cluster", "http://127.0.0.1"], "--cluster http://127.0.0.1"),
    (["--cluster", "unix:///a", "--cluster", "unix:///a"], "twice"),
    (["--cluster", "unix:///a", "--history", "none"], "--history"),
    (["--cluster", "unix:///a", "--node-name", "a b"], "--node-name a b"),
])
def test_wrong_settings_are_named(arguments, named):
    assert named in complaint(run("serve", "--port", "0", *arguments), EX_USAGE)
