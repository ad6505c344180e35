"""Arguments, with and without /proc, and what people write instead of the right ones."""

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request

import pytest

from daemon import BINARY, PATIENCE, environment, run
from test_output import LOAD, needs_load
from test_settings import EX_USAGE, NOWHERE, complaint
from terminal import once

# A namespace of its own, in which an empty directory lies over /proc.
WITHOUT_PROC = ["unshare", "--mount", "--user", "--map-root-user", "sh", "-c",
                'mount -t tmpfs none /proc && test ! -e /proc/self && exec "$@"', "sh"]


def why_not() -> str | None:
    """Why a program can't be started without /proc here; None if it can."""
    if not shutil.which("unshare"):
        return "there is no unshare"
    for prefix in (WITHOUT_PROC, WITHOUT_PROC[:2] + WITHOUT_PROC[4:]):
        tried = subprocess.run([*prefix, "true"], capture_output=True, text=True)
        if tried.returncode == 0:
            WITHOUT_PROC[:] = prefix
            return None
    return f"no namespace without /proc: {tried.stderr.strip()}"


REASON = why_not()


@pytest.mark.skipif(REASON is not None, reason=str(REASON))
@pytest.mark.parametrize("arguments, code, named", [
    ([BINARY, "serve", "--port", "9", "--no-such-flag"], EX_USAGE, "--no-such-flag"),
    ([BINARY, "--port", "nonsense"], EX_USAGE, "--port nonsense"),
    ([BINARY, "chat", "ftp://nowhere"], EX_USAGE, "ftp://nowhere"),
    pytest.param([LOAD, "--no-such-flag"], 2, "--no-such-flag", marks=needs_load),
    pytest.param([LOAD, "idle", "ftp://nowhere"], 2, "ftp://nowhere", marks=needs_load),
])
def test_arguments_count_without_proc(arguments, code, named):
    result = subprocess.run(
        [*WITHOUT_PROC, *arguments], env=environment(), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=PATIENCE)
    assert result.returncode == code, result.stderr
    assert named in result.stderr


@pytest.mark.skipif(REASON is not None, reason=str(REASON))
def test_the_daemon_serves_without_proc(start, join):
    daemon = start("--host", "127.0.0.1", prefix=WITHOUT_PROC)
    assert any(f"listening on 127.0.0.1:{daemon.port}" in each for each in daemon.lines)
    join(daemon)


@pytest.mark.parametrize("arguments, named", [
    (["start"], ["start", "hubbub serve"]),
    (["serv", "--port", "1"], ["serv", "hubbub serve"]),
    (["surf"], ["surf", "give one of serve, ", " chat, token, "]),
    (["--allow-origin", "*"], ["--allow-origin *", "leave the setting out"]),
    (["--allow-origin", "https://a/b"], ["https://a/b", "ends with the host"]),
    (["--trusted-proxies", "nginx"], ["--trusted-proxies nginx", "names are not looked up"]),
    (["--host", "localhost:8080"], ["--host localhost:8080", "--port"]),
    (["--line-burst", "0"], ["--line-burst 0", "--lines-per-second", "1 to 1000000 lines"]),
    (["--max-message-bytes", "64kb"], ["64kb", "write 64KiB", "1B to 4MiB"]),
    (["--lines-per-second", "0.5"], ["0.5", "whole number"]),
    (["--close-timeout", "0"], ["--close-timeout 0", "does not switch it off", "0.1s to 86400s"]),
    (["--log-level", "warn"], ["--log-level warn", "warning"]),
    (["--history", "none", "--retain-days", "3"], ["--retain-days 3", "--history none"]),
    (["--history", "none", "--retain-lines", "3"], ["--retain-lines 3", "--history none"]),
    (["--history", "none", "--max-history-bytes", "1GiB"],
     ["--max-history-bytes 1GiB", "--history none"]),
    (["--history", "none", "--durability", "power"], ["--durability power", "--history none"]),
    (["--port", "tcp://10.0.0.1:80"], ["--port", "enableServiceLinks", "1 to 65535"]),
])
def test_what_makes_no_sense_is_refused_with_the_remedy(arguments, named):
    text = complaint(run(*arguments, *NOWHERE), EX_USAGE)
    assert all(each in text for each in named), text


def test_what_has_no_effect_is_told(start):
    daemon = start(
        "--history", "none", "--lines-per-second", "0", "--line-burst", "3", "--ping-interval",
        "0", "--pong-timeout", "5", HUBBUB_PROT="9", HUBBUB_RETAIN_DAYS="3")
    for text in (r"HUBBUB_PROT is not a setting and is ignored; did you mean HUBBUB_PORT\?",
                 r"HUBBUB_RETAIN_DAYS=3 has no effect: .*--history none",
                 r"--line-burst 3 has no effect: --lines-per-second is 0",
                 r"--pong-timeout 5 has no effect: --ping-interval is 0"):
        daemon.wait_for(re.compile(f" warning {text}"))


def test_each_entry_in_json_is_an_object_of_strings(start):
    daemon = start("--log-format", "json", "--log-level", "trace", JOURNAL_STREAM="1:2")
    with urllib.request.urlopen(daemon.url("/r/go"), timeout=PATIENCE) as page:
        assert page.status == 200
    daemon.stop()
    entries = [json.loads(line) for line in daemon.lines]
    assert {"notice", "info", "trace"} <= {each["level"] for each in entries}
    assert entries[0]["message"].startswith("hubbub ") and entries[0]["data"] == str(daemon.data)
    for each in entries:
        assert list(each)[:3] == ["time", "level", "message"]
        assert all(isinstance(value, str) for value in each.values())


def test_the_log_has_all_that_is_in_force(start):
    daemon = start(
        "--allow-origin", "HTTPS://A.example:443/", "--trusted-proxies", "localhost,[::2]",
        "--forwarded-header", "forwarded", "--durability", "power", "--retain-days", "3",
        "--compression", "off")
    force = daemon.wait_for(re.compile(r" info Limits in force (.*)")).group(1)
    for each in ("allow-origin=https://a.example", "trusted-proxies=127.0.0.1/32,::1/128,",
                 "forwarded-header=forwarded", "durability=power", 'retain-days="3 days"',
                 'retain-lines="10000 lines"', "history=sqlite", "compression=off"):
        assert f" {each}" in f" {force}", force


@pytest.mark.plain
@pytest.mark.parametrize("address", [
    "127.0.0.1:{port}", "127.0.0.1:{port}/", "localhost:{port}", "127.0.0.1:{port}/ws",
    "http://127.0.0.1:{port}", "127.0.0.1:{port}?room=lobby",
])
def test_an_address_needs_no_scheme(daemon, address):
    result = once(address.format(port=daemon.port), b"hi\n")
    assert result.returncode == 0, result.stderr


@needs_load
@pytest.mark.parametrize("word, named", [
    ("broadcats", "did you mean broadcast?"), ("surfing", "connect, idle, broadcast"),
])
def test_an_unknown_scenario_is_named(word, named):
    result = subprocess.run([LOAD, word], env=environment(), capture_output=True, text=True,
                            stdin=subprocess.DEVNULL, timeout=PATIENCE)
    assert result.returncode == 2
    assert word in result.stderr and named in result.stderr and result.stdout == ""


@needs_load
@pytest.mark.plain
def test_the_load_tester_needs_no_scheme(daemon):
    result = subprocess.run(
        [LOAD, "connect", f"localhost:{daemon.port}", "--connections", "2"], env=environment(),
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    assert result.returncode == 0, result.stderr


MEANINGLESS = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF,
               signal.SIGIO, signal.SIGPWR, signal.SIGSTKFLT, signal.SIGXCPU, signal.SIGXFSZ,
               signal.SIGPIPE, signal.SIGWINCH, signal.SIGURG, signal.SIGCHLD, signal.SIGCONT,
               signal.SIGRTMIN, signal.SIGRTMIN + 3, signal.SIGRTMAX]


def test_signals_that_mean_nothing_end_nothing(daemon, join):
    for number in MEANINGLESS:
        daemon.signal(number)
    assert join(daemon)


def test_a_hangup_that_was_ignored_stays_so(start, join):
    daemon = start(prefix=["sh", "-c", 'trap "" HUP; exec "$@"', "sh"])
    daemon.signal(signal.SIGHUP)
    assert join(daemon)
    assert daemon.process.poll() is None
