"""The process of an attack: opens its connections, and sends as fast as it may.

It runs only when its core has nothing else to do (SCHED_IDLE), so that it doesn't delay the
bystander on the same core. It prints `open`, begins with the first line on its standard input, and
at its end prints what it has sent.
"""

import collections
import errno
import gc
import itertools
import json
import os
import resource
import select
import socket
import struct
import sys
import time
from dataclasses import replace

from attacks import ATTACKS, Attack, Scene, Script
from scenery import prepare

# Bytes that are received and dropped in one call.
DROPPED = 1 << 20
# Seconds of a turn of the loop.
TURN = 0.005
# Ports of one address are used up quickly by connections that come and go.
SOURCES = [f"127.0.2.{number}" for number in range(1, 33)]
# Bytes that a new connection costs besides its data: SYN, ACK and FIN with their headers.
NEW = 200
RESET = struct.pack("ii", 1, 0)


class Peer:
    """One connection, which is opened again when it ends."""

    def __init__(self, number: int, script: Script):
        self.number = number
        self.script = script
        self.socket: socket.socket | None = None
        self.rest = memoryview(b"")
        self.has_cycled = False

    def open(self, port: int, attack: Attack, source: str) -> int:
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not attack.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.bind((source, 0))
        code = self.socket.connect_ex(("127.0.0.1", port))
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, os.strerror(code))
        self.rest = memoryview(self.script.opening)
        self.has_cycled = False
        return self.socket.fileno()

    def send(self, most: int) -> int | None:
        """The number of bytes that were sent. None if the socket takes no more."""
        if not self.rest:
            self.rest = memoryview(self.script.cycle)
            self.has_cycled = True
        try:
            sent = self.socket.send(self.rest[:most])
        except BlockingIOError:
            return None
        self.rest = self.rest[sent:]
        return sent

    @property
    def is_done(self) -> bool:
        """Whether it has sent all that it sends on one connection."""
        return self.script.ends is not None and self.has_cycled and not self.rest

    def close(self, resets: bool) -> None:
        if resets:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()
        self.socket = None


class Crowd:
    """All connections of an attack."""

    def __init__(self, attack: Attack, scene: Scene, rate: float, burst: float):
        self.attack = attack
        self.port = scene.port
        self.rate = rate
        self.burst = burst
        self.peers = [Peer(number, attack.script(number, scene))
                      for number in range(attack.connections)]
        self.poll = select.epoll()
        self.by_descriptor: dict[int, Peer] = {}
        self.ready: collections.deque[Peer] = collections.deque()
        self.gone: collections.deque[Peer] = collections.deque()
        self.sources = itertools.cycle(SOURCES)
        self.trash = bytearray(DROPPED)
        self.sent = self.received = self.opened = self.closed = 0

    def open(self, peer: Peer) -> None:
        descriptor = peer.open(self.port, self.attack, next(self.sources))
        self.by_descriptor[descriptor] = peer
        self.poll.register(descriptor, self.inward | select.EPOLLOUT)
        self.opened += 1
        self.sent += NEW

    @property
    def inward(self) -> int:
        return select.EPOLLIN if self.attack.reads else 0

    def enter(self) -> None:
        """Opens all connections and sends their openings, without haste."""
        for peer in self.peers:
            self.open(peer)
            while peer.rest:
                self.look(TURN)
                if peer.socket is None:
                    self.open(self.gone.popleft())
                if peer in self.ready and peer.send(65_536) is None:
                    self.await_room(peer)
        self.look(0)

    def await_room(self, peer: Peer) -> None:
        if peer in self.ready:
            self.ready.remove(peer)
        self.poll.modify(peer.socket.fileno(), self.inward | select.EPOLLOUT)

    def look(self, patience: float) -> None:
        for descriptor, events in self.poll.poll(patience):
            peer = self.by_descriptor[descriptor]
            if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR) and self.hear(peer):
                continue
            if events & select.EPOLLOUT:
                self.poll.modify(descriptor, self.inward)
                self.ready.append(peer)

    def hear(self, peer: Peer) -> bool:
        """Drops what a peer has received. Returns whether the connection has ended."""
        try:
            # Linux drops the bytes without a copy.
            count = peer.socket.recv_into(self.trash, DROPPED, socket.MSG_TRUNC)
        except BlockingIOError:
            return False
        except OSError:
            count = 0
        self.received += count
        # The server has answered: a peer that comes and goes may go.
        if count and not peer.is_done:
            return False
        self.end(peer, resets=peer.script.ends == "reset")
        self.closed += not count
        return True

    def end(self, peer: Peer, resets: bool) -> None:
        del self.by_descriptor[peer.socket.fileno()]
        if peer in self.ready:
            self.ready.remove(peer)
        peer.close(resets)
        self.gone.append(peer)

    def attack_until_told(self) -> None:
        budget, last = 0.0, time.monotonic()
        input_descriptor = sys.stdin.fileno()
        while not select.select([input_descriptor], [], [], 0)[0]:
            now = time.monotonic()
            budget = min(budget + self.rate * (now - last), self.rate * max(self.burst, TURN) * 2)
            last = now
            before = self.sent
            if budget >= self.rate * self.burst:
                # Send all of it now, so that as many connections as possible have their turn at
                # once.
                self.spend(budget)
            budget -= self.sent - before
            self.look(TURN)

    def spend(self, budget: float) -> None:
        most = self.sent + budget
        for _ in range(len(self.gone)):
            if self.sent >= most:
                return
            self.open(self.gone.popleft())
        while self.ready and self.sent < most:
            peer = self.ready.popleft()
            if peer.is_done:
                # It waits for its answer.
                continue
            try:
                sent = peer.send(max(1, min(self.attack.piece, int(most - self.sent))))
            except OSError:
                self.end(peer, resets=False)
                self.closed += 1
                continue
            if sent is None:
                self.poll.modify(peer.socket.fileno(), self.inward | select.EPOLLOUT)
                continue
            self.sent += sent
            self.ready.append(peer)


def main() -> None:
    name, port, rate, burst, connections, lines = sys.argv[1:]
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()
    attack = replace(ATTACKS[name], connections=int(connections), lines=int(lines))
    crowd = Crowd(attack, prepare(attack, int(port)), float(rate), float(burst))
    crowd.enter()
    print("open", flush=True)
    sys.stdin.readline()
    crowd.sent = crowd.received = crowd.opened = crowd.closed = 0
    started = time.monotonic()
    crowd.attack_until_told()
    print(json.dumps({
        "seconds": time.monotonic() - started, "sent": crowd.sent, "received": crowd.received,
        "opened": crowd.opened, "closed": crowd.closed}), flush=True)


if __name__ == "__main__":
    main()
