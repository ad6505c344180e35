"""Webhooks get each event at least once, in the order of its room, whatever happens."""

import json
import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from daemon import PATIENCE, ROOT, run
from hooks import SECRET, Hook
from siege import eventually
from test_metrics import scrape, total
from tokens import by_secret, claims

FREE = ("--lines-per-second", "0")
OWNER = b"o" * 32


@pytest.fixture
def hook():
    made = []

    def hook(*arguments, **options) -> Hook:
        made.append(Hook(*arguments, **options))
        return made[-1]

    yield hook
    for each in made:
        each.close()
        assert not each.problems


@pytest.fixture
def serve(start, tmp_path):
    """Starts a daemon with webhooks. `serve.write` changes them."""
    file = tmp_path / "hubbub.yaml"

    def write(*settings: dict):
        file.write_text(json.dumps({"webhooks": list(settings)}))

    def serve(*settings: dict, arguments=(), **options):
        write(*settings)
        return start("--config", str(file), *FREE, *arguments, **options)

    serve.write, serve.file = write, file
    return serve


def say(daemon, join, *texts: str, query: str = ""):
    client = join(daemon, query)
    for text in texts:
        client.send(json.dumps({"username": "ann", "message": text}))
        client.recv(PATIENCE)
    return client


def texts(hook: Hook) -> list[str]:
    return [event["message"] for event in hook.of("message")]


def test_events_are_signed_and_in_order(serve, hook, join, rich, tmp_path):
    (tmp_path / "secret").write_bytes(OWNER)
    receiver = hook()
    kinds = ["message", "deleted", "banned", "room", "member.joined", "member.left"]
    daemon = serve(receiver.setting(events=kinds, rooms=["go", "club.*"]),
                   arguments=("--token-secret-file", str(tmp_path / "secret")))
    token = by_secret(OWNER, claims(role="owner", name="Ann"))
    ann = rich(daemon, additional_headers={"Authorization": f"Bearer {token}"})
    ann.join("go")
    seqs = [ann.post(f"line {number}", room="go")["seq"] for number in range(3)]
    assert receiver.wait(lambda: len(texts(receiver)) == 3, PATIENCE), daemon.lines
    ann.ask(type="delete", room="go", seq=seqs[1])
    ann.ask(type="settings", room="go", slow_seconds=3)
    ann.ask(type="ban", room="go", username="troll", reason="spam")
    ann.join("other")
    ann.post("not told", room="other")
    ann.leave("go")
    assert receiver.wait(lambda: receiver.of("member.left"), PATIENCE), daemon.lines
    assert receiver.events[0]["type"] == "reset"
    assert [event["type"] for event in receiver.events[1:]] == [
        "member.joined", "message", "message", "message", "deleted", "room", "banned",
        "member.left"]
    line = receiver.of("message")[0]
    assert line["user"] == "u1" and line["role"] == "owner" and line["username"] == "Ann"
    assert receiver.of("deleted")[0]["seqs"] == [seqs[1]]
    banned, = receiver.of("banned")
    assert banned["username"] == "troll" and banned["by"] == "u1" and banned["reason"] == "spam"
    joined = receiver.of("member.joined")[0]
    assert joined["user"] == "u1" and joined["incarnation"] == receiver.events[0]["incarnation"]
    assert len({event["id"] for event in receiver.events}) == len(receiver.events)
    assert {event.get("room") for event in receiver.events} == {None, "go"}


def test_kill_loses_nothing(serve, hook, join):
    """A daemon that is killed twenty times under load: each stored line is told, in order."""
    receiver, other = hook(), hook(answer=lambda number: (204 if number % 3 else 500, {}))
    rooms = ["a", "b", "c"]

    heard = threading.Semaphore(0)

    def speak(daemon, room: str):
        try:
            client = join(daemon, f"?room={room}")
            while True:
                client.send(json.dumps({"username": room, "message": "x" * 40}))
                client.recv(PATIENCE)
                heard.release()
        except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError):
            pass

    settings = [receiver.setting(name="one"), other.setting(name="two")]
    data = serve.file.parent / "data"
    for _ in range(20):
        daemon = serve(*settings, data=data)
        speakers = [threading.Thread(target=speak, args=(daemon, room)) for room in rooms]
        for each in speakers:
            each.start()
        for _ in range(random.randrange(1, 50)):
            assert heard.acquire(timeout=PATIENCE)
        daemon.kill()
        for each in speakers:
            each.join()
    daemon = serve(*settings, data=data)
    with closing(sqlite3.connect(data / "hubbub.db")) as file:
        stored = file.execute(
            "SELECT name, seq, message FROM line JOIN room ON room.id = line.room "
            "ORDER BY name, seq").fetchall()
    assert len(stored) > 100
    last = {(room, seq) for room, seq, _ in stored if (room, seq + 1, _) not in stored}
    for each in (receiver, other):
        def is_complete():
            return last <= {(event["room"], event["seq"]) for event in each.of("message")}

        assert each.wait(is_complete, PATIENCE)
        assert not each.of("gap")
        first: dict[str, dict] = {}
        for event in each.of("message"):
            # An id always means the same event.
            assert first.setdefault(event["id"], event) == event
        told = [(event["room"], event["seq"], event["message"]) for event in first.values()]
        for room in rooms:
            assert [line for line in told if line[0] == room] == [
                line for line in stored if line[0] == room]


@pytest.mark.parametrize("answer", [
    (500, {}), (404, {}), (307, {"location": "/other"}), (301, {"location": "/other"})])
def test_a_refused_post_is_tried_again_with_its_id(serve, hook, join, answer):
    receiver = hook(answer=lambda number: answer if number < 2 else (200, {}))
    say(serve(receiver.setting()), join, "hi")
    assert receiver.wait(lambda: receiver.events, PATIENCE)
    assert texts(receiver) == ["hi"]
    assert len({name for name, _ in receiver.posts}) == 1 and len(receiver.posts) == 3


def test_a_receiver_that_wants_no_more_comes_back_with_a_reload(serve, hook, join):
    receiver = hook(answer=lambda number: (410 if number == 0 else 204, {}))
    daemon = serve(receiver.setting(name="app"))
    say(daemon, join, "one")
    daemon.wait_for(re.compile("wants no more events"))
    say(daemon, join, "two")
    assert len(receiver.posts) == 1
    assert run("reload", "--data", str(daemon.data)).returncode == 0
    assert receiver.wait(lambda: len(texts(receiver)) == 2, PATIENCE)
    assert texts(receiver) == ["one", "two"]


def test_a_receiver_that_never_answers_costs_the_others_nothing(serve, hook, join):
    released = threading.Event()
    silent = hook(answer=lambda number: (released.wait(PATIENCE) and 204 or 204, {}))
    receiver = hook()
    daemon = serve(silent.setting(name="silent"), receiver.setting(name="app"))
    say(daemon, join, "one")
    assert silent.wait(lambda: silent.posts, PATIENCE)
    for number in range(5):
        say(daemon, join, f"line {number}")
        assert receiver.wait(lambda: f"line {number}" in texts(receiver), PATIENCE)
    assert len(silent.posts) == 1
    released.set()
    assert silent.wait(lambda: len(texts(silent)) == 6, PATIENCE)


def test_an_address_that_is_not_public_is_refused(serve, hook, join):
    receiver = hook()
    url = receiver.url.replace("http:", "https:")
    daemon = serve(receiver.setting(url=url, allow_private=False),
                   receiver.setting(url=url.replace("127.0.0.1", "localhost"), allow_private=False))
    say(daemon, join, "hi")
    eventually(lambda: sum("isn't a public one" in line for line in daemon.lines) == 2,
               lambda: daemon.lines)
    assert not receiver.posts


def test_without_a_history_events_come_from_memory(serve, hook, join):
    receiver = hook()
    daemon = serve(receiver.setting(), arguments=("--history", "none"))
    say(daemon, join, "one", "two")
    assert receiver.wait(lambda: len(texts(receiver)) == 2, PATIENCE)
    gap, = receiver.of("gap")
    assert gap["missed"] is None and receiver.events[0] == gap


def test_webhooks_change_with_the_configuration(serve, hook, join):
    first, second = hook(), hook()
    daemon = serve(first.setting())
    say(daemon, join, "one")
    assert first.wait(lambda: first.events, PATIENCE)
    serve.write(second.setting())
    assert "webhooks: in force now" in run("reload", "--data", str(daemon.data)).stdout
    say(daemon, join, "two")
    assert second.wait(lambda: second.events, PATIENCE)
    assert texts(first) == ["one"] and texts(second) == ["two"]
    # One that was taken out is forgotten: it isn't told of what was said meanwhile.
    serve.write(first.setting())
    run("reload", "--data", str(daemon.data))
    say(daemon, join, "three")
    assert first.wait(lambda: len(texts(first)) == 2, PATIENCE)
    assert texts(first) == ["one", "three"] and texts(second) == ["two"]
    assert SECRET not in "\n".join(daemon.lines)


@pytest.mark.parametrize("change, named", [
    ({"url": "ftp://a/"}, "give an https URL"), ({"url": "https://ann:pw@a/"}, "give an https URL"),
    ({"url": "http://a.example/", "allow_private": False}, "anybody on the way"),
    ({"secret": "whsec_c2hvcnQ="}, "24 to 64 random bytes"), ({"secret": "s3cret"}, "whsec_"),
    ({"events": ["message", "mesage"]}, "mesage: give message, deleted"),
    ({"rooms": ["Big Room"]}, "names of rooms, or prefixes"), ({"name": "My App"}, "a-z, 0-9"),
    ({"secret": None}, "secret is missing"), ({"retries": 3}, "there is no such setting"),
])
def test_a_fault_is_named(tmp_path, change, named):
    setting = {"url": "https://a.example/", "secret": SECRET} | change
    file = tmp_path / "hubbub.yaml"
    file.write_text(json.dumps({"webhooks": [
        {name: value for name, value in setting.items() if value is not None}]}))
    result = run("config", "check", str(file))
    assert result.returncode == 78
    assert named in result.stderr and f"{file}:1:" in result.stderr
    assert "c2hvcnQ" not in result.stderr and "s3cret" not in result.stderr


def test_two_webhooks_have_two_names(tmp_path):
    file = tmp_path / "hubbub.yaml"
    setting = {"url": "https://a.example/", "secret": SECRET}
    file.write_text(json.dumps({"webhooks": [setting, setting]}))
    result = run("config", "check", str(file))
    assert result.returncode == 78 and "give each another name" in result.stderr


def test_metrics_tell_how_webhooks_fare(serve, hook, join):
    receiver = hook(answer=lambda number: (500 if number == 0 else 204, {}))
    daemon = serve(receiver.setting(name="app"))
    say(daemon, join, "one", "two")
    assert receiver.wait(lambda: len(texts(receiver)) == 2, PATIENCE)

    def sample(name: str, **labels: str) -> float:
        return total(scrape(daemon), f"hubbub_webhook_{name}", webhook="app", **labels)

    eventually(lambda: sample("events_total", outcome="delivered") == 2, lambda: scrape(daemon))
    assert sample("posts_total", outcome="refused") == 1
    assert sample("pending") == 0 and sample("failing") == 0


def test_the_receiver_of_the_documents_works(serve, join):
    article = ROOT / "Sources/ChatServer/ChatServer.docc/Webhooks.md"
    sample = re.search(r"```python\n(.*?)```", article.read_text(), re.DOTALL).group(1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    receiver = subprocess.Popen(
        [sys.executable, "-c", sample.replace("8081", str(port))], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    try:
        say(serve({"url": f"http://127.0.0.1:{port}/", "secret": SECRET, "allow-private": "on"}),
            join, "hi")
        name, kind, text = receiver.stdout.readline().split()
        assert name.startswith("lobby/1/") and (kind, text) == ("message", "hi")
    finally:
        receiver.kill()
        receiver.communicate()
