"""A model of a moderated room between the page and a daemon: it answers the commands of moderators,
and tells the page what they change."""

import json
import re

MODERATOR = {"sub": "u1", "name": "Ann", "role": "moderator", "ttl_ms": 3_600_000}


class Moderated:
    """Stands between a page and its server. `you` is who the page's user is; `settings` are those of
    the room at the start."""

    def __init__(self, you=None, settings=None):
        self.you, self.settings, self.rev = you, dict(settings or {}), 0
        self.commands, self.entries, self.refusals = [], [], {}
        self._socket = self._room = None

    def between(self, page):
        page.route_web_socket(re.compile("/ws$"), self._connected)
        page.reload()
        return page

    def tell(self, **event):
        """Sends the page an event of its room."""
        self._socket.send(json.dumps({"room": self._room} | event))

    def change(self, kind, **fields):
        self.rev += 1
        self.tell(type=kind, rev=self.rev, **fields)

    def of(self, kind):
        """The commands of this type, without what all have."""
        return [{key: value for key, value in command.items() if key not in ("id", "type", "room")}
                for command in self.commands if command["type"] == kind]

    def _connected(self, socket):
        self._socket, server = socket, socket.connect_to_server()

        def from_server(text):
            event = json.loads(text)
            if event["type"] == "welcome" and self.you:
                event["you"] = self.you
            if event["type"] == "joined":
                self._room = event["room"]
                event |= {"rev": self.rev, "settings": self.settings}
            socket.send(json.dumps(event))

        def from_page(text):
            command = json.loads(text)
            answer = self._answer(command)
            if answer:
                socket.send(json.dumps({"id": command["id"], "room": command.get("room")} | answer))
            else:
                server.send(text)

        server.on_message(from_server)
        socket.on_message(from_page)

    def _answer(self, command):
        kind = command["type"]
        if kind in self.refusals:
            return {"type": "error"} | self.refusals[kind]
        if kind in ("join", "leave", "message", "history", "members"):
            return None
        self.commands.append(command)
        if kind == "modlog":
            return {"type": "modlog", "entries": self.entries}
        if kind == "delete":
            self.change("deleted", seqs=command.get("seqs") or [command["seq"]])
        elif kind == "settings":
            self.settings |= {key: value for key, value in command.items()
                              if key not in ("id", "type", "room", "panic")}
            self.change("room", settings=self.settings)
        else:
            self.rev += 1
        return {"type": "ack", "rev": self.rev}
