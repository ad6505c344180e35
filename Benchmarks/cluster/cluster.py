"""What a Redis between nodes costs: lines a second, the time of a lone line, Redis' work for a line, and for the clients of
a node that has died.

    python3 Benchmarks/cluster/cluster.py --daemon .build/release/hubbub --load .build/release/hubbub-load

It starts a Redis on a local socket, which keeps nothing on the disk, and nodes that listen on free ports. On a machine with
few cores all of them share these, so compare what was measured in one run."""

import argparse
import base64
import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack

LISTENING = re.compile(r"listening on \S*:(\d+)")
FREE = ("--lines-per-second", "0", "--cost-per-second", "0", "--errors-per-minute", "0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--daemon", required=True)
    parser.add_argument("--load", required=True, help="hubbub-load")
    parser.add_argument("--clients", type=int, default=10_000, help="those of the node that dies")
    parser.add_argument("--rooms", type=int, default=10, help="in which these clients are")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=400, help="lone lines for each kind of store")
    options = parser.parse_args()
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        alone(stack, redis, options)
        work(stack, redis, options)
        flood(stack, redis, options)
        death(stack, redis, options)


class Redis:
    """A Redis server on a local socket."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="redis-")
        self.path = f"{self.folder.name}/s"
        self.url = f"unix://{self.path}"
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "", "--dir", self.folder.name],
            stdout=subprocess.DEVNULL)
        while not os.path.exists(self.path):
            time.sleep(0.01)

    def __enter__(self) -> "Redis":
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def ask(self, *words: str) -> str:
        return subprocess.run(
            ["redis-cli", "-s", self.path, *words], check=True, capture_output=True, text=True).stdout

    def calls(self) -> int:
        """The scripts that it has carried out."""
        found = re.search(r"cmdstat_evalsha:calls=(\d+)", self.ask("INFO", "commandstats"))
        return int(found[1]) if found else 0

    def seconds(self) -> float:
        """Its processor time."""
        return sum(float(each) for each in re.findall(r"used_cpu_\w+:([\d.]+)", self.ask("INFO", "cpu"))[:2])


class Node:
    """A daemon."""

    def __init__(self, daemon: str, *flags: str):
        self.data = tempfile.TemporaryDirectory(prefix="hubbub-benchmark-")
        self.process = subprocess.Popen(
            [daemon, "serve", "--host", "127.0.0.1", "--port", "0", "--data", self.data.name, *FREE, *flags],
            stderr=subprocess.PIPE, text=True)
        self.port = next(int(found[1]) for line in self.process.stderr if (found := LISTENING.search(line)))

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *_) -> None:
        self.process.kill()
        self.process.communicate()
        self.data.cleanup()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def is_ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return client.recv(64).startswith(b"HTTP/1.1 200")


def nodes(stack: ExitStack, redis: Redis, daemon: str, count: int) -> list[Node]:
    return [ready(stack.enter_context(Node(daemon, "--cluster", redis.url))) for _ in range(count)]


def ready(node: Node) -> Node:
    while not node.is_ready():
        time.sleep(0.01)
    return node


class Client:
    """A client that sends small lines: a plain one, or one of the rich dialect."""

    def __init__(self, node: Node, room: str, *fields: str):
        self.socket = socket.create_connection(("127.0.0.1", node.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws?room={room} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{''.join(fields)}\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            some = self.socket.recv(4096)
            assert some, f"a node has refused a client: {head}"
            head += some
        assert head.startswith(b"HTTP/1.1 101 "), head

    def say(self, text: str) -> None:
        self.send({"username": "ann", "message": text})

    def send(self, command: dict) -> None:
        body = json.dumps(command, separators=(",", ":")).encode()
        assert len(body) < 126
        # The mask of zeros changes nothing.
        self.socket.sendall(bytes([0x81, 0x80 | len(body)]) + bytes(4) + body)

    def await_line(self, text: str) -> None:
        received = b""
        while text.encode() not in received:
            some = self.socket.recv(1 << 16)
            assert some, f"a node has ended a connection after {received}"
            received += some


def present(client: Client) -> Client:
    """The client, when its room is open."""
    client.say("Hello!")
    client.await_line("Hello!")
    return client


def alone(stack: ExitStack, redis: Redis, options: argparse.Namespace) -> None:
    """From sending a line to receiving it, one line after the other, in turn with each kind of store."""
    stores = {
        "sqlite": ("--history", "sqlite"), "cluster": ("--cluster", redis.url), "none": ("--history", "none")}
    with ExitStack() as inner:
        clients = {
            name: present(Client(ready(inner.enter_context(Node(options.daemon, *flags))), "alone"))
            for name, flags in stores.items()}
        times = {name: [] for name in stores}
        for number in range(options.lines):
            for name, client in clients.items():
                start = time.perf_counter()
                client.say(f"line {number}.")
                client.await_line(f"line {number}.")
                times[name].append((time.perf_counter() - start) * 1_000)
        for name, taken in times.items():
            tenths = statistics.quantiles(taken, n=100)
            print(f"a lone line, {name}: p50 {statistics.median(taken):.3f} ms, p99 {tenths[98]:.3f} ms")


def work(stack: ExitStack, redis: Redis, options: argparse.Namespace) -> None:
    """Scripts and messages for a line to a room on three nodes."""
    with ExitStack() as inner:
        three = nodes(inner, redis, options.daemon, 3)
        clients = [present(Client(node, "work")) for node in three]
        watcher = inner.enter_context(subprocess.Popen(
            ["redis-cli", "-s", redis.path, "MONITOR"], stdout=subprocess.PIPE, text=True))
        watcher.stdout.readline()
        clients[0].say("the line that counts")
        for client in clients:
            client.await_line("the line that counts")
        # What Redis does after it comes after it.
        redis.ask("ECHO", "the end")
        seen = []
        for line in watcher.stdout:
            if "the end" in line:
                break
            seen.append(line)
        watcher.kill()
        scripts = [line for line in seen if '"EVALSHA"' in line and "the line that counts" in line]
        published = [line for line in seen if '"PUBLISH"' in line and "the line that counts" in line]
        listeners = redis.ask("PUBSUB", "NUMSUB", "hubbub:in:work").split()[-1]
        print(f"a line to a room on three nodes: {len(scripts)} script, {len(published)} publication "
              f"to {listeners} nodes")


def flood(stack: ExitStack, redis: Redis, options: argparse.Namespace) -> None:
    """Lines a second that nodes take from as many senders as keep them busy."""
    for count in (1, 2):
        with ExitStack() as inner:
            some = nodes(inner, redis, options.daemon, count)
            before, start = redis.seconds(), time.monotonic()
            loads = [
                subprocess.Popen(
                    [options.load, "flood", f"{node.url}?room=flood{number}", "--connections", "4", "--senders", "4",
                     "--warmup", "1", "--duration", str(options.seconds), "--payload", "64", "--json"],
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                for number, node in enumerate(some)]
            reports = [json.loads(load.communicate()[0]) for load in loads]
            share = (redis.seconds() - before) / (time.monotonic() - start)
            total = sum(report["lines"]["per_second"] for report in reports)
            print(f"lines a second over {count} nodes: {total:,.0f}, with {share:.0%} of a core for Redis")


def death(stack: ExitStack, redis: Redis, options: argparse.Namespace) -> None:
    """What Redis does until the clients of a node that was killed are on another one."""
    with ExitStack() as inner:
        dying, other = nodes(inner, redis, options.daemon, 2)
        rooms = [f"room{number}" for number in range(options.rooms)]
        crowd = [Client(dying, rooms[number % len(rooms)]) for number in range(options.clients)]
        present(crowd[-1])
        dying.process.kill()
        for client in crowd:
            client.socket.close()
        before, start = redis.calls(), time.monotonic()
        crowd = [Client(other, rooms[number % len(rooms)]) for number in range(options.clients)]
        for number in range(len(rooms)):
            present(crowd[-1 - number])
        for number in range(len(rooms)):
            crowd[number].say("after")
        for client in crowd:
            client.await_line("after")
        seconds = time.monotonic() - start
        during = redis.calls() - before
        before, start = redis.calls(), time.monotonic()
        time.sleep(5)
        idle = (redis.calls() - before) / (time.monotonic() - start)
        print(f"{options.clients} clients in {len(rooms)} rooms came from a dead node within {seconds:.1f} s: "
              f"{during} scripts, of which about {idle * seconds:.0f} are those of a quiet node")


if __name__ == "__main__":
    main()
