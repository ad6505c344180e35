"""What measures the daemon measures the right thing: the null kernel, and how its results are
read."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from daemon import BINARY, PATIENCE, ROOT, environment

BENCHMARKS = ROOT / "Benchmarks"
sys.path += [str(BENCHMARKS / folder) for folder in ("shared", "million", "counts")]

import callgrind  # noqa: E402
import counts  # noqa: E402
import million  # noqa: E402
import plot  # noqa: E402


@pytest.fixture(scope="module")
def null_kernel(tmp_path_factory) -> str:
    """The null kernel with the scenario of scripts/million."""
    library = tmp_path_factory.mktemp("null-kernel") / "null-kernel-million.so"
    subprocess.run(
        ["clang", "-std=gnu17", "-O2", "-fPIC", "-shared", f"-I{BENCHMARKS}/null-kernel",
         "-o", library, BENCHMARKS / "null-kernel/kernel.c", BENCHMARKS / "million/million.c",
         "-ldl"], check=True)
    return str(library)


def test_a_thousand_connections(null_kernel):
    results = million.run(BINARY, null_kernel, 1_000)
    assert [found["connections"] for found in results] == [1_000]
    assert results[0]["idle_bytes"] > results[0]["empty_bytes"] > 0
    assert sum(results[0]["pings"]) == 1_000
    assert max(results[0]["pings"]) <= 20
    assert "| 1 000 |" in million.table(results)
    ElementTree.fromstring(plot.plot(results, "here & now"))


def test_what_a_client_should_not_get_is_noticed(null_kernel, tmp_path):
    done = subprocess.run(
        [BINARY, "serve", "--host", "127.0.0.1", "--port", "0", "--data", tmp_path,
         "--history", "none", "--lines-per-second", "1", "--line-burst", "1"],
        env=environment(LD_PRELOAD=null_kernel, MOST_CONNECTIONS="1000"), capture_output=True,
        text=True, errors="replace", timeout=PATIENCE)
    assert done.returncode == 1
    assert 'frame 81: {"type":"error","code":"rate_limited"' in done.stderr


def test_broken_promises_are_named():
    good = {"connections": 1_000_000, "most_bytes": 200e6, "line_ns": 1e8, "tick_ns": 100,
            "pings": [10_000] * 100}
    assert list(million.problems([good])) == []
    bad = good | {"most_bytes": 257e6, "line_ns": 3e8, "pings": [500_000, 500_000] + [0] * 98}
    assert len(list(million.problems([bad]))) == 3
    assert len(list(million.problems([good, good | {"tick_ns": 1_000}]))) == 1


PROFILE = """\
desc: Trigger: Client Request: line
ob=/bin/hubbub
fn=publish
1 100
cob=/lib/libswiftCore.so
cfn=swift_retain
calls=3 0
1 15
cfn=wait
cob=/x/null-kernel-counts.so
calls=1 0
1 5000
+2 7
ob=/lib/libswiftCore.so
fn=swift_retain
0 15
cfn=swift_retain_n
calls=3 0
0 9
ob=/x/null-kernel-counts.so
fn=wait
0 4000
cob=/lib/libc.so.6
cfn=memcpy
calls=1 0
0 1000
ob=/lib/libc.so.6
fn=memcpy
0 1200
"""


def test_the_null_kernel_and_what_it_calls_is_not_counted(tmp_path):
    path = tmp_path / "out.1-01"
    path.write_text(PROFILE)
    found = callgrind.read(path)
    assert found.phase == "line"
    # 1000 of memcpy's 1200 were spent for the null kernel.
    assert found.instructions == 100 + 7 + 15 + 200
    assert found.functions["publish", "hubbub"] == 107
    assert found.calls == {"retain": 3}


def test_what_is_no_phase_is_not_read(tmp_path):
    path = tmp_path / "out"
    path.write_text("desc: Trigger: Program termination\nfn=main\n1 100\n")
    assert callgrind.read(path) is None


def test_growth_past_the_tolerance_is_named():
    found = {"line": {"instructions": 1_060}, "idle": {"instructions": 0.4}}
    assert len(counts.compare(found, {"line": 1_000, "idle": 0})) == 1
    assert counts.compare(found, {"line": 1_010, "idle": 0}) == []
