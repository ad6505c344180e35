"""What the daemon does for systemd, or another service manager that speaks its protocols."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

import certificates
import secure
from chat import line, say
from daemon import BINARY, PATIENCE, environment
from supervisor import NotifySocket, activated, flags, journaled
from wire import HANDSHAKE_FIELDS, Wire, request

pytestmark = pytest.mark.plain


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    """The socket of a service manager."""
    path = str(tmp_path / "notify")
    manager = NotifySocket(path if request.param == "path" else "@" + path)
    yield manager
    manager.close()


@pytest.fixture
def refused(tmp_path):
    """Runs a start that must fail, and returns the only line of its standard error."""
    def refused(prefix: list[str]) -> str:
        result = subprocess.run(
            [*prefix, BINARY, "serve", "--data", str(tmp_path)], env=environment(),
            capture_output=True, text=True, timeout=PATIENCE)
        assert result.returncode == 64, result.stderr
        only, = result.stderr.splitlines()
        return only

    return refused


def test_the_manager_is_told_when_it_serves_and_when_it_stops(start, manager):
    daemon = start(NOTIFY_SOCKET=manager.address)
    assert manager.message() == {"READY": "1", "STATUS": "Serving"}
    daemon.signal(signal.SIGTERM)
    assert manager.message() == {
        "STOPPING": "1", "EXTEND_TIMEOUT_USEC": "9000000", "STATUS": "Draining"}
    assert daemon.wait() == 0


def test_the_manager_is_told_of_a_reload(start, manager, tmp_path):
    file = tmp_path / "hubbub.yaml"
    file.write_text("max-rooms: 3\n")
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    daemon = start("--config", str(file), NOTIFY_SOCKET=manager.address)
    assert manager.message()["READY"] == "1"
    # A faulty file changes nothing, and ends the reload as well.
    for text in ("max-rooms: 4\n", "max-rooms: many\n"):
        file.write_text(text)
        daemon.signal(signal.SIGHUP)
        reloading = manager.message()
        assert reloading["RELOADING"] == "1"
        assert before <= int(reloading["MONOTONIC_USEC"]) <= (
            time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
        assert manager.message()["READY"] == "1"


def test_the_watchdog_is_told_by_the_loop_itself(start, join, manager):
    daemon = start(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="20000")
    assert manager.message()["READY"] == "1"
    manager.wait_for("STATUS", "0 connections")
    with Wire(daemon.port) as client:
        client.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert client.response().status == 101
        assert manager.wait_for("STATUS", "1 connection")["WATCHDOG"] == "1"
        # A process that is stopped doesn't turn its loop: what comes was sent before.
        daemon.signal(signal.SIGSTOP)
        manager.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            while True:
                manager.message()
        daemon.signal(signal.SIGCONT)
        manager.socket.settimeout(PATIENCE)
        manager.wait_for("WATCHDOG")
        # The client that reads nothing keeps the drain from ending.
        daemon.signal(signal.SIGTERM)
        manager.wait_for("STOPPING")
        manager.wait_for("WATCHDOG")
    assert daemon.wait() == 0


def test_what_a_full_queue_refuses_comes_later(start, manager):
    count = manager.fill()
    daemon = start(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="20000")
    urllib.request.urlopen(daemon.url("/healthz"), timeout=PATIENCE).close()
    for _ in range(count):
        assert "FILL" in manager.message()
    assert manager.message()["READY"] == "1"
    manager.wait_for("WATCHDOG")


@pytest.mark.parametrize("address", ["/nowhere/notify", "@nobody", "vsock:1:2"])
def test_a_manager_that_is_not_there_is_reported_once(start, join, address):
    daemon = start(NOTIFY_SOCKET=address, WATCHDOG_USEC="20000")
    daemon.wait_for(re.compile(rf"warning NOTIFY_SOCKET: .* address={re.escape(address)}"))
    ann = join(daemon)
    say(ann, "here I am")
    assert line(ann) == ("lobby", 1, "ann", "here I am")
    daemon.stop()
    assert sum("NOTIFY_SOCKET" in each for each in daemon.lines) == 1


def test_inherited_sockets_are_served(start, join):
    daemon = start("--reuse-port", prefix=activated("tcp", "tcp6", names="http:hubbub.socket"))
    addresses = daemon.wait_for(re.compile(r"listening on 127\.0\.0\.1:(\d+), \[::1\]:(\d+)"))
    urls = [f"http://127.0.0.1:{addresses[1]}", f"http://[::1]:{addresses[2]}"]
    for url in urls:
        with urllib.request.urlopen(url + "/healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200
    for descriptor in (3, 4):
        wanted = os.O_NONBLOCK | os.O_CLOEXEC
        assert flags(daemon.process.pid, descriptor) & wanted == wanted
    for setting in ("--port 0", "--reuse-port on"):
        daemon.wait_for(re.compile(
            rf"warning {setting} has no effect: the sockets of LISTEN_FDS are used"))
    ann = join(daemon)
    say(ann, "hi")
    assert line(ann) == ("lobby", 1, "ann", "hi")


@pytest.mark.parametrize("kinds, names, reason", [
    (["closed"], None, "descriptor 3 can't be served: it isn't open"),
    (["tcp", "file"], None, "descriptor 4 can't be served: it is no socket"),
    (["unix"], None, "descriptor 3 can't be served: it is neither IPv4 nor IPv6"),
    (["udp"], None, "descriptor 3 can't be served: it is no stream"),
    (["tcp", "silent"], None, "descriptor 4 can't be served: it doesn't listen"),
    (["tcp"], "web", "web is not known"),
    (["tcp"], "https", "is named https; give a certificate with --tls-certificate"),
    (["tcp", "tcp"], "http", "give a name for each of the 2 sockets"),
])
def test_sockets_that_cannot_be_served_are_refused(refused, kinds, names, reason):
    assert reason in refused(activated(*kinds, names=names))


def test_a_socket_named_https_speaks_tls(start):
    daemon = start(*secure.flags(), "--tls-listen", "0",
                   prefix=activated("tcp", "tcp", names="http:https"))
    ports = daemon.wait_for(re.compile(
        r"listening on 127\.0\.0\.1:(\d+) and 127\.0\.0\.1:(\d+) with TLS"))
    daemon.wait_for(re.compile(r"--tls-listen 0 has no effect"))
    context = ssl.create_default_context(cafile=certificates.trusted())
    for url in (f"http://127.0.0.1:{ports[1]}/readyz", f"https://127.0.0.1:{ports[2]}/readyz"):
        options = {"context": context} if url.startswith("https") else {}
        with urllib.request.urlopen(url, timeout=PATIENCE, **options) as answer:
            assert answer.status == 200


def test_a_certificate_without_a_socket_for_it_is_reported(start):
    daemon = start(*secure.flags(), prefix=activated("tcp", names="http"))
    daemon.wait_for(re.compile(
        r"--tls-certificate \S+ has no effect: no socket of LISTEN_FDNAMES is named https"))
    urllib.request.urlopen(daemon.url("/healthz"), timeout=PATIENCE).close()


def test_the_journal_gets_levels_and_no_times(start):
    daemon = start(prefix=journaled(), HUBBUB_PROT="1")
    daemon.wait_for(re.compile(r"^<5>hubbub \S+ listening on"))
    daemon.wait_for(re.compile(r"^<4>HUBBUB_PROT is not a setting"))
    daemon.wait_for(re.compile(r"^<6>History is open"))
    daemon.stop()
    assert all(re.match(r"<[2-7]>\D", each) for each in daemon.lines), daemon.lines


def test_a_start_that_fails_tells_the_journal_so():
    result = subprocess.run(
        [*journaled(), BINARY, "serve", "--port", "x"], env=environment(), capture_output=True,
        text=True, timeout=PATIENCE)
    assert result.returncode == 64
    assert result.stderr.startswith("<3>hubbub: --port x: ")


def test_a_redirected_standard_error_is_no_journal(start):
    daemon = start(JOURNAL_STREAM="1:2")
    assert daemon.wait_for(re.compile(r"^\d{4}-\d\d-\d\dT\S+Z notice hubbub "))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.skipif(not shutil.which("systemd-socket-activate"), reason="it isn't installed")
def test_systemd_can_activate_it(tmp_path):
    ports = [free_port(), free_port()]
    listen = [word for port in ports for word in ("--listen", f"127.0.0.1:{port}")]
    process = subprocess.Popen(
        ["systemd-socket-activate", *listen, "--fdname=http:http", BINARY, "serve",
         "--data", str(tmp_path)], env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        for each in process.stderr:
            if "Listening on" in each and str(ports[1]) in each:
                break
        for port in ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz",
                                        timeout=PATIENCE) as answer:
                assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        log = process.stderr.read()
        assert f"listening on 127.0.0.1:{ports[0]}, 127.0.0.1:{ports[1]}" in log
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
