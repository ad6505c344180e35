"""A daemon that stood still closes no client that did everything right."""

import json
import re
import signal
import socket
import threading

import secure
from daemon import PATIENCE
from frames import CONTINUATION, PING, PONG, TEXT, frame, read_frame
from wire import HANDSHAKE_FIELDS, Wire, request

# Seconds. The standstill is longer than every timeout.
TIMEOUT = 6
STANDSTILL = 9
TIMES = ("--handshake-timeout", str(TIMEOUT), "--message-timeout", str(TIMEOUT),
         "--slow-timeout", str(TIMEOUT), "--ping-interval", "2", "--pong-timeout", str(TIMEOUT),
         "--lines-per-second", "0")
LINES, SIZE = 250, 1_900


class Narrow(Wire):
    """A connection whose kernel takes little for a client that doesn't read."""

    def __init__(self, port: int):
        plain = socket.socket()
        # Set before connecting, so that the window fits from the start.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        plain.settimeout(PATIENCE)
        plain.connect(("127.0.0.1", port))
        self.socket = secure.wrapped(plain)
        self.stream = self.socket.makefile("rb")


def upgraded(port: int, room: str, kind: type[Wire] = Wire) -> Wire:
    wire = kind(port)
    wire.send(request(f"GET /ws?room={room} HTTP/1.1", HANDSHAKE_FIELDS))
    assert wire.response().status == 101
    return wire


def next_text(wire: Wire) -> dict:
    """The next event. Pings are answered."""
    while True:
        opcode, payload = read_frame(wire.stream)
        if opcode == PING:
            wire.send(frame(PONG, payload))
            continue
        assert opcode == TEXT, f"{opcode}: {payload!r}"
        return json.loads(payload)


def say(wire: Wire, message: str):
    wire.send(frame(TEXT, json.dumps({"username": "ann", "message": message}).encode()))


def test_clients_in_the_middle_of_something_go_on(start):
    daemon = start(*TIMES)
    pinged = upgraded(daemon.port, "quiet")
    while read_frame(pinged.stream)[0] != PING:
        pass
    slow, flooder = upgraded(daemon.port, "loud", Narrow), upgraded(daemon.port, "loud")
    for number in range(LINES):
        say(flooder, f"{number} ".ljust(SIZE, "x"))
    for number in range(LINES):
        assert next_text(flooder)["message"].startswith(f"{number} ")
    half_message, half_head = upgraded(daemon.port, "quiet"), Wire(daemon.port)
    half_message.send(frame(TEXT, b"{", fin=False))
    half_head.send(b"GET /healthz HTTP/1.1\r\n")
    with Wire(daemon.port) as other:
        # What was sent before this has been read.
        other.send(request("GET /healthz HTTP/1.1"))
        assert other.response().status == 200

    daemon.signal(signal.SIGSTOP)
    # Here the time itself is the cause, so there is nothing else to wait for.
    threading.Event().wait(STANDSTILL)
    daemon.signal(signal.SIGCONT)
    assert daemon.wait_for(re.compile("stood still"))

    half_head.send(b"Host: localhost\r\n\r\n")
    assert half_head.response().status == 200
    half_message.send(frame(CONTINUATION, b"}"))
    assert next_text(half_message)["type"] == "error"
    pinged.send(frame(PONG))
    say(pinged, "still here")
    assert next_text(pinged)["message"] == "still here"
    heard = [next_text(slow)["message"].split()[0] for _ in range(LINES)]
    assert heard == [str(number) for number in range(LINES)]
