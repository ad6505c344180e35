"""Manual pages and completions, which are made from what the programs say about themselves."""

import re
import shutil
import subprocess
import sys

import pytest

from daemon import BINARY, PATIENCE, ROOT, run
from test_output import LOAD, needs_load

pytestmark = pytest.mark.plain

# A shell, and the arguments with which it only checks a script.
SHELLS = {"bash": ["-n"], "zsh": ["-n"], "fish": ["--no-execute"]}
PROGRAMS = [BINARY, pytest.param(LOAD, marks=needs_load)]


def asked(program: str, *arguments: str) -> str:
    result = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


@pytest.fixture
def pages(tmp_path):
    """Makes the manual pages of a program, and returns them by their names."""
    def pages(program: str) -> dict[str, str]:
        subprocess.run(
            [sys.executable, ROOT / "scripts/lib/manual.py", tmp_path, "January 31, 2026", "1.2.3"],
            input=asked(program, "--experimental-dump-help"), text=True, check=True)
        return {each.name: each.read_text() for each in tmp_path.iterdir()}

    return pages


def commands(*words: str) -> list[str]:
    """The names of the commands below a command."""
    text = run(*words, "--help").stdout if words else run("help").stdout
    _, _, below = text.partition("SUBCOMMANDS:")
    return [name for name in re.findall(r"^  ([a-z-]+) {2,}", below, re.MULTILINE)
            if name != "help"]


def helps(*words: str) -> str:
    """The help of a command, and of those below it."""
    return "\n".join([run(*words, "--help").stdout,
                      *(helps(*words, name) for name in commands(*words))])


def test_each_command_has_a_page_with_its_options(pages):
    pages = pages(BINARY)
    names = commands()
    assert set(pages) == {"hubbub.1"} | {f"hubbub-{name}.1" for name in names}
    for name in names:
        assert f".Xr hubbub-{name} 1" in pages["hubbub.1"]
        page = pages[f"hubbub-{name}.1"].replace("\\-", "-").replace("\\%", "")
        text = helps(name)
        flags = set(re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE)) - {"--help", "--version"}
        shown = re.findall(r"^\.It Fl -([a-z-]+)", page, re.MULTILINE)
        assert {f"--{flag}" for flag in shown} == flags
        for variable in re.findall(r"HUBBUB_[A-Z_]+", text):
            assert variable in page


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_pages_are_right(pages, program):
    if not shutil.which("mandoc"):
        pytest.skip("mandoc isn't installed")
    for text in pages(program).values():
        result = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "warning"], input=text, capture_output=True, text=True)
        assert result.stdout == ""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("shell", SHELLS)
def test_the_completions_are_right(program, shell):
    script = asked(program, "--generate-completion-script", shell)
    commands = ("serve", "chat", "doctor") if program == BINARY else ("broadcast", "storm")
    assert all(command in script for command in commands)
    if shutil.which(shell):
        subprocess.run([shell, *SHELLS[shell]], input=script, text=True, check=True)


def test_an_unknown_shell_is_named():
    result = run("--generate-completion-script", "tcsh")
    assert result.returncode == 64 and "tcsh" in result.stderr
