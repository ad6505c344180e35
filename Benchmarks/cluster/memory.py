"""What Redis keeps for a line, and for the id of a line.

    python3 Benchmarks/cluster/memory.py --daemon .build/release/hubbub

It starts a Redis on a local socket, and a node. One room gets lines without ids, and another one as many with ids. Redis
says what its data takes before and after."""

import argparse
import re
from contextlib import ExitStack

from cluster import Client, Node, Redis, ready

NAME = "somebody"
TEXT = "a line"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--daemon", required=True)
    parser.add_argument("--lines", type=int, default=20_000, help="of each kind")
    options = parser.parse_args()
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        node = ready(
            stack.enter_context(
                Node(options.daemon, "--cluster", redis.url, "--retain-lines", str(options.lines))))
        line = cost(redis, node, options.lines, "plain", {})
        keyed = cost(redis, node, options.lines, "keyed", {"id": "id-{:06}"})
        print(f"a line by {NAME}: {line - len(TEXT):.0f} bytes and its text; with an id {keyed - line:.0f} more")


def member(node: Node, room: str) -> Client:
    """A client whose room is open, so that Redis has what each room needs."""
    client = Client(node, room, "Sec-WebSocket-Protocol: hubbub.v1\r\n")
    client.send({"type": "join", "room": room, "id": "join"})
    client.await_line('"joined"')
    return client


def cost(redis: Redis, node: Node, count: int, room: str, fields: dict) -> float:
    """The bytes that each line of a room takes."""
    client, before = member(node, room), used(redis)
    for number in range(1, count + 1):
        line = {"type": "message", "room": room, "username": NAME, "message": TEXT}
        client.send(line | {name: value.format(number) for name, value in fields.items()})
        # No more at once than the node takes.
        if number % 100 == 0:
            client.await_line(f'"seq":{number},')
    return (used(redis) - before) / count


def used(redis: Redis) -> int:
    return int(re.search(r"used_memory_dataset:(\d+)", redis.ask("INFO", "memory"))[1])


if __name__ == "__main__":
    main()
