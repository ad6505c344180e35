"""`hubbub doctor` on real directories, databases and certificates."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from daemon import run

CONNECTIONS = ("--connections", "10")


def checks(data: Path, *arguments) -> tuple[int, dict[str, dict]]:
    """The exit code, and the checks by the first word of their names that matters."""
    result = run("doctor", *CONNECTIONS, "--data", str(data), "--json", *map(str, arguments))
    assert result.stderr == ""
    return result.returncode, {each["name"]: each for each in json.loads(result.stdout)}


def unfit(data: Path, *arguments) -> list[dict]:
    code, found = checks(data, *arguments)
    wrong = [each for each in found.values() if each["standing"] == "fix"]
    assert code == (1 if wrong else 0)
    assert all(each["remedy"] for each in wrong)
    return wrong


def test_a_running_daemon_is_fit_and_not_disturbed(start, rich):
    daemon = start()
    ann = rich(daemon)
    ann.join(username="ann")
    ann.post("hi")
    code, found = checks(daemon.data)
    assert code == 0, found
    assert str(daemon.process.pid) in found["data directory is used by"]["found"]
    assert "sound" in found["database"]["found"]
    assert found["database has all that the daemon stored"]["found"] == "yes"
    assert ann.post("ho")["seq"] == 2


def test_a_directory_that_is_not_there_is_no_fault(tmp_path):
    assert unfit(tmp_path / "no" / "such") == []
    assert not (tmp_path / "no").exists()


def test_what_must_be_done_is_named(start, rich):
    daemon = start()
    ann = rich(daemon)
    ann.join(username="ann")
    ann.post("hi")
    daemon.stop()
    data = daemon.data
    before = sorted(each.name for each in data.iterdir())
    assert unfit(data) == []
    (data / "hubbub.db").chmod(0o644)
    data.chmod(0o777)
    assert {each["remedy"] for each in unfit(data)} == {
        f"chmod 600 '{data}/hubbub.db'", f"chmod 700 '{data}'"}
    (data / "hubbub.db").chmod(0o600)
    data.chmod(0o700)
    assert sorted(each.name for each in data.iterdir()) == before
    with open(data / "hubbub.db", "r+b") as file:
        file.truncate(8192)
    damaged, = unfit(data)
    assert "restore" in damaged["remedy"]
    (data / "hubbub.db").write_text("something else")
    other, = unfit(data)
    assert "not a database of Hubbub" in other["remedy"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Makes a pair of files that is valid for some days."""
    place = tmp_path_factory.mktemp("certificates")

    def make(days: int, name: str = "pair") -> tuple[Path, Path]:
        pair = place / f"{name}.crt", place / f"{name}.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", pair[1], "-out", pair[0], "-days", str(days), "-subj",
             "/CN=chat.example", "-addext", "subjectAltName=DNS:chat.example"],
            check=True, capture_output=True)
        os.chmod(pair[1], 0o600)
        return pair

    return make


def test_certificates_are_checked(tmp_path, certificate):
    long, short = certificate(90), certificate(10, "short")

    def wrong(*arguments):
        return [each["found"] + each["remedy"] for each in unfit(tmp_path, *arguments)]

    assert wrong("--tls-certificate", long[0], "--tls-key", long[1]) == []
    _, found = checks(tmp_path, "--tls-certificate", long[0], "--tls-key", long[1])
    assert "chat.example" in found[f"certificate {long[0]}"]["found"]
    soon, = wrong("--tls-certificate", short[0], "--tls-key", short[1])
    assert "renew" in soon
    mixed, = wrong("--tls-certificate", long[0], "--tls-key", short[1])
    assert "isn't the key of" in mixed
    missing, = wrong("--tls-certificate", tmp_path / "none")
    assert "name a file in PEM" in missing
    half = tmp_path / "half.crt"
    half.write_bytes(long[0].read_bytes()[:300])
    broken, = wrong("--tls-certificate", half, "--tls-key", long[1])
    assert "damaged or cut off" in broken
    assert run("doctor", "--tls-certificate", str(long[0]), "--tls-key", "a", "--tls-key", "b",
               "--data", str(tmp_path)).returncode == 64


def test_the_certificates_of_the_configuration_are_checked(tmp_path, certificate):
    short = certificate(10, "short")
    file = tmp_path / "hubbub.yaml"
    file.write_text(f"tls-certificates:\n  - certificate: {short[0]}\n    key: {short[1]}\n")
    soon, = unfit(tmp_path, "--config", file)
    assert "renew" in soon["remedy"]


def test_what_the_api_needs_is_checked(tmp_path, start):
    keys, token = tmp_path / "keys", tmp_path / "token"
    keys.write_text(f"backend owner {'k' * 32}\n")
    token.write_text("t" * 16 + "\n")
    for file in keys, token:
        file.chmod(0o600)
    flags = ("--api-key-file", keys, "--metrics-token-file", token, "--admin-listen", "127.0.0.1:0",
             "--check-url", "http://127.0.0.1:9/check", "--check-secret-file", token)
    secretless, = unfit(tmp_path, *flags)
    assert "it has no secret" in secretless["remedy"]
    keys.chmod(0o644)
    token.write_text("short")
    wrong = {each["remedy"].split(":")[0] for each in unfit(tmp_path, *flags[:6])}
    assert f"chmod o-rwx '{keys}'" in wrong and f"--metrics-token-file {token}" in wrong
    keys.write_text("backend owner short\n")
    faulty, _ = unfit(tmp_path, *flags[:2])
    assert "line 1: the key has 5 bytes" in faulty["remedy"]
    daemon = start()
    _, found = checks(tmp_path, "--admin-listen", f"127.0.0.1:{daemon.port}")
    used = found[f"address of --admin-listen, 127.0.0.1:{daemon.port}"]
    assert used["standing"] == "doubtful" and "if the daemon runs" in used["remedy"]
    foreign, = unfit(tmp_path, "--admin-listen", "192.0.2.1:9")
    assert "give another address" in foreign["remedy"]


def test_the_configuration_is_checked_and_names_the_data(start, tmp_path):
    daemon = start()
    file = tmp_path / "hubbub.yaml"
    file.write_text(f"data: {daemon.data}\n")
    result = run("doctor", *CONNECTIONS, "--config", str(file))
    assert f"configuration {file}: no faults" in result.stdout
    assert f"process {daemon.process.pid}" in result.stdout
    file.write_text("port: 99999\ndta: /x\n")
    result = run("doctor", *CONNECTIONS, "--config", str(file))
    assert result.returncode == 1
    assert f"{file}:1:" in result.stdout and f"{file}:2:" in result.stdout
    # A command that needs the directory takes no other one instead.
    backup = run("backup", str(tmp_path / "copy.db"), "--config", str(file))
    assert backup.returncode == 78 and f"{file}:2:" in backup.stderr


def test_the_checks_for_people_begin_with_their_standing(tmp_path):
    lines = run("doctor", *CONNECTIONS, "--data", str(tmp_path)).stdout.splitlines()
    assert lines[0] == "Checked for 10 connections:"
    assert all(line[:4] in ("ok  ", "??  ", "FIX ", "    ") for line in lines[1:])


def redis_checks(tmp_path, redis, *arguments, **extra) -> tuple[int, dict[str, str]]:
    """The exit code, and the standing of each check of a Redis by its name."""
    result = run("doctor", *CONNECTIONS, "--data", str(tmp_path), "--json", *map(str, arguments),
                 **extra)
    found = json.loads(result.stdout)
    return result.returncode, {
        each["name"].replace(redis.url, "it"): each["standing"] for each in found
        if redis.url in each["name"] or "this node" in each["name"]}


def test_the_redis_of_a_cluster_is_checked(tmp_path, redis, start):
    code, found = redis_checks(tmp_path, redis, "--cluster", redis.url)
    # It keeps nothing on the disk.
    assert (code, found) == (1, {
        "it": "ok", "what it keeps": "fix", "replicas of it": "ok",
        "memory of it in MiB": "doubtful"})
    for setting in (("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory", "100mb"),
                    ("maxmemory-policy", "noeviction")):
        redis("CONFIG", "SET", *setting)
    # The environment and the file name it as well as the flag.
    file = tmp_path / "hubbub.yaml"
    file.write_text(f"cluster: ['{redis.url}']\n")
    for arguments, extra in (((), {"HUBBUB_CLUSTER": redis.url}), (("--config", file), {})):
        code, found = redis_checks(tmp_path, redis, *arguments, **extra)
        assert code == 0 and set(found.values()) == {"ok"} and len(found) == 4, found
    start("--cluster", redis.url, "--node-name", "web1")
    code, found = redis_checks(
        tmp_path, redis, "--cluster", redis.url, "--node-name", "web1", "--cluster-wait", "1")
    assert code == 1 and found["replicas of it"] == "fix"
    assert found["name of this node, web1"] == "doubtful"
    redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    assert redis_checks(tmp_path, redis, "--cluster", redis.url)[1]["it"] == "fix"
    redis.kill()
    assert redis_checks(tmp_path, redis, "--cluster", redis.url) == (1, {"it": "fix"})


def test_a_password_is_never_printed(tmp_path, redis):
    redis("CONFIG", "SET", "requirepass", "secret")
    for password in ("secret", "geheim"):
        url = redis.url.replace("unix://", f"unix://default:{password}@")
        result = run("doctor", *CONNECTIONS, "--data", str(tmp_path), HUBBUB_CLUSTER=url)
        assert password not in result.stdout + result.stderr
        assert "unix://default:***@" in result.stdout
        assert ("WRONGPASS" in result.stdout) == (password == "geheim")
