"""Lines are checked by somebody outside before they are said."""

import json
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler

import pytest
from standardwebhooks import Webhook

from daemon import PATIENCE, run
from hooks import SECRET, serve
from rich import fresh_id
from tokens import by_secret, claims

FREE = ("--lines-per-second", "0")
OWNER = b"o" * 32


class Checker:
    """Answers each question with what `answer` returns for it: a status and a content."""

    def __init__(self, answer, secret: str | None = None):
        self.asked: list[dict] = []
        self.problems: list[str] = []
        checker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                question = json.loads(body)
                checker.asked.append(question)
                try:
                    if secret:
                        Webhook(secret).verify(body, dict(self.headers))
                except Exception as problem:
                    checker.problems.append(repr(problem))
                status, content = answer(question)
                content = json.dumps(content).encode() if content is not None else b""
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = serve(Handler)
        self.flags = ("--check-url", f"http://127.0.0.1:{self.server.server_port}/check")


@pytest.fixture
def check():
    made = []

    def check(answer, **options) -> Checker:
        made.append(Checker(answer, **options))
        return made[-1]

    yield check
    for each in made:
        each.server.shutdown()
        each.server.server_close()
        assert not each.problems


def by_text(question: dict):
    """What the text asks for."""
    text = question["message"]
    if text.startswith("bad"):
        return 200, {"action": "refuse", "reason": "Be kind."}
    if text.startswith("loud"):
        return 200, {"action": "change", "message": text.lower() + " (quiet)"}
    if text.startswith("odd"):
        return 200, {"action": "hold"}
    return 204, None


def test_a_line_is_refused_changed_held_or_said(start, check, rich, join, storage):
    checker = check(by_text)
    daemon = start(*checker.flags, *storage, *FREE)
    ann, bob = rich(daemon), join(daemon, "?room=go")
    ann.join("go", username="ann")
    refused = ann.ask(type="message", room="go", message="bad word")
    assert refused["type"] == "error" and refused["code"] == "check_refused"
    assert refused["reason"] == "Be kind."
    key = fresh_id()
    first = ann.ask(type="message", room="go", message="loud HELLO", id=key)
    assert first["type"] == "ack"
    # The same line again is the same line, though it was said with another text.
    assert ann.ask(type="message", room="go", message="loud HELLO", id=key) == first
    assert "held" in ann.ask(type="message", room="go", message="odd")
    ann.post("fine", room="go")
    bob.send(json.dumps({"username": "bob", "message": "bad manners"}))
    bob.send(json.dumps({"username": "bob", "message": "hi"}))
    got = [json.loads(bob.recv(PATIENCE)) for _ in range(4)]
    assert [each.get("message", each.get("code")) for each in got] == [
        "loud hello (quiet)", "fine", "check_refused", "hi"]
    assert checker.asked[0] == {
        "type": "check", "room": "go", "time": checker.asked[0]["time"], "username": "ann",
        "message": "bad word"}
    assert len(checker.asked) == 6


@pytest.mark.plain
def test_lines_of_requests_are_checked_and_moderators_are_trusted(start, check, rich, tmp_path):
    (tmp_path / "secret").write_bytes(OWNER)
    (tmp_path / "check").write_text(SECRET + "\n")
    checker = check(by_text, secret=SECRET)
    daemon = start(*checker.flags, *FREE, "--token-secret-file", str(tmp_path / "secret"),
                   "--check-secret-file", str(tmp_path / "check"))

    def say(message: str, **more) -> tuple[int, dict]:
        token = by_secret(OWNER, claims(name="Ann", **more))
        request = urllib.request.Request(
            daemon.url("/api/v1/rooms/go/messages"), json.dumps({"message": message}).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    status, problem = say("bad")
    assert status == 422 and problem["code"] == "check_refused" and problem["reason"] == "Be kind."
    assert say("hi")[0] == 201 and say("odd")[0] == 202
    assert checker.asked[-1]["user"] == "u1"
    assert say("bad", role="owner")[0] == 201
    assert len(checker.asked) == 3


@pytest.mark.parametrize("failure, code", [
    ("allow", None), ("refuse", "check_unavailable"), ("hold", "held")])
@pytest.mark.parametrize("kind", ["silent", "broken", "closed"])
def test_a_line_without_an_answer(start, check, rich, failure, code, kind):
    ended = threading.Event()
    answers = {"silent": lambda _: (ended.wait(PATIENCE), (204, None))[1],
               "broken": lambda _: (200, {"action": "perhaps"}), "closed": by_text}
    checker = check(answers[kind])
    if kind == "closed":
        checker.server.shutdown()
        checker.server.server_close()
    daemon = start(*checker.flags, "--check-timeout", "300ms", "--check-failure", failure, *FREE)
    ann = rich(daemon)
    ann.join("go", username="ann")
    answer = ann.ask(type="message", room="go", message="hi")
    ended.set()
    assert (answer.get("code") or ("held" if "held" in answer else None)) == code


def test_lines_of_a_sender_keep_their_order_and_others_don_t_wait(start, check, rich):
    released = threading.Event()

    def slowly(question):
        if question["message"] == "slow":
            released.wait(PATIENCE)
        return 204, None

    checker = check(slowly)
    daemon = start(*checker.flags, "--check-timeout", "20", *FREE)
    ann, bob = rich(daemon), rich(daemon)
    for each, name in ((ann, "ann"), (bob, "bob")):
        each.join("go", username=name)
    for text in ("slow", "quick", "last"):
        ann.send(type="message", room="go", message=text)
    bob.post("from bob", room="go")
    deadline = time.monotonic() + PATIENCE
    while len(checker.asked) < 4:
        assert time.monotonic() < deadline
    released.set()
    assert [bob.expect("message")["message"] for _ in range(4)] == [
        "from bob", "slow", "quick", "last"]


def test_a_repeat_is_not_asked_about_twice(start, check, rich):
    released = threading.Event()
    checker = check(lambda _: (released.wait(PATIENCE), (204, None))[1])
    daemon = start(*checker.flags, "--check-timeout", "20", *FREE)
    ann = rich(daemon)
    ann.join("go", username="ann")
    key = fresh_id()
    for _ in range(3):
        ann.send(type="message", room="go", message="hi", id=key)
    ann.ask(type="members", room="go")
    released.set()
    assert len({ann.expect("ack")["seq"] for _ in range(3)}) == 1
    assert len(checker.asked) == 1


@pytest.mark.parametrize("arguments, named", [
    (["--check-url", "ftp://a/"], "--check-url ftp://a/"),
    (["--check-url", "https://a/", "--check-secret-file", "/none"], "can't be read"),
    (["--check-timeout", "1h"], "0.01 to 30"), (["--check-failure", "maybe"], "allow (it is said)"),
])
def test_wrong_arguments_are_named(tmp_path, arguments, named):
    result = run("--port", "0", "--data", str(tmp_path), *arguments)
    assert result.returncode == 64 and named in result.stderr
