"""A reader of event streams, on a bare socket."""

import json
import socket

from daemon import PATIENCE


class Events:
    """One event stream. The end of a `with` closes it."""

    def __init__(self, port: int, target: str = "rooms/lobby/events", after: str | None = None,
                 patience: float = PATIENCE, **fields: str):
        self._socket = socket.create_connection(("127.0.0.1", port), patience)
        lines = [f"GET /api/v1/{target} HTTP/1.1", "Host: localhost"]
        lines += [f"Last-Event-ID: {after}"] if after else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self._socket.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        self._file = self._socket.makefile("rb")
        status = self._file.readline().decode()
        self.status = int(status.split()[1])
        self.fields = {}
        while line := self._file.readline().decode().strip():
            name, value = line.split(":", 1)
            self.fields[name.lower()] = value.strip()
        self._is_chunked = self.fields.get("transfer-encoding") == "chunked"
        self._rest = b""
        self.last_id = after
        self.comments = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._socket.close()

    def _read(self) -> bytes:
        if not self._is_chunked:
            return self._file.read1(65_536)
        length = int(self._file.readline(), 16)
        data = self._file.read(length)
        self._file.readline()
        return data

    def next(self, wanted: str | None = None) -> dict | None:
        """The next event, of this type if one is wanted. None at the end of the stream."""
        while True:
            while b"\n\n" not in self._rest:
                data = self._read()
                if not data:
                    return None
                self._rest += data
            block, self._rest = self._rest.split(b"\n\n", 1)
            fields = {}
            for line in block.decode().split("\n"):
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, value = line.split(": ", 1)
                    fields[name] = value
            self.last_id = fields.get("id", self.last_id)
            if "data" in fields and wanted in (None, fields["event"]):
                return json.loads(fields["data"])

    def lines(self, count: int) -> list[int]:
        """The numbers of the next lines."""
        return [self.next("message")["seq"] for _ in range(count)]
