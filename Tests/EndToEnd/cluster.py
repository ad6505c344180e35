"""Fixtures: nodes, their Redis servers, and proxies between them, which end with their test."""

import urllib.error
import urllib.request

import pytest

from daemon import PATIENCE, Daemon
from redis_proxy import RedisProxy
from redis_server import Redis
from siege import eventually

FREE = ("--lines-per-second", "0")


@pytest.fixture
def serve_redis():
    """Starts Redis servers with the given arguments."""
    running = []

    def serve(*arguments: str, **options) -> Redis:
        running.append(Redis(*arguments, **options))
        return running[-1]

    yield serve
    for server in running:
        server.stop()


@pytest.fixture
def redis(serve_redis) -> Redis:
    """A Redis server that keeps nothing on the disk."""
    return serve_redis()


@pytest.fixture
def proxy():
    """Starts proxies in front of a Redis server."""
    running = []

    def proxy(target: Redis) -> RedisProxy:
        running.append(RedisProxy(target.path))
        return running[-1]

    yield proxy
    for each in running:
        each.stop()


@pytest.fixture
def node(serve_redis, proxy, start):
    """Starts nodes, which end before their Redis servers. Each URL is that of a shard."""
    count = 0

    def node(*shards: str, name: str = "", flags: tuple[str, ...] = (), **options) -> Daemon:
        nonlocal count
        count += 1
        cluster = [flag for url in shards for flag in ("--cluster", url)]
        return start(
            *cluster, "--node-name", name or f"node-{count}", *FREE, *flags, **options)

    return node


def readiness(node: Daemon) -> int:
    try:
        with urllib.request.urlopen(node.url("/readyz"), timeout=PATIENCE) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def await_readiness(node: Daemon, status: int):
    eventually(lambda: readiness(node) == status, lambda: node.lines)


def post_again(client, id: str, message: str, room: str = "lobby") -> dict:
    """Sends a line with the same id until it is acknowledged, as a client does."""
    while (reply := client.ask(type="message", room=room, message=message, id=id))["type"] != "ack":
        assert reply["code"] == "store_unavailable", reply
    return reply


def check_numbers(*clients, room: str = "lobby"):
    """In what these clients saw of a room, each number stands for one line in each epoch."""
    known = {}
    for client in clients:
        epoch, own = None, {}
        for event in client.events:
            if event.get("room") != room:
                continue
            if event["type"] in ("joined", "epoch"):
                epoch = event["epoch"]
            if event["type"] == "message":
                line = event["username"], event["message"], event["time"]
                assert known.setdefault((epoch, event["seq"]), line) == line, (epoch, event)
            if event["type"] == "ack" and "seq" in event:
                own[event["id"]] = epoch, event["seq"]
        assert len(set(own.values())) == len(own), own
