"""What programs print: to a terminal, to a program, to a full disk, and to nobody."""

import json
import os
import pty
import subprocess

import pytest

from chat import line, say
from daemon import BINARY, PATIENCE, environment, run

EX_IOERR = 74
# As a shell reports a death by SIGPIPE.
READER_GONE = 141
LOAD = os.environ.get("HUBBUB_LOAD_BIN", os.path.join(os.path.dirname(BINARY), "hubbub-load"))

needs_load = pytest.mark.skipif(not os.path.exists(LOAD), reason=f"there is no {LOAD}")


def printed(command, output) -> subprocess.CompletedProcess:
    """The result of a command whose standard output is `output`."""
    return subprocess.run(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=output,
        stderr=subprocess.PIPE, text=True, timeout=PATIENCE)


def load(daemon, *arguments):
    return [LOAD, "broadcast", daemon.ws(), "--connections", "2", "--senders", "2", "--rate", "8",
            "--duration", "0.5", "--warmup", "0", *arguments]


@pytest.mark.parametrize("arguments", [
    ["--help"], ["--version"], ["help"], ["chat", "--help"], ["doctor", "--connections", "10"],
])
def test_what_cannot_be_printed_is_an_error(arguments):
    with open("/dev/full", "w") as full:
        result = printed([BINARY, *arguments], full)
    assert result.returncode == EX_IOERR
    assert result.stderr == "hubbub: standard output: No space left on device\n"
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as pipe:
        result = printed([BINARY, *arguments], pipe)
    assert result.returncode == READER_GONE
    assert result.stderr == "hubbub: standard output: nobody reads it any more\n"


def test_a_closed_standard_output_is_an_error():
    result = printed(["sh", "-c", '"$0" doctor --connections 10 >&-', BINARY], subprocess.DEVNULL)
    assert result.returncode == EX_IOERR and "standard output" in result.stderr


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_chat_that_cannot_be_printed_is_an_error(daemon, flags):
    with open("/dev/full", "w") as full:
        process = subprocess.Popen(
            [BINARY, "chat", daemon.ws(), "--name", "bob", *flags], env=environment(),
            stdin=subprocess.PIPE, stdout=full, stderr=subprocess.PIPE, text=True)
    # The end of the input doesn't end it.
    _, errors = process.communicate("hi\n", timeout=PATIENCE)
    assert process.returncode == EX_IOERR
    assert errors.endswith("hubbub: standard output: No space left on device\n")


@needs_load
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_report_that_cannot_be_printed_is_an_error(daemon, flags):
    with open("/dev/full", "w") as full:
        result = printed(load(daemon, *flags), full)
    assert result.returncode == 2
    assert result.stderr.endswith("hubbub-load: standard output: No space left on device\n")


@needs_load
def test_the_help_of_the_load_tester_that_cannot_be_printed_is_an_error():
    with open("/dev/full", "w") as full:
        result = printed([LOAD, "--help"], full)
    assert result.returncode == 2 and "No space left" in result.stderr


@needs_load
def test_a_page_that_cannot_be_written_is_an_error(daemon):
    result = printed(load(daemon, "--html", "/dev/full"), subprocess.DEVNULL)
    assert result.returncode == 2 and "--html /dev/full" in result.stderr


@needs_load
def test_json_stands_alone_on_standard_output(daemon):
    result = subprocess.run(
        load(daemon, "--json"), env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["is_clean"]
    assert result.stdout.count("\n") == 1
    assert "hubbub-load broadcast" in result.stderr and "2 connections" in result.stderr


class Screen:
    """A program whose standard output and error are a terminal."""

    def __init__(self, *command: str):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, env=environment(TZ="UTC"), stdin=subprocess.PIPE, stdout=slave, stderr=slave)
        os.close(slave)
        self.shown = b""

    def wait_for(self, text: bytes):
        while text not in self.shown:
            read = os.read(self.master, 65_536)
            assert read, self.shown
            self.shown += read

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        os.close(self.master)
        self.process.stdin.close()


# Characters that a terminal may obey: C0, DEL, C1, and those that reverse the order of text.
HARMFUL = [*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x200E, 0x200F,
           *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0xFEFF]
EVIL = "".join(map(chr, HARMFUL))


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_nothing_that_a_terminal_obeys_gets_there(daemon, join, flags):
    ann = join(daemon)
    screen = Screen(BINARY, "chat", daemon.ws(), "--name", "bob", *flags)
    try:
        screen.wait_for(b" here --")
        say(ann, f"from {EVIL} to")
        assert line(ann)[3] == f"from {EVIL} to"
        screen.wait_for(b" to")
        text = screen.shown.decode()
        # Our own: the line is wiped before something is printed over it.
        text = text.replace("\r\x1b[K", "").replace("\r\n", "\n")
        assert not set(text) & set(EVIL)
        if flags:
            said = [json.loads(each) for each in text.splitlines() if '"from ' in each]
            assert said[0]["message"] == f"from {EVIL} to"
    finally:
        screen.stop()


def test_json_in_a_pipe_is_what_the_server_sent(daemon, join, chat):
    ann = join(daemon)
    bob = chat(daemon.ws(), "--name", "bob", "--json").joined()
    say(ann, "a\x9b31m\u202eb\x7f")
    bob.wait_for(lambda: any("31m" in each for each in bob.lines))
    assert '"message":"a\x9b31m\u202eb\x7f"' in bob.lines[-1]


@pytest.mark.parametrize("arguments", [
    ["\x9b31m"], ["--\x9b31m"], ["serve", "--port", "\x9b31m\u202e"], ["chat", "ws://\x9b/"],
    ["chat", "--name", "\x7f\x9b"], ["serve", "--allow-origin", "\u202e\x9b"],
])
def test_errors_show_no_control_characters(arguments):
    result = run(*arguments)
    assert result.returncode == 64
    assert not set(result.stderr.rstrip("\n")) & set(EVIL + "\n")
