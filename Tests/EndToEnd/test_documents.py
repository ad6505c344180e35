"""The commands, flags and samples of the documents. DocumentTests compiles the Swift samples."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import certificates
from daemon import BINARY, LISTENING, PATIENCE, ROOT, environment

DOCUMENTS = sorted([
    *ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("Sources/*/*.docc/*.md"),
    *ROOT.glob("Tests/*/README.md")])

# Commands that a test can't run, with the reason. The others get another port, directory and time.
WITHHELD = {
    "scripts/test": "it runs these tests",
    "bash .ci/run": "it runs these tests",
    "scripts/format": "it changes files",
    "swift build": "a build takes minutes; scripts/test does the same before these tests",
    "swift test": "scripts/test does the same before these tests",
    "scripts/cluster": "it goes on until somebody ends it; test_cluster_script.py runs it",
    "scripts/package": "it needs minutes; scripts/ops/try-package tries the package",
    "sudo apt": "it needs root",
    "sudo systemctl": "it needs systemd as process 1",
    "curl --fail-with-body -H": "it needs a key; test_backends.py runs it",
    "docker": "it needs Docker; test_ops.py checks the file",
    "CHAT_DOMAIN=": "it needs Docker; test_ops.py checks the file",
    "kubectl": "it needs Kubernetes; test_ops.py checks the file",
    "systemctl": "it needs systemd",
    "HUBBUB_BIN=": "it runs these tests",
    "hubbub chat wss://chat.example": "it needs a server with that name and its certificate",
    "hubbub chat https://chat.example": "it needs a server with that name and its certificate",
    "hubbub-load idle --connections 150000": "it needs 150 000 descriptors and a large machine",
    "hubbub-load broadcast --connections 150000": "it needs 150 000 descriptors and a large machine",
}

# Flags of other programs in the documents.
FOREIGN_FLAGS = {
    "--build-tests", "--configuration", "--no-buffer", "--filter", "--product", "--show-bin-path", "--skip-build",
    "--static-swift-stdlib", "--tls",
    # Those of curl, docker, kubectl and systemctl.
    "--detach", "--fail-with-body", "--file", "--filename", "--now", "--publish", "--read-only", "--tag", "--volume",
}


@dataclass(frozen=True)
class Block:
    """A block of code in a document."""

    path: Path
    line: int
    language: str
    text: str

    def __str__(self):
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks(language: str) -> list[Block]:
    pattern = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        Block(path, text[:match.start()].count("\n") + 2, match[1], match[2])
        for path in DOCUMENTS if (text := path.read_text())
        for match in pattern.finditer(text) if match[1] == language]


def commands() -> list[tuple[str, str]]:
    """The position of each command, and the command: a line, a continued line or a whole loop."""
    found = []
    for block in blocks("sh"):
        text = re.sub(r"\s+# .*", "", block.text).replace("\\\n", " ")
        text = re.sub(r"^for .*?^done", lambda loop: loop[0].replace("\n", " ; ", 1).replace(
            "&\n", "& ").replace("do ;", "do"), text, flags=re.MULTILINE | re.DOTALL)
        found += [(str(block), re.sub(r" +", " ", line)) for line in text.splitlines() if line]
    return found


def is_withheld(command: str) -> bool:
    return any(command.startswith(start) for start in WITHHELD)


COMMANDS = commands()


def test_the_commands_are_found():
    assert len(COMMANDS) > 12
    for start in WITHHELD:
        assert any(command.startswith(start) for _, command in COMMANDS), f"{start} is not there"


@pytest.fixture
def programs(tmp_path):
    """A folder with the programs that commands name."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("hubbub", "hubbub-load", "simulate"):
        program = Path(BINARY) if name == "hubbub" else Path(BINARY).with_name(name)
        if program.exists():
            (folder / name).symlink_to(program.resolve())
    return folder


def adapted(command: str, tmp_path: Path, port: int, pid: int) -> str:
    """The command for a test: with another port, with another directory, and shorter."""
    changes = {
        r"^scripts/serve": "hubbub serve",
        r"^scripts/simulate --seeds 1000": "simulate --seeds 5",
        r"^scripts/simulate --cluster --seeds 10000": "simulate --cluster --seeds 5",
        r"^scripts/simulate": "simulate",
        r"^swift run (-c release )?": "",
        r"/var/lib/hubbub": str(tmp_path / "state"),
        r"/backup/": f"{tmp_path}/backup/",
        r"^sudo (-u hubbub )?hubbub": "hubbub",
        r"localhost:8080": f"127.0.0.1:{port}",
        r"--port (8080|443)": "--port 0",
        r"/etc/letsencrypt/live/chat.example.org/": f"{tmp_path}/",
        r"\$\(pidof hubbub\)": str(pid),
        r"--connections 1000\b": "--connections 50",
        r"run\.html": str(tmp_path / "run.html"),
    }
    for old, new in changes.items():
        command = re.sub(old, new, command)
    if command.startswith("hubbub-load"):
        command += f" --duration 1 ws://127.0.0.1:{port}/ws"
    return command


def archive(tmp_path: Path):
    """Makes the files that commands for stored lines name."""
    (tmp_path / "rooms.ndjson").write_text(json.dumps(
        {"room": "lobby", "time": "2026-01-31T12:00:00Z", "username": "ann", "message": "hi"}) + "\n")
    (tmp_path / "backup").mkdir()
    for arguments in [["import", "rooms.ndjson"], ["backup", "backup/hubbub-2026-01-31.db"]]:
        subprocess.run([BINARY, *arguments], cwd=tmp_path, capture_output=True, check=True,
                       env=environment(HUBBUB_DATA=str(tmp_path / "state")))


@pytest.mark.plain
@pytest.mark.parametrize("place, command", [
    pytest.param(place, command, id=f"{place} {command}")
    for place, command in COMMANDS if not is_withheld(command)])
def test_a_command_runs(place, command, start, programs, tmp_path, request):
    daemon = start("--lines-per-second", "0", "--max-rooms", "0")
    text = adapted(command, tmp_path, daemon.port, daemon.process.pid)
    name = re.search(r"\b(hubbub-load|simulate)\b", text)
    if name and not (programs / name[1]).exists():
        pytest.skip(f"{name[1]} was not built")
    (tmp_path / "state").mkdir()
    shutil.copy(ROOT / "scripts/ops/hubbub.yaml", tmp_path)
    extra = {}
    if "--tls-certificate" in text:
        pair = certificates.issued()
        shutil.copy(pair.certificate, tmp_path / "fullchain.pem")
        shutil.copy(pair.key, tmp_path / "privkey.pem")
    if re.search(r"hubbub (backup|restore|export|import)\b", text):
        archive(tmp_path)
        extra = {"HUBBUB_DATA": str(tmp_path / "state")}
    if "redis://" in text:
        redis = request.getfixturevalue("redis")
        redis("CONFIG", "SET", "appendonly", "yes")
        text = re.sub(r"redis://[\w.:]+", redis.url, text)
    shell = subprocess.Popen(
        ["bash", "-c", text], cwd=tmp_path, start_new_session=True, text=True,
        env=environment(PATH=f"{programs}:{os.environ['PATH']}", HOME=str(tmp_path),
                        HUBBUB_PORT="0", **extra),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        if "hubbub serve" in text:
            # A loop starts one daemon for each of its numbers.
            listening = len(re.search(r"for \w+ in ([\d ]+)", text)[1].split()) \
                if text.startswith("for") else 1
            heard = read_until(shell, LISTENING, listening)
            os.killpg(shell.pid, signal.SIGTERM)
            output = heard + shell.stdout.read()
            assert output.count("Stopped") == listening, output
        elif "curl --no-buffer" in text:
            read_until(shell, re.compile('^data: {"type":"joined"', re.MULTILINE), 1)
        elif "hubbub chat" in text and "--once" not in text:
            shell.stdin.write("hi\n")
            shell.stdin.flush()
            read_until(shell, re.compile(r"\bhi\b"), 1)
            os.killpg(shell.pid, signal.SIGTERM)
        else:
            output, _ = shell.communicate(timeout=PATIENCE * 2)
            assert shell.returncode == 0, f"{place}: {text}\n{output}"
    finally:
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shell.communicate()


def read_until(process: subprocess.Popen, pattern: re.Pattern, times: int) -> str:
    """The output of a process until it has matched so many times. Fails if the process ends
    before."""
    text, deadline = "", time.monotonic() + PATIENCE
    while len(pattern.findall(text)) < times:
        line = process.stdout.readline()
        assert line and time.monotonic() < deadline, f"{pattern.pattern} is missing in: {text}"
        text += line
    return text


def test_every_flag_exists():
    helps = [
        subprocess.run([program, *arguments, "--help"], capture_output=True, text=True,
                       env=environment(), check=True).stdout
        for program, arguments in [
            *((BINARY, [command]) for command in (
                "serve", "chat", "doctor", "health", "backup", "restore", "export", "import",
                "token", "revoke")),
            *(loads() if Path(BINARY).with_name("hubbub-load").exists() else [])]]
    scripts = [path.read_text() for path in [
        *ROOT.glob("scripts/*"), *ROOT.glob("scripts/lib/*"), *ROOT.glob("Benchmarks/**/*.py"),
        *ROOT.glob("Tests/simulate/*.swift"), *ROOT.glob("Benchmarks/hubbub-load/**/*.swift")]
        if path.is_file()]
    flag = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]\b")
    known = FOREIGN_FLAGS | {"--help", "--version"}
    known |= {each for text in helps + scripts for each in flag.findall(text)}
    # Flags of `simulate` and `hubbub-load` have the names of properties.
    known |= {"--" + re.sub(r"([A-Z])", lambda big: "-" + big[0].lower(), name)
              for text in scripts for name in re.findall(r"@(?:Option|Flag).*?var (\w+)", text, re.S)}
    unknown = {
        f"{path.relative_to(ROOT)}: {each}"
        for path in DOCUMENTS for span in re.findall(r"`[^`]+`|^```.*?^```", path.read_text(), re.S)
        for each in flag.findall(span) if each not in known}
    assert not unknown


def loads():
    program = str(Path(BINARY).with_name("hubbub-load"))
    return [(program, [scenario]) for scenario in (
        "connect", "idle", "broadcast", "flood", "slow", "storm", "rooms", "soak")]


@pytest.mark.parametrize("block", blocks("js"), ids=str)
def test_a_script_parses(block, tmp_path):
    if not shutil.which("node"):
        pytest.skip("Node is not there")
    file = tmp_path / "sample.mjs"
    file.write_text(block.text)
    done = subprocess.run(["node", "--check", file], capture_output=True, text=True)
    assert done.returncode == 0, f"{block}: {done.stderr}"


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_parses(block):
    # An ellipsis stands for parts that vary.
    text = block.text.replace('{"type":"message", …}, …', "").replace("…", "")
    while text := text.lstrip():
        _, end = json.JSONDecoder().raw_decode(text)
        text = text[end:]
