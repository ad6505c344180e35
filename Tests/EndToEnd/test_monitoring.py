"""The dashboard and the alert rules of scripts/ops, with a real Prometheus that scrapes the daemon."""

import json
import math
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import yaml

import secure
from chat import line, say
from daemon import PATIENCE, ROOT

pytestmark = [
    pytest.mark.plain,
    pytest.mark.skipif(not shutil.which("prometheus"), reason="Prometheus isn't installed"),
]

MONITORING = ROOT / "scripts" / "ops" / "monitoring"
OPERATING = ROOT / "Sources" / "ChatServer" / "ChatServer.docc" / "Operating.md"
COMPARISON = re.compile(r"(?P<operand>.+) (==|<|>) [0-9.e* ]+", re.DOTALL)
# In place of the ranges of rules and panels, so that a few scrapes fill them.
RANGE = "[5s]"
TOKEN = "the-token-of-the-tests"


def short(expression: str) -> str:
    expression = expression.replace("$instance", ".*")
    return re.sub(r"\[(\d+[smh]|\$__rate_interval)\]", RANGE, expression)


def panels() -> list[dict]:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries() -> dict[str, str]:
    """Each query of the dashboard, by its panel and letter."""
    return {f"{panel['title']}: {target['refId']}": short(target["expr"])
            for panel in panels() for target in panel["targets"]}


def rules() -> dict[str, str]:
    text = yaml.safe_load((MONITORING / "alerts.yaml").read_text())
    return {rule["alert"]: rule["expr"] for group in text["groups"] for rule in group["rules"]}


def operands() -> dict[str, str]:
    """What each alert compares. It must have a value at any time, or the alert could never come."""
    return {alert: short(COMPARISON.fullmatch(expression)["operand"])
            for alert, expression in rules().items()}


class Prometheus:
    """A Prometheus with the configuration of scripts/ops, which scrapes daemons all the time."""

    def __init__(self, folder, targets: list[str], token):
        text = (MONITORING / "prometheus.yaml").read_text()
        for shipped, ours in (("127.0.0.1:9091", ", ".join(targets)), ("15s", "250ms"),
                              ("# authorization", "authorization"),
                              ("/etc/hubbub/metrics-token", str(token))):
            assert shipped in text
            text = text.replace(shipped, ours)
        (folder / "prometheus.yaml").write_text("global: {evaluation_interval: 1s}\n" + text)
        shutil.copy(MONITORING / "alerts.yaml", folder)
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yaml",
             f"--storage.tsdb.path={folder}/data", "--web.listen-address=127.0.0.1:0"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        said = []
        for text in self.process.stderr:
            said.append(text)
            if listening := re.search(r'"Listening on" address=(\S+)', text):
                self.address = listening[1]
                return
        raise AssertionError("Prometheus ended:\n" + "".join(said))

    def get(self, path: str, **query: str) -> dict:
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            # It isn't ready yet.
            assert error.code == 503, error.read()
            return {}

    def has_value(self, expression: str) -> bool:
        found = self.get("query", query=expression).get("result", [])
        return any(math.isfinite(float(each["value"][1])) for each in found)


@pytest.fixture
def prometheus(tmp_path):
    running = []

    def start(*arguments) -> Prometheus:
        folder = tmp_path / "prometheus"
        folder.mkdir()
        running.append(Prometheus(folder, *arguments))
        return running[-1]

    yield start
    for each in running:
        each.process.terminate()
        each.process.wait(PATIENCE)
        each.process.stderr.close()


def make_load(daemon, join, rich, ann):
    """Something of each kind that a query counts."""
    for number in range(5):
        say(ann, f"line {number}")
        line(ann)
    ann.send("nonsense")
    ann.recv(timeout=PATIENCE)
    bob = rich(daemon)
    bob.join(username="bob")
    bob.client.close()
    for path in ("/", "/nowhere"):
        try:
            urllib.request.urlopen(daemon.url(path), timeout=PATIENCE).close()
        except urllib.error.HTTPError as error:
            error.close()


def test_each_query_has_an_answer(start, join, rich, tmp_path, prometheus, redis):
    data, token = tmp_path / "data", tmp_path / "metrics-token"
    token.write_text(TOKEN + "\n")
    first = start(data=data)
    ann = join(first)
    say(ann, "the oldest line")
    line(ann)
    first.stop()
    daemon = start(
        *secure.flags(), "--tls-listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
        "--metrics-token-file", str(token), "--max-rooms", "3", "--lines-per-second", "0",
        "--cost-per-second", "0", "--errors-per-minute", "0", data=data)
    node = start(
        "--cluster", redis.url, "--admin-listen", "127.0.0.1:0", "--metrics-token-file", str(token))
    server = prometheus(
        [each.wait_for(re.compile(r"admin=(127\.0\.0\.1:\d+)"))[1] for each in (daemon, node)],
        token)
    ann = join(daemon)
    left = queries() | operands()
    assert len(left) == len(queries()) + len(operands())
    deadline = time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        make_load(daemon, join, rich, ann)
        left = {name: query for name, query in left.items() if not server.has_value(query)}
    assert left == {}
    health = {}
    while time.monotonic() < deadline:
        groups = server.get("rules")["groups"]
        health = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}
        if set(health.values()) == {"ok"}:
            break
    assert health == {alert: "ok" for alert in rules()}


def test_each_alert_is_documented_and_each_documented_one_exists():
    documented = re.findall(r"^\| `(Hubbub\w+)`", OPERATING.read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(rules())


def test_each_metric_of_a_query_exists():
    documented = set(re.findall(
        r"^\| `((?:hubbub|process)_\w+)", OPERATING.read_text(), re.MULTILINE))
    for query in (queries() | rules()).values():
        for name in re.findall(r"\b(?:hubbub|process)_\w+", query):
            assert {name, re.sub("_(bucket|sum|count)$", "", name)} & documented, name


def test_promtool_agrees_with_the_rules():
    for command, name in (("rules", "alerts.yaml"), ("config", "prometheus.yaml")):
        checked = subprocess.run(["promtool", "check", command, MONITORING / name],
                                 capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr


# For each alert, what the daemon tells in a minute of an hour of trouble: a value, and how much it
# grows in a minute.
HOUR = 60
LABELS = 'job="hubbub",instance="a"'


def series(name: str, start: float, growth: float = 0, labels: str = "") -> dict:
    labels = f"{LABELS},{labels}" if labels else LABELS
    return {"series": f"{name}{{{labels}}}", "values": f"{start}+{growth}x{HOUR}"}


def slow(name: str) -> list[dict]:
    """Durations of ten seconds, a hundred in a minute."""
    return [series(f"{name}_bucket", 0, 100 if bound == "+Inf" else 0, f'le="{bound}"')
            for bound in ("0.05", "1", "+Inf")]


TROUBLE = {
    "HubbubDown": [series("up", 0)],
    "HubbubRestarts": [series("process_start_time_seconds", 0, 60)],
    "HubbubNotReady": [series("hubbub_history_ready", 0)],
    "HubbubStoreFails": [series("hubbub_store_failed_groups_total", 0, 1)],
    "HubbubCommitsSlow": slow("hubbub_store_commit_duration_seconds"),
    "HubbubDiskNearlyFull": [series("hubbub_store_free_bytes", 5e8)],
    "HubbubConnectionsNearLimit": [
        series("hubbub_connections", 95), series("hubbub_connections_limit", 100)],
    "HubbubConnectionsRefused": [series("hubbub_connections_refused_total", 0, 600)],
    "HubbubAcceptPauses": [series("hubbub_accept_pauses_total", 0, 1)],
    "HubbubMemoryNearBudget": [
        series("hubbub_buffer_bytes", 9), series("hubbub_buffer_budget_bytes", 10)],
    "HubbubTicksLong": slow("hubbub_tick_duration_seconds"),
    "HubbubBusy": [series("hubbub_tick_duration_seconds_sum", 0, 58)],
    "HubbubDeliverySlow": slow("hubbub_line_delivery_duration_seconds"),
    "HubbubLaggards": [series("hubbub_laggards", 10), series("hubbub_websockets", 100)],
    "HubbubLaggardsClosed": [series("hubbub_laggards_closed_total", 0, 600)],
    "HubbubHandshakesRefused": [
        series("hubbub_handshakes_total", 0, 1_000, 'outcome="malformed"')],
    "HubbubTokensRefused": [series("hubbub_tokens_total", 0, 1_000, 'outcome="refused"')],
    "HubbubTLSHandshakesFail": [
        series("hubbub_tls_handshakes_total", 0, 1_000, 'outcome="garbage"')],
    "HubbubCertificateEnds": [
        series("hubbub_tls_certificate_expiry_timestamp_seconds", 10 * 86_400, 0, 'name="b"')],
    "HubbubCertificateNotReplaced": [series("hubbub_tls_reload_failures_total", 0, 1)],
    "HubbubShardCutOff": [series("hubbub_cluster_shard_ready", 0, 0, 'shard="1"')],
    "HubbubEpochChanged": [series("hubbub_cluster_epoch_changes_total", 0, 1, 'shard="1"')],
    "HubbubShardSlow": slow("hubbub_cluster_round_trip_seconds"),
    "HubbubShardRepairs": [series("hubbub_cluster_repairs_total", 0, 600, 'noticed="beat"')],
}


def test_each_alert_comes_in_its_trouble_and_in_no_other(tmp_path):
    assert TROUBLE.keys() == rules().keys()
    firing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    tests = [{
        "interval": "1m", "input_series": trouble,
        "promql_expr_test": [{
            "expr": firing, "eval_time": "45m",
            "exp_samples": [{"labels": f'{{alertname="{alert}"}}', "value": 1}]}],
    } for alert, trouble in TROUBLE.items()]
    calm = [series("up", 1), series("hubbub_history_ready", 1)]
    tests.append({"interval": "1m", "input_series": calm,
                  "promql_expr_test": [{"expr": firing, "eval_time": "45m", "exp_samples": []}]})
    file = tmp_path / "tests.yaml"
    file.write_text(yaml.safe_dump({
        "rule_files": [str(MONITORING / "alerts.yaml")], "evaluation_interval": "1m",
        "tests": tests}))
    result = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
