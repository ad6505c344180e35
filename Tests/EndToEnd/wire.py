"""HTTP over a bare socket, for valid and invalid requests."""

import socket
from dataclasses import dataclass

import secure
from daemon import PATIENCE

# The handshake of RFC 6455 section 1.3, without its request line.
HANDSHAKE_FIELDS = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
SAMPLE_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@dataclass
class Response:
    version: str
    status: int
    fields: dict[str, str]
    body: bytes


def request(line: str, fields: dict[str, str | None] | None = None, body: bytes = b"") -> bytes:
    """A request head and its content. A field whose value is None is left out."""
    fields = {"Host": "localhost"} if fields is None else fields
    head = "".join(
        f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{line}\r\n{head}\r\n".encode("latin-1") + body


class Wire:
    """One connection, from the address `source` of this machine: TCP, or TLS if this run has it."""

    def __init__(self, port: int, source: str = "127.0.0.1"):
        self.socket = secure.wrapped(
            socket.create_connection(("127.0.0.1", port), PATIENCE, (source, 0)))
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def send(self, data: bytes):
        self.socket.sendall(data)

    def response(self, has_body: bool = True) -> Response:
        """The next response, framed by its Content-Length."""
        version, status, reason = self._line().split(" ", 2)
        assert version == "HTTP/1.1" and reason
        fields = {}
        while line := self._line():
            name, value = line.split(":", 1)
            assert name.lower() not in fields, f"{name} twice"
            fields[name.lower()] = value.strip()
        length = int(fields.get("content-length", "0")) if has_body else 0
        body = self.stream.read(length)
        assert len(body) == length
        return Response(version, int(status), fields, body)

    def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame from the server (RFC 6455 section 5.2)."""
        first, length = self.stream.read(2)
        assert first & 0xF0 == 0x80 and length <= 127
        if length > 125:
            length = int.from_bytes(self.stream.read(2 if length == 126 else 8), "big")
        return first & 0x0F, self.stream.read(length)

    def at_end(self) -> bool:
        """Whether the server has closed the connection and sent nothing more."""
        try:
            return self.stream.read(1) == b""
        except ConnectionResetError:
            return True

    def _line(self) -> str:
        line = self.stream.readline()
        assert line.endswith(b"\r\n"), f"not a whole line: {line!r}"
        return line[:-2].decode("latin-1")
