"""Hostile connections: silent, resetting, too many. Two clients keep chatting."""

import itertools
import resource
import socket
from contextlib import ExitStack, closing

import pytest

import secure
from daemon import Daemon
from hostile import (
    CLOSE, HANDSHAKE, MALLORY, PING, TEXT, dial, enter, frame, line, vanish)
from siege import LIMITS, Monitor, besieged, eventually
from wire import HANDSHAKE_FIELDS, Wire, request

OTHER = "127.0.2.2"
# The address of a proxy that names its clients.
PROXY = "127.0.2.3"


@pytest.fixture(autouse=True)
def descriptors():
    """The tests themselves need more descriptors than many systems allow by default."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_1000_connections_that_say_nothing_are_dropped(start):
    with besieged(start(*LIMITS, "--handshake-timeout", "1")) as siege:
        silent = [Wire(siege.daemon.port, MALLORY) for _ in range(1000)]
        siege.bystanders.hear(10)
        with enter(siege.daemon, OTHER) as served:
            served.send(frame(PING, b"me too"))
            assert served.frame()[1] == b"me too"
        for wire in silent:
            with wire:
                assert wire.response().status == 408
                assert wire.at_end()


# How far a client gets before it resets its connection: what it sends, and whether it first waits
# for an answer.
STAGES = [
    (b"", False), (HANDSHAKE[:20], False), (HANDSHAKE, False), (HANDSHAKE, True),
    (HANDSHAKE + line("bye")[:3], True), (HANDSHAKE + line("bye")[:20], True),
    (HANDSHAKE + line("bye"), False), (HANDSHAKE + frame(TEXT, b"{", final=False), True),
    (HANDSHAKE + frame(CLOSE), False), (HANDSHAKE + frame(0x3), True),
]


def test_1000_connections_are_reset_in_the_middle(start):
    with besieged(start(*LIMITS)) as siege:
        for data, waits in STAGES * 100:
            peer = dial(siege.daemon)
            peer.sendall(data)
            if waits:
                assert peer.recv(12) == b"HTTP/1.1 101"
            vanish(peer)


@pytest.mark.parametrize("data", [b"", HANDSHAKE + line("hi"), request("GET / HTTP/1.1")],
                         ids=["nothing said", "a line each", "a page each"])
def test_a_storm_of_3000_connects_and_disconnects(start, data):
    with besieged(start(*LIMITS)) as siege:
        for leave in itertools.islice(itertools.cycle([socket.socket.close, vanish]), 3000):
            peer = dial(siege.daemon)
            peer.sendall(data)
            leave(peer)
        accepted = "hubbub_connections_accepted_total"
        eventually(lambda: siege.monitor.metric(accepted) >= 3000,
                   lambda: f"{siege.monitor.metric(accepted)} were accepted")


def test_1000_connections_come_and_go_at_once(start):
    with besieged(start(*LIMITS)) as siege:
        for _ in range(2):
            crowd = [dial(siege.daemon) for _ in range(1000)]
            for peer in crowd:
                peer.sendall(HANDSHAKE)
            for peer in crowd:
                assert peer.recv(12) == b"HTTP/1.1 101"
            for peer in crowd:
                vanish(peer)


def attempt(daemon: Daemon, source: str = MALLORY, **fields: str) -> Wire | None:
    """A chat, or None if it was refused with 503 and a time to wait."""
    wire = Wire(daemon.port, source)
    extra = {name.replace("_", "-"): value for name, value in fields.items()}
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | extra))
    response = wire.response()
    if response.status == 101:
        return wire
    assert response.status == 503
    assert int(response.fields["retry-after"]) > 0
    wire.__exit__()
    return None


def silent(daemon: Daemon, count: int) -> list[Wire]:
    """Connections of a refused address that say nothing. Under TLS the server may end some before
    they can be told why, because the handshake costs more than it is worth."""
    found = []
    for _ in range(count):
        try:
            found.append(Wire(daemon.port, MALLORY))
        except ConnectionError:
            assert secure.IS_ON
    return found


def test_a_flood_from_one_address_is_refused(start):
    count = 500
    with besieged(start(*LIMITS, "--max-connections-per-address", "4")) as siege:
        held = [attempt(siege.daemon) for _ in range(4)]
        assert None not in held
        refused = "hubbub_connections_refused_total"
        assert siege.monitor.metric(refused) == 0
        for _ in range(count):
            assert not attempt(siege.daemon)
        assert siege.monitor.metric(refused) == count
        # A silent client is answered too.
        for wire in silent(siege.daemon, count):
            with wire:
                assert wire.response().status == 503
                assert wire.at_end()
        assert siege.monitor.metric(refused) == 2 * count
        # The address is refused, and only while it has too many connections.
        held.pop().__exit__()
        eventually(lambda: held.append(attempt(siege.daemon)) or held[-1],
                   lambda: "refused forever")
        for wire in filter(None, held):
            wire.__exit__()


def test_a_flood_from_one_address_costs_little(start):
    """Measures processor time, without other clients."""
    count = 200
    daemon = start(*LIMITS, "--max-connections-per-address", "4")
    with closing(Monitor(daemon)) as monitor, ExitStack() as stack:
        def cost(work) -> int:
            """The lowest of several rounds, because the machine does other work too."""
            def measured() -> int:
                begun = monitor.processor_time()
                work()
                return monitor.processor_time() - begun

            return min(measured() for _ in range(4))

        def ask(source: str):
            for _ in range(count):
                if wire := attempt(daemon, source):
                    wire.__exit__()

        def say_nothing():
            for wire in silent(daemon, count):
                with wire:
                    assert wire.response().status == 503
                    assert wire.at_end()

        for _ in range(4):
            stack.enter_context(attempt(daemon))
        chats = cost(lambda: ask(OTHER))
        # A request is answered for the price of a handshake. A flood is refused for less.
        assert cost(lambda: ask(MALLORY)) < 1.5 * chats
        assert cost(say_nothing) < chats


def test_handshakes_of_one_address_are_counted_by_the_second(start):
    with besieged(start(*LIMITS, "--handshakes-per-second-per-address", "3")) as siege:
        chats = [attempt(siege.daemon) for _ in range(100)]
        admitted = [each for each in chats if each]
        assert 3 <= len(admitted) < len(chats)
        other = attempt(siege.daemon, OTHER)
        assert other
        for wire in (*admitted, other):
            wire.__exit__()


@pytest.mark.parametrize("source, name, first, second, is_same", [
    (PROXY, "X_Forwarded_For", "192.0.2.1", "192.0.2.1", True),
    (PROXY, "X_Forwarded_For", "192.0.2.1", "192.0.2.2", False),
    (PROXY, "X_Forwarded_For", "192.0.2.1:1234", "192.0.2.1:4321", True),
    (PROXY, "X_Forwarded_For", "198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1", True),
    (PROXY, "X_Forwarded_For", f"192.0.2.1, {PROXY}", f"192.0.2.2, {PROXY}", False),
    (PROXY, "X_Forwarded_For", "2001:db8::1", "2001:db8::2", True),
    (PROXY, "X_Forwarded_For", "2001:db8::1", "2001:db8:1::1", False),
    # A proxy that names no client isn't limited itself.
    (PROXY, "X_Forwarded_For", "nonsense", "other nonsense", False),
    (PROXY, "Forwarded", "for=192.0.2.1", "for=192.0.2.1;proto=https", True),
    (PROXY, "Forwarded", "for=192.0.2.1", "for=192.0.2.2", False),
    (PROXY, "Forwarded", 'for="[2001:db8::1]:99"', 'for="[2001:db8::2]"', True),
    (PROXY, "Forwarded", "for=198.51.100.1, for=192.0.2.1", "for=198.51.100.2, for=192.0.2.1",
     True),
    # Other senders aren't trusted.
    (MALLORY, "X_Forwarded_For", "192.0.2.1", "192.0.2.2", True),
    (MALLORY, "Forwarded", "for=192.0.2.1", "for=192.0.2.2", True),
    # The field that the proxies don't write is not read: it is the client's own.
    (PROXY, "Other", "for=192.0.2.1", "for=192.0.2.1", False),
])
def test_a_client_is_known_by_its_address_at_the_proxy(
        start, source, name, first, second, is_same):
    counted = "forwarded" if name == "Forwarded" else "x-forwarded-for"
    daemon = start(*LIMITS, "--max-connections-per-address", "1", "--trusted-proxies", PROXY,
                   "--forwarded-header", counted)
    sent = "Forwarded" if name == "Other" else name
    with besieged(daemon) as siege:
        one = attempt(siege.daemon, source, **{sent: first})
        other = attempt(siege.daemon, source, **{sent: second})
        assert one and (other is None) == is_same
        for wire in filter(None, (one, other)):
            wire.__exit__()
