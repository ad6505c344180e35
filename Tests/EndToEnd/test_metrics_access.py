"""Who gets `/metrics`: a port of its own keeps it from the public, or a token does."""

import json
import re
import ssl
import urllib.error
import urllib.request

import pytest

import certificates
import secure
from chat import line, say
from daemon import PATIENCE, run
from test_systemd import activated

pytestmark = pytest.mark.plain

EX_USAGE = 64
TOKEN = "the-token-of-the-tests"
ADMIN = re.compile(r"listening on .* admin=\"?([^\s\"]*:\d+)")


def status(url: str, method: str = "GET", **fields: str) -> int:
    context = ssl.create_default_context(cafile=certificates.trusted())
    asked = urllib.request.Request(url, method=method, headers=fields)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE, context=context) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def admin(daemon) -> str:
    return "http://" + daemon.wait_for(ADMIN)[1]


def test_a_port_of_its_own_alone_has_the_metrics(start, join):
    daemon = start("--admin-listen", "127.0.0.1:0")
    for method, expected in (("GET", 404), ("HEAD", 404), ("OPTIONS", 404), ("POST", 404)):
        assert status(daemon.url("/metrics"), method) == expected
    assert status(admin(daemon) + "/metrics") == 200
    assert status(admin(daemon) + "/metrics", "HEAD") == 200
    for place in (daemon.url(), admin(daemon) + "/"):
        for path in ("healthz", "readyz"):
            assert status(place + path) == 200
    ann = join(daemon)
    say(ann, "hi")
    assert line(ann) == ("lobby", 1, "ann", "hi")


def test_operators_are_served_when_the_server_is_full(start, join):
    daemon = start("--admin-listen", "127.0.0.1:0", "--max-connections", "1",
                   "--max-connections-per-address", "1")
    ann = join(daemon)
    assert status(daemon.url("/")) == 503
    for _ in range(3):
        assert status(admin(daemon) + "/") == 200
        assert status(admin(daemon) + "/metrics") == 200
    say(ann, "hi")
    assert line(ann) == ("lobby", 1, "ann", "hi")


def test_the_token_is_that_of_the_file_and_a_reload_replaces_it(start, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    daemon = start("--metrics-token-file", str(file))
    assert status(daemon.url("/metrics")) == 401
    assert status(daemon.url("/metrics"), Authorization=f"Bearer {TOKEN}") == 200
    file.write_text(TOKEN[::-1])
    assert run("reload", "--data", str(daemon.data)).returncode == 0
    assert status(daemon.url("/metrics"), Authorization=f"Bearer {TOKEN}") == 401
    assert status(daemon.url("/metrics"), Authorization=f"Bearer {TOKEN[::-1]}") == 200
    assert not any(TOKEN in each or TOKEN[::-1] in each for each in daemon.lines)


def test_the_token_may_stand_in_the_environment(start):
    daemon = start(HUBBUB_METRICS_TOKEN=TOKEN)
    assert status(daemon.url("/metrics")) == 401
    assert status(daemon.url("/metrics"), Authorization=f"Bearer {TOKEN}") == 200
    assert status(daemon.url("/readyz")) == 200


def test_a_public_port_for_operators_speaks_tls_if_there_is_a_certificate(start):
    daemon = start(*secure.flags(), "--tls-listen", "127.0.0.1:0", "--admin-listen", "0")
    port = daemon.wait_for(ADMIN)[1].rpartition(":")[2]
    assert status(f"https://localhost:{port}/metrics") == 200
    assert status(daemon.url("/metrics")) == 404


def test_a_loopback_port_for_operators_speaks_no_tls(start):
    daemon = start("--admin-listen", "127.0.0.1:0", tls=True)
    assert status(admin(daemon) + "/metrics") == 200
    assert status(daemon.url("/metrics")) == 404


def test_an_inherited_socket_may_be_for_operators(start):
    daemon = start("--admin-listen", "127.0.0.1:0",
                   prefix=activated("tcp", "tcp", names="http:admin"))
    daemon.wait_for(re.compile(r"--admin-listen 127\.0\.0\.1:0 has no effect"))
    assert status(daemon.url("/metrics")) == 404
    assert status(admin(daemon) + "/metrics") == 200


@pytest.mark.parametrize("arguments, named", [
    (["--metrics-token", "short"], "--metrics-token …: give 16 to 512 visible characters"),
    (["--metrics-token", "with a space in it"], "--metrics-token …: give"),
    (["--metrics-token-file", "/nowhere"], "--metrics-token-file /nowhere: it can't be read"),
    (["--metrics-token-file", "/dev/null"], "--metrics-token-file /dev/null: it must have 16"),
    (["--metrics-token-file", "/nowhere", "--metrics-token", TOKEN], "leave out one"),
    (["--admin-listen", "everywhere"], "--admin-listen everywhere: give a port"),
    (["--admin-listen", "192.0.2.1:1"], "--admin-listen 192.0.2.1:1: "),
])
def test_wrong_values_are_named(arguments, named, tmp_path):
    ended = run("serve", "--port", "0", "--data", str(tmp_path), *arguments)
    assert ended.returncode != 0
    assert named in ended.stderr
    assert TOKEN not in ended.stderr


def test_the_token_is_not_shown(tmp_path):
    shown = run("config", "show", "--json", HUBBUB_METRICS_TOKEN=TOKEN)
    assert TOKEN not in shown.stdout
    assert "metrics-token" in json.dumps(json.loads(shown.stdout))
