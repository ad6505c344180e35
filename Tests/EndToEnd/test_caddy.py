"""The Caddyfile of scripts/ops, with a real Caddy in front of the daemon."""

import os
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.request

import pytest
from websockets.sync.client import connect

from chat import line, say
from daemon import PATIENCE, ROOT

pytestmark = [
    pytest.mark.plain,
    pytest.mark.skipif(not shutil.which("caddy"), reason="caddy isn't installed"),
]


def version() -> tuple[int, ...]:
    """Caddy's version, as numbers."""
    text = subprocess.run(["caddy", "version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.search(r"(\d+)\.(\d+)", text).groups()))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def caddy(tmp_path):
    """Starts Caddy for a daemon, and returns its address. It has no admin port, and no TLS: that
    would need the ports 80 and 443. It listens on the address that the port was found on: on all
    addresses the port could be taken by what earlier tests left in TIME_WAIT on another one."""
    running = []

    def start(daemon) -> str:
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        file = tmp_path / "Caddyfile"
        text = (ROOT / "scripts/ops/Caddyfile").read_text()
        if version() < (2, 7):
            text = re.sub(r"\t*stream_close_delay .*\n", "", text)
        file.write_text("{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n\n" + text)
        running.append(subprocess.Popen(
            ["caddy", "run", "--config", file],
            env=os.environ | {"CHAT_DOMAIN": site, "CHAT_UPSTREAM": f"127.0.0.1:{daemon.port}",
                              "HOME": str(tmp_path)}, stderr=subprocess.PIPE, text=True))
        said = []
        for text in running[-1].stderr:
            said.append(text)
            if "serving initial configuration" in text:
                return f"127.0.0.1:{port}"
        raise AssertionError("caddy ended:\n" + "".join(said))

    yield start
    for each in running:
        each.terminate()
        each.wait(PATIENCE)
        each.stderr.close()


def test_the_caddyfile_is_formatted():
    result = subprocess.run(["caddy", "fmt", ROOT / "scripts/ops/Caddyfile"], capture_output=True,
                            text=True)
    assert result.stdout == (ROOT / "scripts/ops/Caddyfile").read_text()


def test_chat_goes_through_caddy_and_figures_do_not(start, caddy):
    daemon = start("--trusted-proxies", "127.0.0.1", "--log-level", "debug",
                   "--allow-origin", "https://other.example")
    address = caddy(daemon)
    # The daemon's own page may connect, because Caddy passes on the host that was asked for.
    with connect(f"ws://{address}/ws", origin=f"http://{address}", proxy=None,
                 additional_headers={"X-Forwarded-For": "203.0.113.9"}) as ann:
        say(ann, "hi")
        assert line(ann) == ("lobby", 1, "ann", "hi")
    with urllib.request.urlopen(f"http://{address}/", timeout=PATIENCE) as page:
        assert page.status == 200 and b"<!doctype html>" in page.read()[:100]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://{address}/metrics", timeout=PATIENCE)
    assert refused.value.code == 404
    refused.value.close()
    # Caddy says itself who the client is, and doesn't take the client's word for it.
    assert not any("203.0.113.9" in each for each in daemon.lines)
