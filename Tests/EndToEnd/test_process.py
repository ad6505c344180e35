"""Starting and ending: exit codes of sysexits.h, and one line for each error."""

import os
import re
import signal
import socket
import struct
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chat import close_code, line, say
from daemon import PATIENCE, run
from trace import Trace
from wire import HANDSHAKE_FIELDS, Wire, request

EX_USAGE = 64
EX_SYSTEM = range(69, 79)


def complaint(result) -> str:
    """The only line that a failed start printed."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_on_a_signal_every_client_gets_a_close(daemon, join, number):
    clients = [join(daemon) for _ in range(20)]
    say(clients[0], "last words")
    assert {line(client) for client in clients} == {("lobby", 1, "ann", "last words")}
    daemon.signal(number)
    assert [close_code(client) for client in clients] == [1001] * len(clients)
    assert daemon.wait() == 0


def test_readyz_says_503_while_a_client_keeps_the_daemon_waiting(daemon):
    with Wire(daemon.port) as silent:
        silent.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert silent.response().status == 101
        daemon.signal(signal.SIGTERM)
        opcode, payload = silent.frame()
        assert (opcode, payload[:2]) == (0x8, (1001).to_bytes(2, "big"))
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(daemon.url("/readyz"), timeout=PATIENCE)
        assert refused.value.code == 503
        refused.value.close()
        # It isn't dead, and must not be killed for it.
        with urllib.request.urlopen(daemon.url("/healthz"), timeout=PATIENCE) as well:
            assert well.status == 200
        assert daemon.wait() == 0


def test_a_second_signal_ends_it_at_once(start):
    daemon = start("--close-timeout", "600")
    with Wire(daemon.port) as silent:
        silent.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert silent.response().status == 101
        daemon.signal(signal.SIGTERM)
        assert silent.frame()[0] == 0x8
        daemon.signal(signal.SIGTERM)
        # Not 0, which would mean an orderly stop.
        assert daemon.wait() in (128 + signal.SIGTERM, -signal.SIGTERM)


def test_serve_is_the_default(tmp_path):
    result = run("--port", "99999", "--data", str(tmp_path))
    assert result.returncode == EX_USAGE and "99999" in complaint(result)


@pytest.mark.parametrize("arguments, environment, named", [
    (["--port", "99999"], {}, ["--port", "99999"]),
    (["--port", "http"], {}, ["--port", "http"]),
    ([], {"HUBBUB_PORT": "99999"}, ["HUBBUB_PORT", "99999"]),
    (["--max-message-bytes", "-1"], {}, ["--max-message-bytes", "-1"]),
    (["--low-watermark", "9999999"], {}, ["--low-watermark", "9999999"]),
])
def test_a_value_out_of_range_is_named(tmp_path, arguments, environment, named):
    result = run("serve", "--data", str(tmp_path), *arguments, **environment)
    assert result.returncode == EX_USAGE
    assert all(each in complaint(result) for each in named), result.stderr


def test_a_port_in_use_is_named(daemon, tmp_path):
    result = run("serve", "--port", str(daemon.port), "--data", str(tmp_path))
    assert result.returncode in EX_SYSTEM
    assert "--port" in complaint(result) and str(daemon.port) in complaint(result)


def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("not a directory")
    result = run("serve", "--port", "0", "--data", str(occupied / "data"))
    assert result.returncode in EX_SYSTEM
    assert "--data" in complaint(result) and str(occupied) in complaint(result)


def test_the_start_is_logged(daemon):
    assert daemon.wait_for(re.compile(rf"hubbub 0\.1\.0 listening on \S*:{daemon.port}\b"))
    assert daemon.wait_for(re.compile(r"Limits in force .*max-message-bytes=64KiB"))
    assert daemon.wait_for(re.compile(r"Descriptors for \d+ connections descriptors=\d+"))


def test_the_descriptor_table_is_grown_before_the_first_thread(start, tmp_path):
    trace = Trace(tmp_path / "trace", calls="fcntl,clone,clone3")
    daemon = start("--max-connections", "1000", prefix=trace.prefix)
    # The last of 1 000 descriptors for connections and 64 for the daemon.
    grown = next(number for number, call in enumerate(trace.lines())
                 if re.search(r"fcntl\(\d+, F_DUPFD\w*, 1063\) += 1063$", call))
    # The log's thread has written the line that `start` waits for.
    first = next(number for number, call in enumerate(trace.lines()) if "clone" in call)
    assert grown < first
    status = Path(f"/proc/{daemon.process.pid}/status").read_text()
    assert int(re.search(r"^FDSize:\s*(\d+)$", status, re.MULTILINE).group(1)) >= 1064


def test_a_descriptor_table_that_cannot_grow_is_reported(start, join, tmp_path):
    # Without a store, nothing else uses this call.
    trace = Trace(tmp_path / "trace", "fcntl:error=ENOMEM", calls="fcntl")
    daemon = start("--max-connections", "1000", "--history", "none", prefix=trace.prefix)
    daemon.wait_for(re.compile(
        r" warning The kernel's table of descriptors was not grown to 1064.* --max-connections.*"
        r"error=\"fcntl: Cannot allocate memory\""))
    assert trace.injected() == 1
    ann = join(daemon)
    say(ann, "here I am")
    assert line(ann) == ("lobby", 1, "ann", "here I am")


def test_help_shows_flags_with_their_defaults():
    result = run("serve", "--help")
    assert result.returncode == 0
    for each in ("--host", "--port", "8080", "--data", "--log-level", "--max-message-bytes",
                 "--high-watermark", "--slow-timeout"):
        assert each in result.stdout


def test_a_client_that_vanishes_does_no_harm(daemon, join):
    ann = join(daemon)
    with Wire(daemon.port) as gone:
        gone.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert gone.response().status == 101
        # SO_LINGER with zero seconds: the kernel sends RST instead of FIN.
        gone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    say(ann, "still here")
    assert line(ann) == ("lobby", 1, "ann", "still here")


def connections(daemon) -> int:
    """Open descriptors of sockets of accepted connections, as the kernel counts them."""
    links = [os.readlink(entry) for entry in Path(f"/proc/{daemon.process.pid}/fd").iterdir()]
    # The listener and the socket for `hubbub reload` are among them.
    return sum(link.startswith("socket:") for link in links) - 2


def test_daemons_share_a_port_and_have_rooms_of_their_own(start, join):
    first = start("--reuse-port", "--host", "127.0.0.1")
    second = start("--reuse-port", "--host", "127.0.0.1", port=first.port)
    # The kernel spreads connections over both daemons, and each has its own rooms.
    clients = [join(first) for _ in range(64)]
    shares = [connections(each) for each in (first, second)]
    assert sum(shares) == 64 and 0 not in shares
    say(clients[0], "to my own")
    assert line(clients[0])[3] == "to my own"
    first.stop()
    assert join(second)


def test_the_doctor_names_what_to_fix():
    result = run("doctor", "--connections", "1000000")
    assert result.returncode == 1
    assert "FIX descriptors of a process (nofile)" in result.stdout
    assert "LimitNOFILE=1000064" in result.stdout
    assert run("doctor", "--connections", "10").returncode == 0
    assert run("doctor", "--connections", "0").returncode == 64
