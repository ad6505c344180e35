"""The articles that results are written to, and the machine that they come from."""

import os
import platform
import re
from pathlib import Path

CATALOG = Path(__file__).parents[2] / "Sources/ChatServer/ChatServer.docc"
DRAWINGS = CATALOG / "Resources"
END = "<!-- up to here -->"


def machine() -> str:
    """The processor and the kernel."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    name = found[1] if found else platform.machine()
    return f"{os.cpu_count()} × {name}, Linux {platform.release().split('-')[0]}"


def write_between(article: Path, command: str, written: str) -> None:
    """Updates the part of an article after the mark of a command."""
    begin = f"<!-- {command} writes what follows -->"
    before, rest = article.read_text().split(begin)
    _, after = rest.split(END, 1)
    article.write_text(f"{before}{begin}\n\n{written}\n\n{END}{after}")


def write_drawing(name: str, drawing: str) -> None:
    """Writes a drawing to the folder that articles use."""
    DRAWINGS.mkdir(exist_ok=True)
    (DRAWINGS / name).write_text(drawing)
