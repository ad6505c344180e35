"""Makes Debian's changelog from ours.

    debian-changelog.py CHANGELOG.md VERSION MAINTAINER SECONDS

The latest entry is dated with SECONDS since 1970, and gets VERSION. Earlier ones have their own.
"""

import re
import sys
import textwrap
from datetime import datetime, timezone
from email.utils import format_datetime

ENTRY = re.compile(r"^## \[(?P<version>[^\]]+)\] - (?P<date>\S+)$")


def entries(text: str):
    """The version, the date and the items of each entry, the latest first."""
    found = []
    for line in text.splitlines():
        if match := ENTRY.match(line):
            found.append((match["version"], match["date"], []))
        elif found and line.startswith("- "):
            found[-1][2].append(line[2:])
        elif found and line.startswith("  ") and found[-1][2]:
            found[-1][2][-1] += " " + line.strip()
    return found


def main(path: str, version: str, maintainer: str, seconds: str):
    for number, (own, date, items) in enumerate(entries(open(path, encoding="utf-8").read())):
        if number == 0:
            time = datetime.fromtimestamp(int(seconds), timezone.utc)
        else:
            time = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
        print(f"hubbub ({version if number == 0 else own + '-1'}) unstable; urgency=medium\n")
        for item in items:
            print(textwrap.fill(item, 78, initial_indent="  * ", subsequent_indent="    ",
                                break_on_hyphens=False, break_long_words=False))
        print(f"\n -- {maintainer}  {format_datetime(time)}\n")


main(*sys.argv[1:])
