"""The examples for backend developers, each run as it stands in the document."""

import re
import shutil
import subprocess
import sys

import pytest

from daemon import PATIENCE, ROOT, environment

DOCUMENT = (ROOT / "Sources/ChatServer/ChatServer.docc/Backends.md").read_text()
EXAMPLES = {
    name: re.search(rf"^### {name}\n+```\w+\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)[1]
    for name in ("curl", "Python", "Node", "PHP")}
PROGRAMS = {
    "curl": ("example.sh", ["bash", "-e"]), "Python": ("example.py", [sys.executable]),
    "Node": ("example.mjs", ["node"]), "PHP": ("example.php", ["php"])}
KEY = "k" * 40


@pytest.mark.plain
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_its_line_once_and_reads_it(name, start, rich, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text(f"shop owner {KEY}\n")
    daemon = start("--api-key-file", str(keys))
    ann = rich(daemon)
    ann.join("lobby", username="ann")
    file, command = PROGRAMS[name]
    script = tmp_path / file
    script.write_text(EXAMPLES[name].replace("http://localhost:8080", daemon.url("")))
    assert shutil.which(command[0]), f"{command[0]} is not there; scripts/test installs it"
    assert len(EXAMPLES[name].splitlines()) <= 13
    for _ in range(2):
        done = subprocess.run(
            [*command, script], env=environment(KEY=KEY), capture_output=True, text=True,
            timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("Order 17 is on its way.") == 1
    line = ann.expect("message")
    assert (line["seq"], line["username"], line["user"], line["role"]) == (
        1, "shop", "key:shop", "owner")
    wrong = subprocess.run(
        [*command, script], env=environment(KEY="x" * 40), capture_output=True, text=True,
        timeout=PATIENCE)
    assert wrong.returncode != 0
