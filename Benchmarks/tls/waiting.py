#!/usr/bin/env python3
"""How long a line takes while many handshakes wait: `waiting.py BINARY [rsa|ecdsa] [2000]`.

The handshakes arrive at once, and their clients send no more than their hello, so they cost nobody
but the daemon.
"""

import select
import socket
import ssl
import sys
import tempfile
import time

from peer import Daemon, certificate, context, line, raise_descriptor_limit


def hello() -> bytes:
    outgoing = ssl.MemoryBIO()
    session = context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def times(ann, bob, goes_on) -> list[float]:
    """Milliseconds from ann's line to bob, sorted."""
    text, found = line(), []
    while goes_on(found):
        start = time.perf_counter()
        ann.sendall(text)
        bob.recv(65_536)
        found.append((time.perf_counter() - start) * 1_000)
        ann.recv(65_536)
        time.sleep(0.001)
    return sorted(found)


def summary(found: list[float]) -> str:
    p50, p99 = (found[int(len(found) * share)] for share in (0.5, 0.99))
    return f"p50 {p50:.3f}, p99 {p99:.3f}, max {found[-1]:.3f} ms of {len(found)} lines"


def main(binary: str, kind: str = "rsa", count: str = "2000"):
    raise_descriptor_limit()
    with tempfile.TemporaryDirectory() as folder, \
            Daemon(binary, "--handshake-timeout", "60", *certificate(folder, kind)) as daemon:
        ann, bob = daemon.connected(context()), daemon.connected(context())
        times(ann, bob, lambda found: len(found) < 200)
        print("alone: ", summary(times(ann, bob, lambda found: len(found) < 2_000)))
        first, poll, answered = hello(), select.epoll(), 0
        waiting = [socket.create_connection(("127.0.0.1", daemon.port)) for _ in range(int(count))]
        for each in waiting:
            poll.register(each, select.EPOLLIN | select.EPOLLONESHOT)
        start = time.perf_counter()
        for each in waiting:
            each.sendall(first)

        def goes_on(_) -> bool:
            nonlocal answered
            answered += len(poll.poll(0))
            return answered < len(waiting)

        print("during:", summary(times(ann, bob, goes_on)))
        print(f"{count} hellos are answered in {time.perf_counter() - start:.2f} s ({kind})")


if __name__ == "__main__":
    main(*sys.argv[1:])
