"""The configuration file: what it sets, its faults, and new settings while the daemon runs."""

import json
import re
import signal
import ssl
import subprocess
from pathlib import Path

import pytest

import certificates
from daemon import BINARY, ROOT, environment, run
from test_tls import connected, first_certificate
from wire import request

EX_UNAVAILABLE = 69
EX_CONFIG = 78
NOWHERE = ("--data", "/dev/null/nowhere")
AGAIN = re.compile("The settings and certificates were read again changed=(.*)")


@pytest.fixture
def file(tmp_path):
    """Writes a configuration file."""
    def file(text: str | bytes) -> Path:
        path = tmp_path / "hubbub.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return file


def test_a_flag_beats_a_variable_which_beats_the_file(file):
    path = file("max-rooms: 3\nline-burst: 4\nport: 5\nallow-origin:\n- https://a\n- https://b\n")
    shown = run("config", "show", "--json", "--max-rooms", "1", HUBBUB_CONFIG=str(path),
                HUBBUB_MAX_ROOMS="2", HUBBUB_LINE_BURST="6")
    found = {each["key"]: (each["value"], each["source"]) for each in json.loads(shown.stdout)}
    assert found["max-rooms"] == ("1", "--max-rooms")
    assert found["line-burst"] == ("6", "HUBBUB_LINE_BURST")
    assert found["port"] == ("5", f"{path}:3")
    assert found["allow-origin"] == (["https://a", "https://b"], f"{path}:5")
    assert found["log-level"] == ("info", "default")


def test_all_faults_are_told_at_once(file):
    path = file("prot: 1\nport: 80x\nlow-watermark: 1MiB\nhigh-watermark: 2KiB\n")
    for result in run("--config", str(path)), run("config", "check", str(path)):
        assert result.returncode == EX_CONFIG
        assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
            f"{path}:1:1", f"{path}:2:7", f"{path}:3:16"]
        assert "did you mean port?" in result.stderr


@pytest.mark.parametrize("path, reason", [
    ("/", "not a regular file"), ("/dev/null", "not a regular file"),
    ("/nowhere", "No such file"), ("/dev/null/a", "Not a directory"),
])
def test_what_is_no_file_is_named(path, reason):
    result = run("config", "check", path)
    assert result.returncode == EX_CONFIG
    assert result.stderr.startswith(f"{path}: {reason}") and result.stderr.count("\n") == 1


def test_a_huge_file_is_not_read(file):
    result = run("config", "check", str(file(b"#" * (1 << 20) + b"\n")))
    assert result.returncode == EX_CONFIG and "more than 1MiB" in result.stderr


def test_a_file_without_faults(file):
    path = file("port: 0\n")
    result = run("config", "check", str(path), HUBBUB_PORT="nonsense")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{path}: no faults\n", "")


def test_the_example_is_the_file_of_the_package(file):
    example = run("config", "example").stdout
    assert example == (ROOT / "scripts" / "ops" / "hubbub.yaml").read_text()
    assert run("config", "check", str(file(example))).returncode == 0


def test_what_is_shown_can_be_used(file):
    first = run("config", "show", "--max-rooms", "7", "--allow-origin", "https://a")
    again = run("config", "show", "--config", str(file(first.stdout)))
    assert re.search(r"^max-rooms: 7 +# --max-rooms$", first.stdout, re.MULTILINE)
    assert re.search(r"^max-rooms: 7 +# .*:\d+$", again.stdout, re.MULTILINE)
    assert re.search(r"^allow-origin: \[https://a\] ", again.stdout, re.MULTILINE)


def test_the_file_may_be_named_by_a_variable_but_not_by_a_file(file):
    path = file("config: other.yaml\n")
    result = run(*NOWHERE, HUBBUB_CONFIG=str(path))
    assert result.returncode == EX_CONFIG and "a file can't name another one" in result.stderr


def reload(daemon) -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, "reload", "--data", str(daemon.data)], env=environment(),
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def test_a_reload_takes_effect_and_names_what_it_left(start, rich, file):
    path = file("max-text-characters: 10\n")
    daemon = start("--config", str(path))
    client = rich(daemon)
    client.join(username="ann")
    file("max-text-characters: 3\nmax-connections: 5\nlog-level: debug\n")
    result = reload(daemon)
    assert result.returncode == 0 and result.stderr == ""
    assert result.stdout.splitlines() == [
        f"{path}:3:12: log-level: in force now",
        f"{path}:1:22: max-text-characters: in force now",
        f"{path}:2:18: max-connections: left as it was; restart the daemon to change it"]
    refused = client.ask(type="message", room="lobby", message="four")
    assert (refused["type"], refused["code"]) == ("error", "message_too_long")
    assert rich(daemon).welcome["limits"]["text_characters"] == 3


def test_a_broken_file_changes_nothing(start, rich, file):
    path = file("max-text-characters: 10\n")
    daemon = start("--config", str(path))
    file("max-text-characters: 3\nprot: 80\nmax-rooms: many\n")
    result = reload(daemon)
    assert result.returncode == EX_CONFIG and result.stdout == ""
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        f"{path}:2:1", f"{path}:3:12"]
    daemon.wait_for(re.compile("error The old settings stay in force"))
    daemon.wait_for(re.compile(f"error {re.escape(str(path))}:3:12: max-rooms: many"))
    assert rich(daemon).welcome["limits"]["text_characters"] == 10


def test_a_hangup_reloads_without_a_file_and_with_one(start, join, file):
    daemon = start()
    client = join(daemon)
    daemon.signal(signal.SIGHUP)
    assert daemon.wait_for(AGAIN).group(1) == "none"
    client.ping().wait(30)
    path = file("max-rooms: 3\n")
    other = start("--config", str(path))
    file("max-rooms: 4\n")
    other.signal(signal.SIGHUP)
    assert other.wait_for(AGAIN).group(1) == "max-rooms"


def written(*pairs: certificates.Pair) -> str:
    """The part of a file with these certificates."""
    return "tls-certificates:\n" + "".join(
        f"- certificate: {each.certificate}\n  key: {each.key}\n" for each in pairs)


def secured(port: int, name: str) -> tuple[bytes, str]:
    """The certificate that a client gets for a name, and the head of a response."""
    with connected(port, name=name) as peer:
        peer.sendall(request("GET / HTTP/1.1", {"Host": "localhost", "Connection": "close"}))
        return peer.getpeercert(binary_form=True), peer.recv(65_536).decode(errors="replace")


@pytest.mark.parametrize("asks", [reload, lambda daemon: daemon.signal(signal.SIGHUP)],
                         ids=["reload", "hangup"])
def test_a_reload_takes_other_certificates_and_another_hsts(start, file, asks):
    one, two = certificates.issued("one.example"), certificates.issued("two.example")
    path = file(f"hsts: 60\n{written(one)}")
    daemon = start("--config", str(path))
    found, head = secured(daemon.port, "one.example")
    assert found == first_certificate(one) and "max-age=60\r\n" in head
    # Other paths, one more of them, and another time.
    file(f"hsts: 2d\n{written(two, one)}")
    asks(daemon)
    assert set(daemon.wait_for(AGAIN).group(1).split(",")) == {"hsts", "tls-certificates"}
    for name, pair in [("one.example", one), ("two.example", two)]:
        found, head = secured(daemon.port, name)
        assert found == first_certificate(pair)
        assert "Strict-Transport-Security: max-age=172800\r\n" in head
    # Fewer certificates, and no time.
    daemon.lines.clear()
    file(written(two))
    asks(daemon)
    daemon.wait_for(AGAIN)
    found, head = secured(daemon.port, "two.example")
    assert found == first_certificate(two) and "Strict-Transport-Security" not in head
    with pytest.raises(ssl.SSLCertVerificationError):
        secured(daemon.port, "one.example")


def test_a_reload_of_certificates_that_cannot_be_used_changes_nothing(start, file):
    one, two = certificates.issued("one.example"), certificates.issued("two.example")
    path = file(f"hsts: 60\n{written(one)}")
    daemon = start("--config", str(path))
    for second, named in [
        (certificates.Pair(two.certificate, one.key), f"{one.key}: it isn't the key"),
        (certificates.Pair(two.certificate, two.certificate), "no private key"),
        (certificates.Pair(Path("/nowhere.pem"), two.key), "/nowhere.pem: No such file"),
    ]:
        file(f"hsts: 120\n{written(one, second)}")
        result = reload(daemon)
        assert result.returncode == EX_CONFIG and result.stdout == ""
        # The place in the file, and what is wrong there.
        assert result.stderr.startswith(f"{path}:") and named in result.stderr, result.stderr
        assert result.stderr.count("\n") == 1
        found, head = secured(daemon.port, "one.example")
        assert found == first_certificate(one) and "max-age=60\r\n" in head


@pytest.mark.plain
def test_encryption_cannot_be_begun_or_ended_by_a_reload(start, file):
    one = certificates.issued()
    path = file("max-rooms: 3\n")
    daemon = start("--config", str(path))
    file(f"max-rooms: 4\n{written(one)}hsts: 60\n")
    result = reload(daemon)
    assert result.returncode == 0
    left = [each for each in result.stdout.splitlines() if "left as it was" in each]
    assert len(left) == 2 and "hsts" in result.stdout and "tls-certificates" in result.stdout
    assert run("health", daemon.url("/healthz")).returncode == 0
    path = file(f"max-rooms: 3\n{written(one)}hsts: 60\n")
    other = start("--config", str(path))
    file("max-rooms: 4\n")
    result = reload(other)
    assert result.returncode == 0, result.stderr
    assert "tls-certificates: left as it was" in result.stdout
    found, head = secured(other.port, "localhost")
    assert found == first_certificate(one)


def test_only_the_owner_can_ask(start):
    daemon = start()
    assert oct((daemon.data / "control").stat().st_mode & 0o777) == "0o600"
    daemon.kill()
    result = reload(daemon)
    assert result.returncode == EX_UNAVAILABLE and str(daemon.data) in result.stderr
    # The socket of the dead daemon is in nobody's way.
    again = start(data=daemon.data)
    assert reload(again).returncode == 0


def test_a_deep_directory_is_no_obstacle(start, tmp_path):
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    assert reload(start(data=deep)).returncode == 0


def test_a_node_keeps_as_many_lines_as_at_its_start(start, redis, file):
    path = file(f"cluster: ['{redis.url}']\nretain-lines: 100\nlines-per-second: 3\n")
    daemon = start("--config", str(path))
    file(f"cluster: ['{redis.url}']\nretain-lines: 200\nlines-per-second: 4\n")
    result = reload(daemon)
    assert "retain-lines: left as it was; restart the daemon to change it" in result.stdout
    assert "lines-per-second: in force now" in result.stdout
