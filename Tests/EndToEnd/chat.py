"""The messages of a client of the plain dialect."""

import json
import re

from websockets.exceptions import ConnectionClosed

from daemon import PATIENCE

LINE = re.compile(
    r'\{"type":"message","room":"(?P<room>[a-z0-9._-]{1,64})","seq":(?P<seq>[1-9]\d*),'
    r'"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",'
    r'"username":(?P<username>"(?:[^"\\]|\\.)*"),'
    r'(?:"user":"(?:[^"\\]|\\.)+",)?(?:"role":"(?:vip|moderator|owner|system)",)?'
    r'"message":(?P<message>"(?:[^"\\]|\\.)*")\}')


def say(client, message, username="ann"):
    client.send(json.dumps({"username": username, "message": message}))


def hear(client) -> dict:
    """The next event."""
    return json.loads(client.recv(timeout=PATIENCE))


def parse(frame: str) -> tuple[str, int, str, str]:
    """A line's room, number, name and text. Its form is checked to the byte."""
    match = LINE.fullmatch(frame)
    assert match, f"not a line: {frame!r}"
    return (match["room"], int(match["seq"]), json.loads(match["username"]),
            json.loads(match["message"]))


def line(client) -> tuple[str, int, str, str]:
    """The next event, which must be a line."""
    return parse(client.recv(timeout=PATIENCE))


def refusal(client) -> dict:
    """The next event, which must be an error with a code and a reason."""
    event = hear(client)
    assert event["type"] == "error", event
    assert isinstance(event["reason"], str) and event["reason"], event
    return event


def close_code(client) -> int:
    """The code of the server's Close. Earlier messages are skipped."""
    try:
        while True:
            client.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        assert closed.rcvd is not None, "the connection ended without a Close"
        return closed.rcvd.code
