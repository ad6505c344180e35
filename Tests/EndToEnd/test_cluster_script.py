"""`scripts/cluster` starts a cluster that is one chat, and ends with all of its parts."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from types import SimpleNamespace

import pytest

from daemon import BINARY, PATIENCE, ROOT, environment
from test_metrics import total

pytestmark = pytest.mark.plain

NODE = re.compile(r"^(node\d)\s+http://(\S+)/\s+process (\d+)$")


@pytest.fixture
def cluster():
    """The running script: its lines, and the address of its proxy as a daemon's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    process = subprocess.Popen(
        [ROOT / "scripts" / "cluster", "--max-rooms", "7"],
        env=environment(HUBBUB_BIN=BINARY, HUBBUB_PORT=str(port)), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell ignores the signal for ever if it was ignored at its start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("haproxy"):
            break
    else:
        raise AssertionError(process.stderr.read())
    yield SimpleNamespace(
        process=process, lines=lines, nodes=dict(
            (match[1], SimpleNamespace(address=match[2], process=int(match[3])))
            for match in map(NODE.match, lines) if match),
        ws=lambda query="": f"ws://127.0.0.1:{port}/ws{query}", port=port)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)


def metrics(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=PATIENCE) as response:
        return response.read().decode()


def is_running(process: int) -> bool:
    return os.path.exists(f"/proc/{process}")


def test_a_room_is_shared_through_one_address(cluster, rich):
    assert list(cluster.nodes) == ["node1", "node2", "node3"]
    people = [rich(cluster) for _ in range(6)]
    for number, client in enumerate(people):
        client.join(username=f"client{number}")
    pages = {name: metrics(node.address) for name, node in cluster.nodes.items()}
    for name, page in pages.items():
        assert total(page, "hubbub_websockets") >= 1
        assert total(page, "hubbub_cluster_info", node=name) == 1
        # The arguments of the script are those of all nodes.
        assert total(page, "hubbub_changed_limit_info", limit="max-rooms", value="7 rooms") == 1
    for number, client in enumerate(people):
        assert client.post(f"line {number}")["seq"] == number + 1
    for client in people:
        lines = [client.expect("message") for _ in people]
        assert [each["seq"] for each in lines] == [1, 2, 3, 4, 5, 6]
    # The proxy keeps the metrics from the public.
    with pytest.raises(urllib.error.HTTPError, match="404"):
        metrics(f"127.0.0.1:{cluster.port}")

    os.kill(cluster.nodes["node1"].process, signal.SIGKILL)
    ann = rich(cluster)
    assert ann.join(username="ann")["seq"] == 6
    assert ann.post("still here")["seq"] == 7

    cluster.process.send_signal(signal.SIGINT)
    _, said = cluster.process.communicate(timeout=PATIENCE)
    assert cluster.process.returncode == 130, said
    processes = [int(each) for line in cluster.lines for each in re.findall(r"process (\d+)", line)]
    assert len(processes) == 5 and not any(map(is_running, processes))
