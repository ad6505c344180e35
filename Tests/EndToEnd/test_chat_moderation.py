"""`hubbub chat` in a moderated room: commands of moderators, what they change, and tokens."""

import contextlib
import json
import threading

import pytest
from websockets.sync.server import serve

from chat import line
from daemon import PATIENCE, run
from rich import SUBPROTOCOL
from terminal import once

EX_DATA = 65
EX_USAGE = 64
EX_UNAVAILABLE = 69
LIMITS = {"message_bytes": 65536, "text_characters": 2000, "username_characters": 32, "rooms": 16,
          "lines_per_second": 0, "line_burst": 0}
LINE = {"type": "message", "room": "go", "time": "2026-01-31T12:00:00.123Z", "username": "bob"}


@contextlib.contextmanager
def moderated(*events, answers=None):
    """A model of a server whose room has one line of bob. After the join it sends `events`. It
    answers a command by its type, or else acknowledges it as change 5. Returns its URL and the
    commands that it got."""
    commands = []

    def chat(socket):
        def tell(event):
            socket.send(json.dumps(event))

        tell({"type": "welcome", "server": "model", "durable": True, "limits": LIMITS,
              "ping_interval_ms": 25000})
        for text in socket:
            command = json.loads(text)
            commands.append(command)
            answer = {"id": command["id"], "room": "go"}
            if command["type"] == "join":
                tell(answer | {"type": "joined", "epoch": "e1", "seq": 7, "members": 1, "rev": 4})
                for event in [LINE | {"seq": 7, "message": "hi"}, *events]:
                    tell(event)
            elif command["type"] == "message":
                tell(answer | {"type": "ack", "seq": 8, "time": LINE["time"]})
            else:
                tell(answer | ((answers or {}).get(command["type"]) or {"type": "ack", "rev": 5}))

    with serve(chat, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws", commands
        server.shutdown()
        thread.join(PATIENCE)


def spoken(commands):
    return [{key: value for key, value in command.items() if key not in ("id", "room")}
            for command in commands if command["type"] != "join"]


def test_commands_are_carried_out_in_their_order():
    with moderated() as (url, commands):
        result = once(url, b"hello\n/delete\n/timeout eve 1h spam\n/slow 5\n/undo\nbye\n",
                      "--room", "go", "--history", "1")
    assert (result.returncode, result.stderr) == (0, b"")
    assert commands[0]["rev"] == 0
    assert spoken(commands) == [
        {"type": "message", "message": "hello"}, {"type": "delete", "seq": 8},
        {"type": "timeout", "username": "eve", "seconds": 3600, "reason": "spam"},
        {"type": "settings", "slow_seconds": 5}, {"type": "undo", "rev": 5},
        {"type": "message", "message": "bye"}]


def test_a_refused_command_is_told():
    refusal = {"type": "error", "code": "forbidden", "reason": "You have no right to it."}
    with moderated(answers={"ban": refusal}) as (url, _):
        result = once(url, b"/ban eve\n/ban\n", "--room", "go")
    assert result.returncode == EX_DATA
    assert "not done: ban: forbidden: You have no right to it." in result.stderr.decode()
    assert "write /ban NAME [REASON]" in result.stderr.decode()


def test_lines_that_look_like_commands_can_be_said():
    with moderated() as (url, commands):
        assert once(url, b"//ban eve\n// no command\n/shrug\n", "--room", "go").returncode == 0
        assert once(url, b"/ban eve\n", "--room", "go", "--verbatim").returncode == 0
    assert [command["message"] for command in spoken(commands)] == [
        "/ban eve", "// no command", "/shrug", "/ban eve"]


def test_changes_are_printed(chat):
    events = [
        {"type": "room", "room": "go", "rev": 5, "settings": {"slow_seconds": 30, "links": False}},
        {"type": "deleted", "room": "go", "rev": 6, "seqs": [7]},
        {"type": "purged", "room": "go", "rev": 7, "seqs": [[1, 3], [5, 5]], "count": 4},
        {"type": "restored", "room": "go", "rev": 8, "of": 6,
         "messages": [LINE | {"seq": 7, "message": "hi"}]},
        {"type": "held", "room": "go", "held": "h1", "username": "eve", "message": "\x1b[2J", "why": "term"},
        {"type": "deleted", "room": "go", "seq": 8},
        LINE | {"seq": 9, "message": "last", "role": "moderator", "user": "u1"},
    ]
    log = {"type": "modlog", "entries": [
        {"rev": 6, "by": "u1", "action": "timeout", "username": "eve", "seconds": 60, "reason": "spam"}]}
    with moderated(*events, answers={"modlog": log}) as (url, commands):
        cli = chat(url, "--name", "cli", "--room", "go", "--numbers")
        cli.wait_for(lambda: "9 12:00:00 bob: last" in cli.lines)
        assert cli.lines == [
            "7 12:00:00 bob: hi", "-- the room: slow mode, one line every 30 s; no links --",
            "-- 1 line was deleted by a moderator (7) --",
            "-- 4 lines were deleted by a moderator (1 to 3, 5) --",
            "-- 1 line back --", "~ 7 12:00:00 bob: hi",
            r"-- held h1 (term): eve: \u{1b}[2J --", "9 12:00:00 bob: last"]
        cli.say("/log")
        cli.wait_for(lambda: "-- 6 u1 timeout eve for 60 s : spam --" in cli.lines)
        cli.say("/approve")
        cli.wait_for(lambda: "-- done: approve; /undo 5 takes it back --" in cli.remarks)
    assert spoken(commands) == [{"type": "modlog", "limit": 20}, {"type": "approve", "held": "h1"}]


@pytest.mark.parametrize("code, named", [
    (3000, "not this token"), (3001, "expired"), (3002, "revoked"), (3003, "banned")])
def test_a_server_that_lets_nobody_in_is_not_asked_again(code, named):
    with serve(lambda socket: socket.close(code), "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        result = once(f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws", b"x\n")
        server.shutdown()
        thread.join(PATIENCE)
    assert result.returncode == EX_UNAVAILABLE
    assert named in result.stderr.decode()


def test_a_token_says_who_one_is(start, join, tmp_path):
    daemon = start(data=tmp_path / "own")
    file = tmp_path / "token"
    made = run("token", "--data", str(tmp_path / "own"), "--sub", "ann", "--name", "Ann")
    file.write_text(made.stdout)
    listener = join(daemon)
    assert once(daemon.ws(), b"hi\n", "--token-file", str(file)).returncode == 0
    assert line(listener)[2:4] == ("Ann", "hi")
    file.write_text("AAAA.BBBB.CCCC\n")
    result = once(daemon.ws(), b"hi\n", "--token-file", str(file))
    assert result.returncode == EX_UNAVAILABLE
    assert "give another with --token-file" in result.stderr.decode()


def test_the_daemon_does_what_is_typed(start, rich, tmp_path):
    """Without the model, as far as the daemon has it."""
    daemon = start(data=tmp_path / "own")
    (tmp_path / "token").write_text(run(
        "token", "--data", str(tmp_path / "own"), "--sub", "ann", "--name", "Ann",
        "--role", "moderator").stdout)
    bob = rich(daemon)
    assert bob.ask(type="join", room="go", username="bob", rev=0)["rev"] == 0
    bob.post("one", "go")
    result = once(
        daemon.ws(), b"/delete 1\n/slow 5\n/pin 1\n/panic\n/panicoff\n/announce Welcome\nbye\n",
        "--room", "go", "--token-file", str(tmp_path / "token"))
    assert (result.returncode, result.stderr) == (0, b"")
    assert [bob.expect("message")["message"] for _ in range(3)] == ["one", "Welcome", "bye"]
    assert bob.expect("deleted") == {"type": "deleted", "room": "go", "rev": 1, "seqs": [1]}
    rooms = [bob.expect("room") for _ in range(4)]
    assert [room["rev"] for room in rooms] == [2, 3, 4, 5]
    assert [room["settings"]["slow_seconds"] for room in rooms] == [5, 5, 30, 5]
    assert [room["settings"]["pinned"] for room in rooms] == [None, 1, 1, 1]


@pytest.mark.parametrize("content", [None, "", "two words", "a;b"])
def test_a_file_without_a_token_is_named(daemon, tmp_path, content):
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    result = once(daemon.ws(), b"hi\n", "--token-file", str(file))
    assert result.returncode == EX_USAGE
    assert result.stderr.decode().startswith("hubbub") and "--token-file" in result.stderr.decode()
