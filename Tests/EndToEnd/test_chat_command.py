"""The command `hubbub chat` against the real daemon."""

import json
import signal
import subprocess

import pytest

from chat import line, say
from daemon import BINARY, PATIENCE, Daemon, environment
from terminal import once

EX_DATA = 65
EX_NO_HOST = 68
EX_UNAVAILABLE = 69


def test_once_sends_every_line_in_order(daemon, join):
    listener = join(daemon, "?room=ops")
    result = once(daemon.url(), "one\n\ntwo ü\r\nthree".encode(), "--room", "ops")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert [line(listener)[2:] for _ in range(3)] == [
        ("cli", "one"), ("cli", "two ü"), ("cli", "three")]


def test_once_keeps_to_the_rate_limit(start, join):
    daemon = start("--lines-per-second", "50", "--line-burst", "1")
    listener = join(daemon)
    texts = [str(number) for number in range(40)]
    result = once(daemon.ws(), "\n".join(texts).encode())
    assert result.returncode == 0, result.stderr
    assert [line(listener)[3] for _ in texts] == texts


def test_once_reads_a_file(daemon, join, tmp_path):
    listener = join(daemon)
    (tmp_path / "lines").write_text("from a file\n")
    with open(tmp_path / "lines", "rb") as file:
        code = subprocess.run(
            [BINARY, "chat", daemon.ws(), "--name", "cli", "--once"], stdin=file,
            env=environment(), timeout=PATIENCE).returncode
    assert (code, line(listener)[3]) == (0, "from a file")


@pytest.mark.plain
@pytest.mark.parametrize("url, code, named", [
    ("ws://127.0.0.1:{port}/nowhere", EX_UNAVAILABLE, "404"),
    ("ws://127.0.0.1:{port}/ws?room=lobby", EX_UNAVAILABLE, "invalid_username"),
    ("ws://name.invalid/ws", EX_NO_HOST, "name.invalid"),
    ("wss://127.0.0.1:{port}/ws", EX_UNAVAILABLE, "TLS"),
    ("ws://127.0.0.1:{port}/ws?room=No", 64, "room"),
])
def test_a_hopeless_start_is_reported_in_one_line(start, url, code, named):
    daemon = start("--max-username-characters", "2")
    result = once(url.format(port=daemon.port), b"x\n")
    assert result.returncode == code, result.stderr
    assert result.stderr.count(b"\n") == 1 and named in result.stderr.decode()


def test_once_gives_up_without_a_server(daemon):
    url = daemon.ws()
    daemon.stop()
    result = once(url, b"x\ny\n", "--timeout", "0.5")
    assert result.returncode == EX_UNAVAILABLE
    assert "refused; 2 lines not sent" in result.stderr.decode()


def test_a_line_that_is_not_utf_8_is_named(daemon, join):
    listener = join(daemon)
    result = once(daemon.ws(), b"one\n\xff\nthree\n")
    assert result.returncode == EX_DATA
    assert b"line 2 " in result.stderr
    assert [line(listener)[3] for _ in range(2)] == ["one", "three"]


def test_lines_of_others_are_printed_harmlessly(daemon, join, chat):
    ann = join(daemon)
    say(ann, "before")
    assert line(ann)[3] == "before"
    bob = chat(daemon.ws(), "--name", "bob").joined()
    say(ann, "\x1b[31m\r\u202eevil", username="mallory\u2066")
    bob.wait_for(lambda: len(bob.texts()) == 2)
    time, name, text = bob.lines[-1].split(" ", 2)
    assert len(time) == 8 and name == r"mallory\u{2066}:" and text == r"\u{1b}[31m\r\u{202e}evil"
    assert bob.texts()[0] == "before"
    bob.say("hello")
    assert line(ann)[3].endswith("evil") and line(ann)[2:] == ("bob", "hello")
    assert bob.stop() == 0


def test_json_prints_events_as_they_come(daemon, join, chat):
    ann = join(daemon)
    bob = chat(daemon.ws(), "--name", "bob", "--json").joined()
    say(ann, "hi")
    bob.wait_for(lambda: any('"hi"' in each for each in bob.lines))
    assert [json.loads(each)["type"] for each in bob.lines[:2]] == ["welcome", "joined"]
    assert json.loads(bob.lines[-1])["message"] == "hi"


def test_it_ends_when_its_output_is_closed(daemon):
    process = subprocess.Popen(
        [BINARY, "chat", daemon.ws(), "--name", "bob"], env=environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    # As a shell reports a death by SIGPIPE.
    assert process.wait(PATIENCE) == 141
    assert b"hubbub: standard output: nobody reads it any more\n" in process.stderr.read()
    process.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_chat_continues_on_a_restarted_server(tmp_path, chat, number):
    daemon = Daemon(tmp_path / "data")
    chats = [chat(daemon.ws(), "--name", name).joined() for name in ("ann", "bob")]
    texts = []
    for life in range(3):
        for count in range(2):
            speaker = chats[count % 2]
            texts.append(f"{life}.{count}")
            speaker.say(texts[-1])
            for each in chats:
                each.wait_for_text(texts[-1])
        daemon.signal(number)
        daemon.wait()
        # This line is said while there is no server.
        texts.append(f"{life} offline")
        chats[0].say(texts[-1])
        daemon.stop()
        daemon = Daemon(tmp_path / "data", port=daemon.port)
        for each in chats:
            each.wait_for_text(texts[-1])
    assert [each.texts() for each in chats] == [texts, texts]
    assert [each.stop() for each in chats] == [0, 0]
    daemon.stop()
