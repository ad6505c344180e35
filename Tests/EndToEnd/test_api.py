"""Lines by HTTP requests: curl, and bare sockets."""

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from daemon import PATIENCE, run
from hostile import MALLORY, bytes_of, crawl
from siege import LIMITS, besieged
from wire import Wire, request

LINE = "POST /api/v1/rooms/lobby/messages HTTP/1.1"


@cache
def token(data: Path) -> str:
    result = run("token", "--data", str(data), "--sub", "shop", "--name", "Shop")
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def fields(daemon, **more) -> dict:
    return {"Host": "localhost", "Authorization": f"Bearer {token(daemon.data)}",
            "Content-Type": "application/json"} | {
                name.replace("_", "-"): value for name, value in more.items()}


def post(daemon, wire: Wire, body: bytes, **more):
    length = {"Content_Length": str(len(body))}
    wire.send(request(LINE, fields(daemon, **length, **more), body))
    return wire.response()


@pytest.mark.plain
def test_curl_says_lines(start, rich, storage):
    daemon = start(*storage)
    ann = rich(daemon)
    ann.join("lobby", username="ann")

    def curl(*arguments: str, body: str = "") -> tuple[int, dict]:
        done = subprocess.run(
            ["curl", "--silent", "--write-out", "\n%{http_code}", "--header",
             f"Authorization: Bearer {token(daemon.data)}", "--header", "Content-Type: application/json",
             *arguments, daemon.url("/api/v1/rooms/lobby/messages")],
            input=body, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        content, status = done.stdout.rsplit("\n", 1)
        return int(status), json.loads(content)

    # By length; and in chunks, which wait for the 100.
    status, ack = curl("--data", '{"message":"one"}', "--header", "Idempotency-Key: k1")
    assert (status, ack["id"], ack["seq"]) == (201, "k1", 1)
    assert curl("--data", '{"message":"one"}', "--header", "Idempotency-Key: k1") == (status, ack)
    status, ack = curl(
        "--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue",
        "--expect100-timeout", "60", "--request", "POST", "--upload-file", "-",
        body='{"message":"two"}' + " " * 60_000)
    assert (status, ack["seq"]) == (201, 2)
    for number, text in enumerate(["one", "two"], 1):
        line = ann.expect("message")
        assert (line["seq"], line["message"], line["username"], line["user"]) == (
            number, text, "Shop", "shop")
    status, problem = curl("--data", " " * 65_537)
    assert (status, problem["code"]) == (413, "content_too_large")
    assert curl("--data", "{}")[0] == 422


def test_requests_may_be_pipelined_and_the_daemon_restarted(start, tmp_path):
    data = tmp_path / "own"
    daemon = start(data=data)
    bodies = [json.dumps({"message": str(number)}).encode() for number in range(5)]
    with Wire(daemon.port) as wire:
        wire.send(b"".join(
            request(LINE, fields(daemon, Content_Length=str(len(body)),
                                 Idempotency_Key=f"k{number}"), body)
            for number, body in enumerate(bodies)))
        answers = [wire.response() for _ in bodies]
    assert [each.status for each in answers] == [201] * 5
    assert [json.loads(each.body)["seq"] for each in answers] == [1, 2, 3, 4, 5]
    daemon.kill()
    daemon = start(data=data)
    with Wire(daemon.port) as wire:
        assert post(daemon, wire, bodies[2], Idempotency_Key="k2").body == answers[2].body


def test_hostile_bodies_end_their_connections(start):
    daemon = start(*LIMITS, "--message-timeout", "1")
    with besieged(daemon) as siege:
        for framing, body, status in [
                ({"Content_Length": "5", "Transfer_Encoding": "chunked"}, b"0\r\n\r\n", 400),
                ({"Transfer_Encoding": "chunked"}, b"0\r\nGET /healthz HTTP/1.1\r\n\r\n", 400),
                ({"Transfer_Encoding": "chunked"}, b"10001\r\n", 413),
                ({"Content_Length": "65537"}, b"", 413)]:
            with Wire(daemon.port, MALLORY) as wire:
                wire.send(request(LINE, fields(daemon, **framing), body)
                          + request("GET /healthz HTTP/1.1"))
                assert wire.response().status == status
                assert wire.at_end()
        with Wire(daemon.port, MALLORY) as wire:
            wire.send(request(LINE, fields(daemon, Transfer_Encoding="chunked")))
            assert crawl(wire, bytes_of(b"1\r\n \r\n" * 100))
            answer = wire.response()
            assert (answer.status, json.loads(answer.body)["code"]) == (408, "request_timeout")
            assert wire.at_end()
        # Bodies that never end, and go.
        for wire in [Wire(daemon.port, MALLORY) for _ in range(50)]:
            with wire:
                wire.send(request(LINE, fields(daemon, Content_Length="60000"), bytes(30_000)))
        siege.bystanders.hear(2)
