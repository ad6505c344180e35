"""Readers of one room: when the last of them was told of each change.

It runs in a process of its own, with the port, the room and the number of readers. Each line of its
standard input names a type of events and how often its numbers add up, and it prints the time when
all readers have got so many.
"""

import gc
import re
import select
import socket
import sys
import time

from packets import handshake, join

PATIENCE = 20
# Bytes that are kept of what has arrived: more than an event has.
KEPT = 65_536


def opened(port: int, room: str, number: int) -> socket.socket:
    """A reader that takes changes."""
    # Limits for single addresses don't apply.
    source = f"127.0.{4 + number // 200}.{number % 200 + 1}", 0
    reader = socket.create_connection(("127.0.0.1", port), PATIENCE, source)
    reader.sendall(handshake() + join(room, username=f"r{number}", rev=0, history=0))
    head = b""
    while b'"type":"joined"' not in head:
        if not (data := reader.recv(65_536)):
            sys.exit(f"crowd: closed: {head[-200:]!r}")
        head += data
    reader.setblocking(False)
    return reader


def main() -> None:
    port, room, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    gc.disable()
    readers = {each.fileno(): each
               for each in (opened(port, room, number) for number in range(count))}
    poll = select.epoll()
    for descriptor in readers:
        poll.register(descriptor, select.EPOLLIN)
    print("ready", flush=True)
    for order in sys.stdin:
        kind, goal = order.split()
        watch(readers, poll, kind, int(goal))


def watch(readers: dict[int, socket.socket], poll: select.epoll, kind: str, goal: int) -> None:
    found = re.compile(
        rb'"type":"purged"[^{}]*?"count":(\d+)' if kind == "purged"
        else rb'"type":"%s"()' % kind.encode())
    input = dict.fromkeys(readers, b"")
    got = dict.fromkeys(readers, 0)
    left, last = len(readers), 0.0
    while left:
        events = poll.poll(PATIENCE)
        if not events:
            sys.exit(f"crowd: {left} readers weren't told of {kind}")
        for descriptor, _ in events:
            data = readers[descriptor].recv(1 << 18)
            if not data:
                sys.exit("crowd: the server closed a connection")
            text = input[descriptor] + data
            end = 0
            for each in found.finditer(text):
                end = each.end()
                before = got[descriptor]
                got[descriptor] += int(each[1] or 1)
                if before < goal <= got[descriptor]:
                    left -= 1
                    last = time.monotonic()
            input[descriptor] = text[end:][-KEPT:]
    print(last, flush=True)


if __name__ == "__main__":
    main()
