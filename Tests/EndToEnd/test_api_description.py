"""The API against its own description: schemathesis sends what the schemas allow, and what they don't."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
KEY = "k" * 40
# Seconds. It takes a tenth of that on two cores.
PATIENCE = 300


@pytest.mark.plain
def test_the_api_is_as_it_is_described(start, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text(f"shop owner {KEY}\n")
    daemon = start("--api-key-file", str(keys))
    result = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION, "run",
         daemon.url("/api/v1/openapi.json"), "--header", f"Authorization: Bearer {KEY}",
         "--max-examples", "15", "--seed", "1", "--no-color"],
        capture_output=True, text=True, timeout=PATIENCE, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Failures:" not in result.stdout, result.stdout
    generated = re.search(r"(\d+) generated", result.stdout)
    assert generated and int(generated[1]) > 500, result.stdout
    assert daemon.process.poll() is None
    assert not [line for line in daemon.lines if " error " in line or KEY in line]
