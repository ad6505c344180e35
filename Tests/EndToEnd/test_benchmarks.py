"""The measurements of the daemon are correct: the null kernel, and how its results are read."""

import argparse
import dataclasses
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from daemon import BINARY, PATIENCE, ROOT, environment

BENCHMARKS = ROOT / "Benchmarks"
FOLDERS = ("shared", "million", "counts", "compare", "attack")
sys.path += [str(BENCHMARKS / folder) for folder in FOLDERS]

import attack  # noqa: E402
import attacks  # noqa: E402
import callgrind  # noqa: E402
import certificate  # noqa: E402
import charts  # noqa: E402
import compare  # noqa: E402
import counts  # noqa: E402
import document  # noqa: E402
import drawing  # noqa: E402
import million  # noqa: E402
import plot  # noqa: E402
import prices  # noqa: E402
from measuring import Usage, is_late  # noqa: E402
from running import LISTENING, Cores  # noqa: E402
from scenarios import SETS, why_not_held  # noqa: E402
from summary import scenarios_of, summary  # noqa: E402
from tables import tables  # noqa: E402


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


def test_an_unexpected_frame_is_reported(null_kernel, tmp_path):
    done = subprocess.run(
        [BINARY, "serve", "--host", "127.0.0.1", "--port", "0", "--data", tmp_path,
         "--history", "none", "--lines-per-second", "1", "--line-burst", "1"],
        env=environment(LD_PRELOAD=null_kernel, MOST_CONNECTIONS="1000"), capture_output=True,
        text=True, errors="replace", timeout=PATIENCE)
    assert done.returncode == 1
    assert 'frame 81: {"type":"error","code":"rate_limited"' in done.stderr


def test_costs_over_their_limits_are_named():
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
    # 1000 of memcpy's 1200 instructions were spent for the null kernel.
    assert found.instructions == 100 + 7 + 15 + 200
    assert found.functions["publish", "hubbub"] == 107
    assert found.calls == {"retain": 3}


def test_other_parts_of_a_profile_are_ignored(tmp_path):
    path = tmp_path / "out"
    path.write_text("desc: Trigger: Program termination\nfn=main\n1 100\n")
    assert callgrind.read(path) is None


def counted(**changed: dict) -> dict:
    """The cost of each operation: a thousand instructions and no calls, except for `changed`."""
    return {name: {"instructions": 1_000} | dict.fromkeys(callgrind.WATCHED, 0)
            | changed.get(name.replace("-", "_"), {}) for name in counts.OPERATIONS}


def test_growth_over_the_tolerance_is_named():
    assert counts.compare(counted(), counted()) == []
    assert counts.compare(counted(line={"instructions": 1_040}), counted()) == []
    grown, = counts.compare(counted(line={"instructions": 1_060}), counted())
    assert "a line that comes in" in grown and "1060" in grown


def test_a_new_call_is_named():
    retained, = counts.compare(counted(line={"retain": 1}), counted())
    assert "retain" in retained
    # On a delivery no call is allowed, whatever was committed.
    forbidden = counted(delivery_batched={"malloc": 1})
    assert len(counts.compare(forbidden, forbidden)) == 1


def results(name: str, rounds: int = 3) -> dict:
    """Made-up results of a set: each server takes twice as much as the one before it, and each
    round 10 % more than the one before."""
    each = SETS[name]
    runs = [
        {"scenario": scenario.name, "server": server, "round": number, "findings": {},
         "problem": None, "is_limit": False, "disturbed": 0, "is_disturbed": False,
         "is_discarded": False, "is_skipped": False, "values": {
             metric.key: 2.0 ** place * (1 + number / 10) for metric in scenario.metrics}}
        for number in range(rounds) for scenario in each.scenarios(False)
        for place, server in enumerate(each.servers)]
    return {"set": name, "is_quick": False, "rounds": rounds, "origin": "here & now", "seconds": 1,
            "servers": {server: f"<{server}>" for server in each.servers}, "runs": runs}


def test_ratios_are_to_hubbub_in_the_same_round():
    found = results("peers")
    scenario = scenarios_of(found)[0]
    of_relay = summary(found["runs"], scenario, "relay")
    assert of_relay.values["memory"] == pytest.approx(4.4)
    assert of_relay.ratios["memory"].least == of_relay.ratios["memory"].most == 4
    assert of_relay.cell(scenario.metrics[0]) == "4.40 B (4.00)"
    assert summary(found["runs"], scenario, "hubbub").cell(scenario.metrics[0]) == "1.10 B"


def test_failed_and_disturbed_rounds_are_left_out_and_noted():
    found = results("peers")
    scenario = scenarios_of(found)[0]
    ours = [run for run in found["runs"]
            if run["server"] == "gorilla" and run["scenario"] == scenario.name]
    ours[0]["findings"] = {"ended": 3}
    of_gorilla = summary(found["runs"], scenario, "gorilla")
    assert of_gorilla.values["memory"] == pytest.approx(8 * 1.15)
    assert of_gorilla.note == "findings in 1 of 3 rounds: `ended` 3"
    ours[1]["problem"] = "no end within 9 s"
    of_gorilla = summary(found["runs"], scenario, "gorilla")
    assert of_gorilla.cell(scenario.metrics[0]) == "—" and not of_gorilla.values
    assert of_gorilla.note.endswith("; in 1 of 3 rounds: no end within 9 s")
    assert "| <gorilla> | —¹ | —¹ | —¹ |" in tables(found)[0].markdown()
    for run in found["runs"]:
        run["is_discarded"] = run["server"] == "hubbub" or run["round"] == 0
    assert summary(found["runs"], scenario, "hubbub").note == (
        "disturbed in each round, and so discarded")
    of_relay = summary(found["runs"], scenario, "relay")
    assert of_relay.values["memory"] == pytest.approx(4 * 1.15) and not of_relay.ratios


@pytest.mark.parametrize("name", SETS)
def test_results_become_tables_plots_and_a_page(name):
    found = results(name)
    ElementTree.fromstring(charts.chart(found))
    page = compare.page([found])
    assert "&lt;hubbub&gt;" in page and "here &amp; now" in page and "<hubbub>" not in page
    assert compare.section(found).count("| <hubbub>") or name != "peers"
    assert f"scripts/compare --set {name} --document writes what" in compare.ARTICLE.read_text()


def test_a_rate_that_is_not_held_gives_no_value():
    report = {"lines": {"unsent": 0, "latest_milliseconds": 1}, "latency": {"p99": 20},
              "own_processor": {"seconds": 1}, "server_processor": {"seconds": 3},
              "deliveries": {"seconds": 4}}
    assert why_not_held(report) is None and not is_late(report)
    assert why_not_held(report | {"latency": {"p99": 1_001}}) == "not held"
    late = report | {"lines": {"unsent": 5, "latest_milliseconds": 900}}
    assert why_not_held(late) == "not held" and is_late(late)
    busy = late | {"own_processor": {"seconds": 4}}
    assert why_not_held(busy) == "beyond hubbub-load" and not is_late(busy)


def test_the_rest_of_the_processor_time_belongs_to_others():
    before = Usage(at=10, idle=100, interrupts=5, server=3, ended=1)
    after = Usage(at=20, idle=110, interrupts=5, server=10, ended=2)
    # Of twenty seconds ten were idle, seven the server's and one hubbub-load's.
    assert after.others_since(before) == pytest.approx(0.1)


def test_a_port_is_found():
    assert LISTENING.search("40035\n")[1] == "40035"
    logged = "2026-11-26T15:11:49.398Z notice hubbub 0.1.0 listening on 127.0.0.1:4035 data=none\n"
    assert LISTENING.search(logged)[2] == "4035"
    assert not LISTENING.search("Warning: 12 of 13\n")


# Announces its port as the daemon does, and answers each connection with a line.
BEHIND = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    while True:
        with listener.accept()[0] as peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nbehind")
"""


@pytest.mark.parametrize("front, program", [
    ("nginx", "/usr/sbin/nginx"), ("stunnel", "/usr/bin/stunnel4"),
])
def test_a_front_takes_a_certificate_of_a_relative_folder(front, program, tmp_path, monkeypatch):
    if not os.access(program, os.X_OK):
        pytest.skip(f"there is no {front}")
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    pair = certificate.make(Path("logs"))
    process = subprocess.Popen(
        [sys.executable, BENCHMARKS / "peers/tls-front.py", front, program, *pair,
         sys.executable, "-c", BEHIND], stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline())
        context = ssl.create_default_context(cafile=pair[0])
        context.check_hostname = False
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            received = b""
            while part := peer.recv(65_536):
                received += part
        assert received.endswith(b"behind")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()


def test_paths_of_a_certificate_are_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    assert [Path(each) for each in certificate.make(Path("logs"))] == [
        tmp_path / "logs/certificate.pem", tmp_path / "logs/certificate.key"]


def test_an_article_is_updated(tmp_path: Path):
    article = tmp_path / "Article.md"
    begin = "<!-- {} writes what follows -->"
    article.write_text(f"a\n{begin.format('x')}\nold\n{document.END}\nb\n"
                       f"{begin.format('y')}\nkept\n{document.END}\n")
    document.write_between(article, "x", "new")
    assert article.read_text() == (
        f"a\n{begin.format('x')}\n\nnew\n\n{document.END}\nb\n"
        f"{begin.format('y')}\nkept\n{document.END}\n")


@pytest.mark.parametrize("most", [0.03, 0.9, 1, 7, 98, 190, 1234])
def test_an_axis_has_few_round_steps_and_room(most):
    axis = drawing.axis_from_zero([most / 2, most])
    assert axis.marks[0] == 0 and axis.marks[-1] == axis.high > most
    assert 3 <= len(axis.marks) <= 7


def found_attack(**changed) -> dict:
    """The result of an attack that nobody notices."""
    times = {"lines": 400, "median": 1.0, "p99": 3.0, "most": 9.0, "late_p99": 1.0}
    return {
        "name": "pings", "text": "pings", "connections": 1, "is_bounded": True, "quiet": times,
        "attacked": times | changed, "processor": 0.5,
        "attackers": {"seconds": 2, "sent": 4_000_000, "received": 0, "opened": 0, "closed": 0}}


def test_an_attack_that_a_bystander_notices_is_named():
    good = found_attack()
    assert "| 2 000 kB/s | 50% | 1.0, 3.0 ms | 1.0, 3.0 ms | 9.0 ms |" in attack.table([good])
    assert list(attack.problems(good)) == []
    assert len(list(attack.problems(found_attack(median=6.1, p99=28.1)))) == 2
    assert list(attack.problems(found_attack(median=6.1) | {"is_bounded": False})) == []
    # The bystander was disturbed itself.
    assert len(list(attack.problems(found_attack(late_p99=20.0)))) == 1
    ended = {"name": "a", "text": "a", "problem": "the daemon ended", "is_bounded": True}
    assert list(attack.problems(ended)) == ["a: the daemon ended"]
    assert "the daemon ended" in attack.table([good, ended])


@pytest.mark.parametrize("name", [
    "pings", "members-renamed", "churn", "forwarded", "history", "bad-tokens"])
def test_an_attack_is_made_and_a_bystander_heard(name, tmp_path, monkeypatch):
    monkeypatch.setattr(attack, "QUIET", 0.5)
    monkeypatch.setenv("PYTHONPATH", str(BENCHMARKS / "shared"))
    chosen = dataclasses.replace(attacks.ATTACKS[name], connections=10, lines=min(
        attacks.ATTACKS[name].lines, 100))
    options = argparse.Namespace(
        daemon=BINARY, logs=tmp_path, burst=0.1, seconds=1, flags="")
    found = attack.run(chosen, options, Cores.pick())
    assert "problem" not in found
    assert found["attacked"]["lines"] > 0
    assert found["attackers"]["sent"] > 0 and found["attackers"]["received"] > 0


def test_each_kind_of_command_has_a_price(tmp_path, monkeypatch):
    monkeypatch.setattr(prices, "SECONDS", 0)
    monkeypatch.setattr(prices, "SETTLING", 0)
    monkeypatch.setattr(prices, "OLD_LINES", 100)
    found = prices.prices(BINARY, Cores.pick(), tmp_path)
    assert all(each["reactor"] > 0 and each["units"] > 0 for each in found)
    assert "| pong (`pong`) | " in prices.table_of_prices(found)


def test_a_price_that_is_too_low_is_named():
    assert prices.too_cheap([{"name": "a", "units": 7, "reactor": 14}]) == []
    assert len(prices.too_cheap([{"name": "a", "units": 7, "reactor": 15}])) == 1
