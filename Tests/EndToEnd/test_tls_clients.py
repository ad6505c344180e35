"""Our own clients with the daemon's own TLS: what they trust, what helps, and coming back."""

import json
import socket
import subprocess
import threading
from contextlib import suppress

import pytest

import certificates
from chat import line, say
from daemon import PATIENCE, environment
from terminal import once
from test_output import LOAD, needs_load
from test_tls import metric, trusting

EX_UNAVAILABLE = 69
TRUSTED = ("--ca", str(certificates.trusted()))


def load(url: str, *arguments: str, **extra: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [LOAD, "flood", "--connections", "4", "--senders", "1", "--warmup", "0", "--duration",
         "0.2", *arguments, url], env=environment(**extra), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=PATIENCE)


def refused_load(url: str, *arguments: str) -> str:
    """The one line of a run that wasn't possible, with connections or without."""
    result = load(url, *arguments, "--json")
    said = result.stderr.splitlines()[-1]
    assert result.returncode == 2 and not result.stdout, result.stderr
    return said


@pytest.fixture
def secured(start):
    return start("--lines-per-second", "0", tls=True)


# MARK: The load tester


@needs_load
@pytest.mark.parametrize("flags, extra", [
    (["--insecure"], {}), (TRUSTED, {}), ([], {"SSL_CERT_FILE": TRUSTED[1]}),
    ([*TRUSTED, "--processes", "2"], {}),
])
def test_a_load_over_tls(secured, flags, extra):
    result = load(secured.ws(), *flags, "--json", **extra)
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["is_clean"] and report["deliveries"]["count"] > 0
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="full"}') >= 4


@needs_load
def test_a_load_refuses_a_certificate_that_proves_nothing(start, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    pair = certificates.alone()
    daemon = start("--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key))
    said = refused_load(f"wss://127.0.0.1:{daemon.port}/ws", *TRUSTED)
    assert "certificate" in said and "--ca FILE" in said and "--insecure" in said, said


@needs_load
@pytest.mark.parametrize("url, flags, named", [
    ("ws", ["--insecure"], ["--insecure", "wss://"]), ("ws", TRUSTED, ["--ca", "wss://"]),
    ("wss", ["--insecure", *TRUSTED], ["--insecure", "--ca"]),
    ("wss", ["--ca", "/nowhere.pem"], ["--ca /nowhere.pem"]),
    ("wss", ["--ca", "/dev/null"], ["--ca /dev/null", "PEM"]),
])
def test_flags_of_a_load_that_make_no_sense(url, flags, named):
    said = refused_load(f"{url}://127.0.0.1:1/ws", *flags)
    assert all(each in said for each in named), said


# MARK: The wrong scheme


@needs_load
def test_a_load_meets_the_wrong_kind_of_port(start, secured):
    said = refused_load(f"ws://127.0.0.1:{secured.port}/ws")
    assert "308" in said and said.endswith("use wss:// if it has TLS"), said
    assert ".;" not in said
    plain = start("--tls-certificate", *two(certificates.issued()), "--tls-listen", "127.0.0.1:0")
    said = refused_load(f"wss://127.0.0.1:{plain.port}/ws", "--insecure")
    assert "doesn't speak TLS" in said and said.endswith("use ws://"), said


def two(pair: certificates.Pair) -> list[str]:
    return [str(pair.certificate), "--tls-key", str(pair.key)]


@pytest.mark.parametrize("scheme, path", [("ws", "/ws"), ("http", "/"), ("http", "/r/lobby")])
def test_a_chat_meets_a_port_with_tls(secured, scheme, path):
    result = once(f"{scheme}://127.0.0.1:{secured.port}{path}", b"hi\n")
    said = result.stderr.decode()
    assert result.returncode == EX_UNAVAILABLE and said.count("\n") == 1, said
    assert "308" in said and "https://" in said, said
    assert "; use wss:// if the server has TLS" in said and ".;" not in said, said


def test_a_chat_meets_a_port_without_tls(start):
    daemon = start("--tls-certificate", *two(certificates.issued()), "--tls-listen", "127.0.0.1:0")
    result = once(f"wss://127.0.0.1:{daemon.port}/ws", b"hi\n")
    said = result.stderr.decode()
    assert result.returncode == EX_UNAVAILABLE and said.count("\n") == 1, said
    assert "doesn't speak TLS at this port; use ws:// if the server has no TLS" in said, said


# MARK: Coming back


class Wire:
    """Passes bytes on to a port, and can cut all connections."""

    def __init__(self, port: int):
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self):
        """Ends all connections without a word of TLS."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                self._ends += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket):
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


def test_a_chat_that_is_cut_resumes_its_session_and_the_room(secured, chat):
    from websockets.sync.client import connect
    with Wire(secured.port) as wire, connect(
            secured.ws(), ssl=trusting(), proxy=None) as ann:
        bob = chat(f"wss://127.0.0.1:{wire.port}/ws", "--name", "bob", *TRUSTED).joined()
        for turn in range(3):
            say(ann, f"before {turn}")
            bob.wait_for_text(f"before {turn}")
            wire.cut()
            say(ann, f"while away {turn}")
            bob.say(f"from away {turn}")
            bob.wait_for_text(f"from away {turn}")
        expected = [f"{each} {turn}" for turn in range(3) for each in ("before", "while away")]
        said = [line(ann)[3] for _ in range(9)]
        assert [each for each in said if not each.startswith("from")] == expected
        bob.wait_for(lambda: len(bob.texts()) == 9)
        assert bob.texts() == said
        assert bob.stop() == 0
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="resumed"}') == 3


def test_a_chat_comes_back_to_a_daemon_that_has_started_again(start, chat):
    daemon = start(tls=True)
    bob = chat(daemon.ws(), "--name", "bob", *TRUSTED).joined()
    bob.say("before")
    bob.wait_for_text("before")
    daemon.kill()
    bob.say("while it was away")
    # It has other ticket keys, so hands are shaken in full.
    again = start(tls=True, data=daemon.data, port=daemon.port)
    bob.wait_for_text("while it was away")
    assert bob.texts() == ["before", "while it was away"]
    assert bob.stop() == 0
    assert metric(again.port, 'hubbub_tls_handshakes_total{outcome="resumed"}') == 0
