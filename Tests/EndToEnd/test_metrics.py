"""`/metrics` has the text format of Prometheus and counts what happens."""

import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chat import line, say
from daemon import PATIENCE
from test_tls import get as get_over_tls

COMMENT = re.compile(r"# (?P<kind>HELP|TYPE) (?P<name>[a-z_][a-z0-9_]*) (?P<rest>\S.*)")
SAMPLE = re.compile(
    r'(?P<name>[a-z_][a-z0-9_]*)(?P<labels>\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?'
    r" (?P<value>[0-9.e+-]+|\+Inf|NaN)")


def scrape(daemon) -> str:
    with urllib.request.urlopen(daemon.url("/metrics"), timeout=PATIENCE) as response:
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return response.read().decode()


def families(text: str) -> dict:
    return {family.name: family for family in text_string_to_metric_families(text)}


def total(text: str, name: str, **labels: str) -> float:
    """The sum of all samples of this name with these labels; there must be one."""
    values = [
        sample.value for family in families(text).values() for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()]
    assert values, f"no {name}"
    return sum(values)


@pytest.fixture
def used(daemon, join) -> tuple[str, str]:
    """Scrapes before and after two clients have received three lines."""
    before = scrape(daemon)
    ann, bob = join(daemon), join(daemon)
    for text in ("one", "two", "three"):
        say(ann, text)
        assert line(ann) == line(bob)
    return before, scrape(daemon)


def test_each_line_is_well_formed_and_each_family_introduced_once(used):
    for text in used:
        assert text.endswith("\n")
        introduced, seen, family = {}, set(), None
        for each in text.splitlines():
            if comment := COMMENT.fullmatch(each):
                kind, name = comment["kind"], comment["name"]
                assert (kind, name) not in introduced, f"twice: {each}"
                introduced[kind, name] = comment["rest"]
                family = name
                continue
            sample = SAMPLE.fullmatch(each)
            assert sample, f"not a sample: {each!r}"
            base = re.sub("_(bucket|sum|count)$", "", sample["name"])
            assert family in (sample["name"], base), f"outside its family: {each}"
            assert ("HELP", family) in introduced and ("TYPE", family) in introduced
            assert (sample["name"], sample["labels"]) not in seen, f"twice: {each}"
            seen.add((sample["name"], sample["labels"]))


def test_names_follow_the_conventions_of_prometheus(used):
    for family in families(used[1]).values():
        assert family.name.startswith(("hubbub_", "process_")), family.name
        assert not re.search("_(ms|milliseconds|microseconds|nanoseconds|kb|kib)", family.name)
        if family.type == "counter":
            assert all(sample.name.endswith("_total") for sample in family.samples), family.name


def test_histograms_add_up(used):
    histograms = [each for each in families(used[1]).values() if each.type == "histogram"]
    assert histograms
    for histogram in histograms:
        buckets = [each for each in histogram.samples if each.name.endswith("_bucket")]
        bounds = [float(each.labels["le"]) for each in buckets]
        counts = [each.value for each in buckets]
        assert bounds == sorted(bounds) and bounds[-1] == float("inf")
        assert counts == sorted(counts)
        assert counts[-1] == total(used[1], f"{histogram.name}_count") > 0


@pytest.mark.parametrize("name, labels, growth", [
    ("hubbub_messages_received_total", {}, 3),
    ("hubbub_lines_received_total", {}, 3),
    ("hubbub_store_lines_total", {}, 3),
    ("hubbub_lines_delivered_total", {}, 6),
    ("hubbub_handshakes_total", {"outcome": "accepted"}, 2),
    ("hubbub_websockets", {}, 2),
])
def test_the_chat_is_counted(used, name, labels, growth):
    before, after = (total(text, name, **labels) for text in used)
    assert after - before == growth


def test_each_metric_is_documented_and_each_documented_one_exists(
        used, start, redis, tmp_path):
    article = Path(__file__).parents[2] / "Sources/ChatServer/ChatServer.docc/Operating.md"
    documented = set(re.findall(r"^\| `((?:hubbub|process)_\w+)", article.read_text(), re.MULTILINE))
    introduced = {each.split()[2] for each in used[1].splitlines() if each.startswith("# TYPE")}
    # With TLS, webhooks, checks and a cluster there are some more.
    file = tmp_path / "hubbub.yaml"
    file.write_text(
        "webhooks: [{url: 'https://127.0.0.1/', secret: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3}]")
    more = "--config", str(file), "--check-url", "http://127.0.0.1:9/"
    _, page = get_over_tls(start(*more, tls=True).port, "/metrics")
    introduced |= {each.split()[2] for each in page.splitlines() if each.startswith("# TYPE")}
    page = scrape(start("--cluster", redis.url))
    introduced |= {each.split()[2] for each in page.splitlines() if each.startswith("# TYPE")}
    assert documented == introduced


def test_promtool_agrees(used):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; the tests above check the format")
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=used[1], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
