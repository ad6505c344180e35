"""`hubbub chat` in rooms that others flood, enter and leave, and with daemons that come and go."""

import json
import random
import re
import signal
import socket
from contextlib import suppress

import pytest

from chat import line
from crowd import Crowd
from rich import numbers_of, texts_of
from terminal import once
from test_slow import PATIENT, TIGHT, Flooder

EX_USAGE, EX_DATAERR = 64, 65


def test_the_room_may_be_in_the_url_and_the_name_in_the_environment(daemon, join):
    bob = join(daemon, "?room=r")
    assert once(daemon.ws("?room=r"), b"hi\n", USER="cy").returncode == 0
    assert once(daemon.url("/?room=r"), b"ho\n", USER="cy").returncode == 0
    assert [line(bob) for _ in range(2)] == [("r", 1, "cy", "hi"), ("r", 2, "cy", "ho")]


def test_a_refused_line_is_named_and_the_others_are_said(daemon, join):
    bob = join(daemon)
    result = once(daemon.ws(), b"one\n" + b"x" * 2_001 + b"\ntwo\n")
    assert result.returncode == EX_DATAERR and b"message_too_long" in result.stderr
    assert [line(bob)[3], line(bob)[3]] == ["one", "two"]


@pytest.mark.parametrize("arguments", [
    ["ftp://localhost/"], ["ws://localhost:99999/ws"], ["ws:///ws"], ["no address"],
    ["ws://localhost/ws", "--room", "Go"], ["ws://localhost/ws", "--name", " "],
    ["ws://localhost/ws", "--history", "201"],
])
def test_an_invalid_argument_is_named(arguments):
    result = once(arguments[0], b"hi\n", *arguments[1:])
    assert result.returncode == EX_USAGE and not result.stdout
    assert result.stderr.count(b"\n") == 1 and arguments[-1] in result.stderr.decode()


def test_joins_and_leaves_are_printed(daemon, rich, chat):
    ann = chat(daemon.ws(), "--name", "ann").joined()
    cy = rich(daemon)
    cy.join(username="cy")
    # The first presence may also include Ann herself.
    ann.wait_for(lambda: {"-- cy joined; 2 here --", "-- ann, cy joined; 2 here --"}
                 & set(ann.lines))
    cy.client.close()
    ann.wait_for(lambda: "-- cy left; 1 here --" in ann.lines)


def test_across_a_restart_each_line_comes_once_and_in_order(start, rich, chat, tmp_path):
    daemon = start("--lines-per-second", "0", data=tmp_path / "data")
    bob = rich(daemon)
    bob.join(username="bob")
    for number in range(60):
        bob.post(f"early {number}")
    ann = chat(daemon.ws(), "--name", "ann", "--json", "--history", "5").joined()
    for text in ("while it lives", "while it is dead", "after all"):
        if "dead" in text:
            daemon.kill()
            ann.say(text)
            daemon = start("--lines-per-second", "0", data=tmp_path / "data", port=daemon.port)
            bob = rich(daemon)
            bob.join(username="bob", history=0)
            for number in range(60):
                bob.post(f"late {number}")
        else:
            ann.say(text)
        ann.wait_for(lambda: any(f'"message":"{text}"' in each for each in ann.lines))
    ann.wait_for(lambda: any('"late 59"' in each for each in ann.lines))
    assert ann.stop() == 0
    events = [json.loads(each) for each in ann.lines]
    lines = [each for each in events if each["type"] == "message"]
    assert numbers_of(lines) == list(range(56, 124))
    assert len(set(texts_of(lines))) == len(lines)
    assert [each.get("recovered") for each in events if each["type"] == "joined"] == [None, True]


def bind_to_quiet_port(held: socket.socket) -> int:
    """Binds to a port that the system gives to nobody by itself, so that it stays free."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError):
            held.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@pytest.mark.plain
def test_it_waits_for_a_daemon_that_starts_later(start, rich, chat):
    with socket.socket() as held:
        # This option lets a daemon have the port too. Nothing listens on it so far.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = bind_to_quiet_port(held)
        ann = chat(f"ws://127.0.0.1:{port}/ws", "--name", "ann")
        ann.wait_for(lambda: any("trying again" in each for each in ann.remarks))
        ann.say("first")
        bob = rich(start(port=port))
    bob.join()
    assert bob.line()["message"] == "first"


def test_missed_lines_are_printed_later(start, chat):
    daemon = start(*TIGHT, *PATIENT)
    ann = chat(daemon.ws("?room=go"), "--name", "ann").joined()

    def found(pattern: str) -> re.Match | None:
        return next(filter(None, (re.search(pattern, each) for each in list(ann.lines))), None)

    with Crowd() as crowd:
        flooder = crowd.add(Flooder(daemon.port, "go"))
        ann.process.send_signal(signal.SIGSTOP)
        for _ in range(100):
            flooder.flood(crowd)
        ann.process.send_signal(signal.SIGCONT)
        missed = r"^-- \d+ lines were missed \((\d+) to (\d+)\) --$"
        ann.wait_for(lambda: found(missed))
        flooder.flood(crowd)
    first, last = map(int, found(missed).groups())
    ann.wait_for(lambda: found(rf" flooder: {flooder.said} x"))
    ann.wait_for(lambda: found(rf"^~ .* flooder: {last} x"))
    said = [int(match.group(1)) for each in list(ann.lines)
            if (match := re.search(r" flooder: (\d+) x", each))]
    assert len(said) == len(set(said)), "a line appears twice"
    # More than a screen of lines: the last 1 000, if there are as many.
    assert set(range(max(first, last - 999), last + 1)) <= set(said)


def test_it_ends_with_a_signal_while_it_waits(chat):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        ann = chat(f"ws://127.0.0.1:{held.getsockname()[1]}/ws", "--name", "ann")
        ann.wait_for(lambda: any("trying again" in each for each in ann.remarks))
        assert ann.stop() == 0
