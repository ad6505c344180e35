"""Keeps the lowest of each threshold: least.py NEW KEPT merges the files of NEW into KEPT, and
leaves the kept values in NEW."""

import json
import sys
from pathlib import Path

new, kept = Path(sys.argv[1]), Path(sys.argv[2])
for path in new.glob("*.json"):
    found = json.loads(path.read_text())
    before = kept / path.name
    if before.exists():
        for metric, value in json.loads(before.read_text()).items():
            found[metric] = min(found.get(metric, value), value)
    text = json.dumps(found, indent=2) + "\n"
    path.write_text(text)
    before.write_text(text)
