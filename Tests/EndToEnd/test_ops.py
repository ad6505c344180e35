"""The files of scripts/ops name only settings, paths and ports that the daemon has."""

import re
import resource
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

from chat import line, say
from daemon import BINARY, ROOT, run
from supervisor import NotifySocket
from test_settings import variable
from trace import Trace

pytestmark = pytest.mark.plain

OPS = ROOT / "scripts" / "ops"
USER = 65532
DATA = "/var/lib/hubbub"
# Descriptors for 100 000 connections, and those that the daemon keeps for itself.
DESCRIPTORS = 100_064


def text(name: str) -> str:
    return (OPS / name).read_text()


def unit(name: str) -> dict[str, list[str]]:
    """The assignments of a unit file. A list has all values of a setting that is repeated."""
    found: dict[str, list[str]] = {}
    for line in text(name).splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """The help of each command."""
    names = re.findall(r"^  (\w+) {2,}", run("help").stdout.split("SUBCOMMANDS:")[1], re.MULTILINE)
    return {name: run(name, "--help").stdout for name in names if name != "help"}


@pytest.fixture(scope="module")
def containerfile() -> dict[str, list[str]]:
    """The instructions of the last stage."""
    last = text("Containerfile").split("\nFROM ")[-1]
    found: dict[str, list[str]] = {}
    for line in last.splitlines()[1:]:
        name, _, rest = line.partition(" ")
        found.setdefault(name, []).append(rest)
    return found


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load(text("compose.yaml"))


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict]:
    return {each["kind"]: each for each in yaml.safe_load_all(text("kubernetes.yaml"))}


@pytest.fixture(scope="module")
def container(manifest) -> dict:
    only, = manifest["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    return only


def default_port(helps: dict[str, str]) -> int:
    return int(re.search(r"--port <number>\s[^<]*?\(default: (\d+);", helps["serve"])[1])


@pytest.mark.parametrize("path", sorted(each for each in OPS.iterdir() if each.is_file()),
                         ids=lambda path: path.name)
def test_every_variable_is_a_setting(helps, path):
    known = set(re.findall(r"HUBBUB_\w+", " ".join(helps.values())))
    assert set(re.findall(r"\bHUBBUB_[A-Z_]+", path.read_text())) <= known


@pytest.mark.parametrize("name", ["hubbub.service", "reload.conf", "Containerfile"])
def test_every_command_and_flag_exists(helps, name):
    lines = re.findall(r"/usr/bin/hubbub\"?,? \"?([a-z]+)(.*)", text(name))
    assert lines
    for command, rest in lines:
        assert command in helps
        assert set(re.findall(r"--[a-z-]+", rest)) <= set(re.findall(r"--[a-z-]+", helps[command]))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't installed")
def test_systemd_understands_the_units(tmp_path):
    names = ["hubbub.service", *(path.name for path in OPS.glob("*.socket"))]
    for name in names:
        (tmp_path / name).write_text(text(name).replace("/usr/bin/hubbub", BINARY))
    (tmp_path / "hubbub.service.d").mkdir()
    for name in ("reload.conf", "port-80.conf"):
        drop_in = text(name).replace("/usr/bin/hubbub", BINARY)
        (tmp_path / "hubbub.service.d" / name).write_text(drop_in)
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True, text=True)
    problems = [line for line in result.stderr.splitlines() if str(tmp_path) in line
                or any(line.startswith(f"{name}:") for name in names)]
    # Before 253.
    assert [line for line in problems
            if not line.endswith("Failed to parse service type, ignoring: notify-reload")] == []


def test_the_unit_starts_the_daemon(helps):
    service = unit("hubbub.service")
    words = service["ExecStart"][0].split()
    assert words[:2] == ["/usr/bin/hubbub", "serve"]
    assert all(word in helps["serve"] for word in words[2:] if word.startswith("--"))
    assert service["StateDirectory"] == ["hubbub"] and service["StateDirectoryMode"] == ["0700"]
    assert service["Type"][-1] == "notify-reload"
    assert int(service["LimitNOFILE"][0]) == DESCRIPTORS
    assert float(service["WatchdogSec"][0]) > 0


def test_the_units_names_of_sockets_are_known():
    for path in OPS.glob("*.socket"):
        socket = unit(path.name)
        assert socket["FileDescriptorName"][0] in ("http", "https")
        if path.stem != "hubbub":
            assert socket["Service"] == ["hubbub.service"]


def test_the_package_has_the_files_that_the_unit_names():
    script = (ROOT / "scripts" / "package").read_text()
    paths = re.findall(r"(?<![\w}])/(?:etc|usr)/[\w./-]+", text("hubbub.service"))
    for path in set(paths) - {"/usr/bin/hubbub"}:
        assert path.removeprefix("/") in script, path


@pytest.mark.parametrize("script", ["scripts/package", "scripts/ops/image-root"])
def test_programs_without_the_swift_runtime_are_refused(tmp_path, script):
    folder = Path(BINARY).parent
    linked = subprocess.run(["ldd", BINARY], capture_output=True, text=True).stdout
    if "libswift" not in linked:
        pytest.skip("these programs contain the Swift runtime")
    arguments = ["--output", tmp_path, "--binaries", folder] if script == "scripts/package" \
        else [tmp_path / "image", folder]
    result = subprocess.run([ROOT / script, *arguments], capture_output=True, text=True)
    assert result.returncode == 1
    assert "needs Swift's libraries; build it with --static-swift-stdlib" in result.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't installed")
def test_the_unit_is_hardened():
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20",
         OPS / "hubbub.service"], capture_output=True, text=True)
    level = re.search(r"Overall exposure level for hubbub.service: ([\d.]+)", result.stdout)
    assert float(level[1]) <= 2.0


def allowed_calls() -> set[str]:
    """The system calls that the unit allows, in systemd's own sets of them."""
    sets: dict[str, list[str]] = {}
    listed = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        if line.startswith("@"):
            members = sets.setdefault(line.strip(), [])
        elif line.strip() and not line.strip().startswith("#"):
            members.append(line.strip())

    def expanded(name: str) -> set[str]:
        if name not in sets:
            return {name}
        return set().union(*map(expanded, sets[name]))

    allowed: set[str] = set()
    for value in unit("hubbub.service")["SystemCallFilter"]:
        names = set().union(*map(expanded, value.removeprefix("~").split()))
        allowed = allowed - names if value.startswith("~") else allowed | names
    # systemd always allows the first; the second is how it starts the daemon.
    return allowed | expanded("@default") | {"execve"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze isn't installed")
@pytest.mark.parametrize("is_node", [False, True], ids=["alone", "node"])
def test_the_unit_allows_what_the_daemon_calls(start, join, redis, tmp_path, is_node):
    trace = Trace(tmp_path / "trace", calls="all")
    # As many descriptors as the unit gives it: the soft limit is the hard one.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(DESCRIPTORS, hard)
    manager = NotifySocket(str(tmp_path / "notify"))
    daemon = start(*(["--cluster", redis.url] if is_node else []),
                   prefix=["prlimit", f"--nofile={count}:{count}", *trace.prefix],
                   NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="30000000")
    with join(daemon, compression="deflate") as ann:
        say(ann, "hi " * 400)
        line(ann)
    for path in ("/", "/metrics", "/readyz"):
        urllib.request.urlopen(daemon.url(path)).close()
    daemon.stop()
    manager.wait_for("STOPPING")
    manager.close()
    calls = set(trace.calls())
    assert {"epoll_wait", "sendto", "poll" if is_node else "pwrite64"} <= calls
    # As root, as here perhaps, SQLite and the daemon give their files to the directory's owner.
    assert calls - allowed_calls() <= {"fchown", "chown"}


def test_the_image_runs_the_daemon(helps, containerfile):
    assert containerfile["ENTRYPOINT"] == ['["/usr/bin/hubbub"]']
    assert yaml.safe_load(containerfile["CMD"][0]) == ["serve"]
    assert containerfile["USER"] == [f"{USER}:{USER}"]
    assert containerfile["EXPOSE"] == [str(default_port(helps))]
    assert containerfile["ENV"] == [f"HUBBUB_DATA={DATA}"]
    assert containerfile["VOLUME"] == [DATA]
    health = yaml.safe_load(containerfile["HEALTHCHECK"][0].split(" CMD ")[1])
    assert health[0] == "/usr/bin/hubbub" and health[1] in helps
    image = text("image-root")
    assert f"readonly user={USER}" in image and f"$image{DATA}" in image


def test_compose_runs_the_image_behind_caddy(helps, compose):
    daemon, caddy = (compose["services"][name] for name in ("hubbub", "caddy"))
    assert (OPS / daemon["build"]["context"] / daemon["build"]["dockerfile"]).is_file()
    subnet, = compose["networks"]["proxy"]["ipam"]["config"]
    assert daemon["environment"]["HUBBUB_TRUSTED_PROXIES"] == subnet["subnet"]
    assert daemon["volumes"] == [f"history:{DATA}"]
    assert daemon["ulimits"]["nofile"] == DESCRIPTORS
    assert "ports" not in daemon
    for name, value in daemon["environment"].items():
        result = run("serve", "--data", "/dev/null/nowhere", **{name: str(value)})
        assert result.returncode == 73, result.stderr
    assert caddy["environment"]["CHAT_UPSTREAM"] == f"hubbub:{default_port(helps)}"
    for name in re.findall(r"\{\$(\w+)", text("Caddyfile")):
        assert name in caddy["environment"]
    assert f"127.0.0.1:{default_port(helps)}" in text("Caddyfile")


def test_the_manifest_runs_the_daemon(helps, manifest, container):
    assert container["args"][0] in helps
    assert [port["containerPort"] for port in container["ports"]] == [default_port(helps)]
    environment = {each["name"]: each["value"] for each in container["env"]}
    for name, value in environment.items():
        extra = {} if name == variable("--data") else {name: value}
        assert run("serve", "--data", "/dev/null/nowhere", **extra).returncode == 73
    mount, = container["volumeMounts"]
    assert mount["mountPath"] == environment["HUBBUB_DATA"] == DATA
    claim, = manifest["StatefulSet"]["spec"]["volumeClaimTemplates"]
    assert mount["name"] == claim["metadata"]["name"]


def test_the_probes_ask_what_the_daemon_answers(daemon, container):
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        probe = container[name]["httpGet"]
        assert probe["port"] in [port["name"] for port in container["ports"]]
        with urllib.request.urlopen(daemon.url(probe["path"])) as answer:
            assert answer.status == 200
    # A daemon that can't store lines is alive, and must not be started again for it.
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_manifest_leaves_time_for_the_drain(manifest, container):
    spec = manifest["StatefulSet"]["spec"]
    assert spec["replicas"] == 1
    pod = spec["template"]["spec"]
    wait = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    # The drain takes at most 4 s, and closing the history 5 s.
    assert wait + 4 + 5 < pod["terminationGracePeriodSeconds"]
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == USER
    assert pod["securityContext"]["fsGroup"] == USER
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_service_leads_to_the_pod(manifest, container):
    service, pod = manifest["Service"]["spec"], manifest["StatefulSet"]["spec"]["template"]
    assert service["selector"].items() <= pod["metadata"]["labels"].items()
    assert manifest["StatefulSet"]["spec"]["serviceName"] == manifest["Service"]["metadata"]["name"]
    targets = [port["targetPort"] for port in service["ports"]]
    assert set(targets) <= {port["name"] for port in container["ports"]}
