"""`hubbub health`, which containers ask."""

import signal
import socket
import subprocess
import threading

import pytest

from daemon import BINARY, PATIENCE, environment, run
from wire import HANDSHAKE_FIELDS, Wire, request

pytestmark = pytest.mark.plain


@pytest.mark.parametrize("target", ["", "/", "/healthz", "/readyz"])
def test_a_daemon_that_is_well(daemon, target):
    result = run("health", daemon.url(target))
    path = target if target.strip("/") else "/healthz"
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"http://127.0.0.1:{daemon.port}{path}: 200\n"


def test_the_variable_of_the_daemon_names_the_port(daemon):
    assert run("health", HUBBUB_PORT=str(daemon.port)).returncode == 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_daemon_with_tls(start, path):
    daemon = start(tls=True)
    result = run("health", daemon.url(path))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"https://127.0.0.1:{daemon.port}{path}: 200\n"
    plain = run("health", f"http://127.0.0.1:{daemon.port}{path}")
    assert plain.returncode == 1 and plain.stderr.endswith(": 308\n")
    variables = {"HUBBUB_PORT": str(daemon.port), "HUBBUB_TLS_CERTIFICATE": "chat.pem"}
    assert run("health", **variables).returncode == 0


def test_a_daemon_without_tls_is_no_daemon_with_tls(daemon):
    result = run("health", f"https://127.0.0.1:{daemon.port}/healthz")
    assert result.returncode == 1 and "Protocol error" in result.stderr


def test_a_daemon_that_drains_is_alive_and_not_ready(daemon):
    with Wire(daemon.port) as silent:
        silent.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert silent.response().status == 101
        daemon.signal(signal.SIGTERM)
        assert silent.frame()[0] == 0x8
        assert run("health", daemon.url("/healthz")).returncode == 0
        result = run("health", daemon.url("/readyz"))
        assert result.returncode == 1
        assert result.stderr.endswith("/readyz: 503\n")
    assert daemon.wait() == 0


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    result = run("health", f"http://127.0.0.1:{port}")
    assert result.returncode == 1
    assert "connect: Connection refused" in result.stderr


def test_a_server_that_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        result = run("health", url, "--timeout", "0.2")
        assert result.returncode == 1
        assert "Connection timed out" in result.stderr


@pytest.mark.parametrize("answer, reason", [
    (b"", "Connection reset by peer"),
    (b"HTTP/1.1 500 No\r\n\r\n", ": 500"),
    (b"220 a.example ESMTP\r\n", ": 0"),
])
def test_a_server_that_answers_something_else(answer, reason):
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        result = run("health", f"http://127.0.0.1:{server.getsockname()[1]}/healthz")
        thread.join(PATIENCE)
    assert result.returncode == 1
    assert reason in result.stderr


def test_a_signal_ends_it():
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = subprocess.Popen(
            [BINARY, "health", f"http://127.0.0.1:{server.getsockname()[1]}", "--timeout", "600"],
            env=environment(), stderr=subprocess.PIPE, text=True)
        connection, _ = server.accept()
        with connection:
            assert connection.recv(4096).startswith(b"GET /healthz HTTP/1.1\r\n")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 1
        assert "Interrupted" in process.stderr.read()
        process.stderr.close()


def test_a_wrong_url_is_named():
    result = run("health", "localhost:8080")
    assert result.returncode == 64 and "localhost:8080" in result.stderr
