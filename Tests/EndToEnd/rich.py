"""The messages of a client of the rich dialect. Each event's form is checked."""

import json
import uuid
from collections import deque

from websockets.exceptions import ConnectionClosed

from chat import parse
from daemon import PATIENCE

SUBPROTOCOL = "hubbub.v1"

# The fields of each event besides `type`. Those with a question mark may be absent.
EVENTS = {
    "welcome": {"server": str, "durable": bool, "limits": dict, "ping_interval_ms": int,
                "you?": dict},
    "joined": {"id?": str, "room": str, "epoch": str, "seq": int, "rev": int, "members": int,
               "recovered?": bool, "settings?": dict},
    "room": {"room": str, "rev": int, "settings": dict},
    "message": {"room": str, "seq": int, "time": str, "username": str, "user?": str,
                "role?": str, "message": str},
    "ack": {"id": str, "room": str, "seq?": int, "rev?": int, "time?": str,
            "connections?": int, "held?": str},
    "held": {"room": str, "held": str, "time": str, "username": str, "message": str, "user?": str,
             "why": str},
    "released": {"room": str, "held": str, "seq": int, "time": str},
    "rejected": {"room": str, "held": str},
    "purged": {"room": str, "rev": int, "user?": str, "seqs": list, "count": int},
    "restored": {"room": str, "rev": int, "of": int, "messages?": list, "seqs?": list},
    "modlog": {"id?": str, "room": str, "entries": list, "more": bool},
    "bans": {"id?": str, "room": str, "bans": list, "more": bool},
    "terms": {"id?": str, "room": str, "terms": list, "more": bool},
    "deleted": {"room": str, "seq?": int, "rev?": int, "seqs?": list},
    "history": {"id?": str, "room": str, "messages": list, "more": bool},
    "members": {"id?": str, "room": str, "count": int, "number": int, "usernames?": list,
                "untold?": dict},
    "presence": {"room": str, "count": int, "number": int, "joined?": list, "left?": list},
    "gap": {"room": str, "from": int, "to": int, "missed": int},
    "epoch": {"room": str, "epoch": str, "seq": int},
    "left": {"id?": str, "room": str, "code?": str, "reason?": str},
    "authenticated": {"id?": str, "sub": str, "name?": str, "role": str, "ttl_ms": int},
    "auth_expiring": {"ttl_ms": int},
    "error": {"id?": str, "code": str, "reason": str, "retry_after_ms?": int, "unknown?": bool,
              "frame?": int},
    "closing": {"reconnect_after_ms": int},
    "server": {"id?": str, "scope": str, "server": str, "time": str, "durable": bool, "state?": str,
               "uptime_ms?": int, "work_ms?": int, "connections?": dict, "traffic?": dict,
               "history?": dict, "memory?": dict, "incidents?": list, "laggards?": list, "limits?": list, "samples?": dict,
               "rooms": dict},
    "inspect": {"id?": str, "room?": str, "user?": str, "count?": int, "connections?": list,
                "members?": int, "behind?": int, "epoch?": str,
                "seq?": int, "rev?": int, "oldest?": int, "log_bytes?": int, "settings?": dict,
                "people?": list, "lines?": list, "held_count?": int, "held?": list},
    "disconnected": {"id?": str, "user?": str, "connection?": str, "connections": int},
    "revoked": {"id?": str, "connections": int},
}


def fresh_id() -> str:
    return str(uuid.uuid4())


def checked(frame: str) -> dict:
    """The event in a frame, which must have the form of its type."""
    event = json.loads(frame)
    fields = EVENTS[event["type"]]
    kinds = {name.rstrip("?"): kind for name, kind in fields.items()}
    needed = {name for name in fields if not name.endswith("?")}
    assert event.keys() >= needed | {"type"}, event
    for name, value in event.items():
        assert name == "type" or type(value) is kinds[name], event
    if event["type"] == "message":
        parse(frame)
    if event["type"] == "gap":
        assert 1 <= event["from"] <= event["to"], event
        assert event["missed"] == event["to"] - event["from"] + 1, event
    if event["type"] == "presence":
        assert ("joined" in event) == ("left" in event), event
    if event["type"] == "error":
        assert event["reason"] and event.get("retry_after_ms", 1) > 0, event
    return event


class Rich:
    """One client over `websockets`.

    A test that waits for an event gets the oldest of its types that wasn't taken. Other events
    stay for later. Refusals, gaps and the closing must be awaited, or else they fail the test.
    """

    ALARMS = {"error", "gap", "closing"}

    def __init__(self, client):
        assert client.subprotocol == SUBPROTOCOL
        self.client = client
        # All frames, unchanged.
        self.frames: list[str] = []
        self.events: list[dict] = []
        self._untaken: deque[dict] = deque()
        self.welcome = self.expect("welcome")
        assert self.events == [self.welcome]

    # Sending.

    def send(self, **command):
        self.client.send(json.dumps(command))

    def ask(self, **command) -> dict:
        """Sends a command and waits for the event that carries its id."""
        command = {"id": fresh_id()} | command
        self.send(**command)
        return self.reply(command["id"])

    def join(self, room: str = "lobby", **fields) -> dict:
        """Joins, which must succeed. Lines may follow the returned `joined`."""
        joined = self.ask(type="join", room=room, **fields)
        assert joined["type"] == "joined" and joined["room"] == room, joined
        assert ("recovered" in joined) == ("after" in fields), joined
        return joined

    def leave(self, room: str = "lobby"):
        left = self.ask(type="leave", room=room)
        assert left["type"] == "left" and left["room"] == room, left

    def post(self, message: str, room: str = "lobby", **fields) -> dict:
        """Says a line and waits for its `ack`."""
        ack = self.ask(type="message", room=room, message=message, **fields)
        assert ack["type"] == "ack" and ack["room"] == room, ack
        return ack

    def page(self, before: int, limit: int, room: str = "lobby") -> dict:
        """The last lines before a number: a `history` event."""
        history = self.ask(type="history", room=room, before=before, limit=limit)
        assert history["type"] == "history" and history["room"] == room, history
        for line in history["messages"]:
            parse(json.dumps(line, separators=(",", ":"), ensure_ascii=False))
        numbers = numbers_of(history["messages"])
        assert len(numbers) <= limit
        assert not numbers or numbers == list(range(numbers[0], before)), numbers
        return history

    def scroll(self, before: int, room: str = "lobby", down_to: int = 1, limit: int = 200):
        """All lines from number `down_to` up to the one before `before`, page by page."""
        lines = []
        while before > down_to:
            history = self.page(before, min(limit, before - down_to), room)
            assert history["messages"], f"nothing before {before}"
            lines[:0] = history["messages"]
            before = lines[0]["seq"]
            assert history["more"] == (before > 1), history["more"]
        return lines

    def members(self, room: str = "lobby") -> dict:
        members = self.ask(type="members", room=room)
        assert members["type"] == "members" and members["room"] == room, members
        return members

    # Receiving.

    def hear(self) -> dict:
        """The next event of any type. It counts as taken."""
        if self._untaken:
            return self._untaken.popleft()
        return self._next()

    def expect(self, *types: str) -> dict:
        """The oldest event of these types that wasn't taken."""
        return self._take(
            lambda event: event["type"] in types, lambda event: event["type"] in self.ALARMS, types)

    def reply(self, id: str) -> dict:
        """The event that carries this id. A refusal is a reply. Others may come before it."""
        return self._take(
            lambda event: event.get("id") == id,
            lambda event: event["type"] in self.ALARMS and "id" not in event, f"a reply to {id}")

    def line(self) -> dict:
        return self.expect("message")

    def lines(self, count: int) -> list[dict]:
        return [self.line() for _ in range(count)]

    def refusal(self) -> dict:
        return self.expect("error")

    def heard(self, *types: str) -> list[dict]:
        """All events of these types that arrived so far, taken or not."""
        return [event for event in self.events if event["type"] in types]

    def close_code(self) -> int:
        """The code of the server's Close. Earlier events can be looked up."""
        try:
            while True:
                self._untaken.append(self._next())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection ended without a Close"
            return closed.rcvd.code

    def _next(self) -> dict:
        frame = self.client.recv(timeout=PATIENCE)
        event = checked(frame)
        self.frames.append(frame)
        self.events.append(event)
        return event

    def _take(self, wanted, alarming, what) -> dict:
        for place, event in enumerate(self._untaken):
            if wanted(event):
                del self._untaken[place]
                return event
        while not wanted(event := self._next()):
            assert not alarming(event), f"{event} instead of {what}"
            self._untaken.append(event)
        return event


def numbers_of(lines: list[dict]) -> list[int]:
    return [line["seq"] for line in lines]


def texts_of(lines: list[dict]) -> list[str]:
    return [line["message"] for line in lines]
