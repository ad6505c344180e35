"""TLS under the tests: with `pytest --tls` every daemon, and every client, speaks it."""

import os
import select
import socket
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

from websockets.sync import client

import certificates

# Whether this run is over TLS.
IS_ON = False


def switch_on():
    """Lets all daemons and clients of this run use TLS. Call it before any of them starts."""
    global IS_ON
    IS_ON = True


def flags() -> list[str]:
    """What makes a server of ours speak TLS. From now on, the clients trust its certificate."""
    # The default contexts of OpenSSL read this variable: those of Python's libraries, and
    # `hubbub chat`.
    os.environ["SSL_CERT_FILE"] = str(certificates.trusted())
    pair = certificates.issued()
    return ["--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key)]


def wrapped(plain: socket.socket) -> socket.socket:
    """A connected socket, under TLS if this run is."""
    return SecureSocket(plain) if IS_ON else plain


def has_arrived(peer: socket.socket, seconds: float) -> bool:
    """Whether bytes for the application, or an end, arrive within this time."""
    if isinstance(peer, SecureSocket):
        return peer.has_arrived(seconds)
    return bool(select.select([peer], [], [], seconds)[0])


def connect(url: str, source_address: tuple[str, int] | None = None, **options):
    """A client of `websockets`. It has two threads for a connection, and `ssl.SSLSocket` loses what
    one of them sends while the other one receives a ticket. So it gets our socket."""
    if url.startswith("wss://"):
        parts = urlsplit(url)
        options["sock"] = SecureSocket(socket.create_connection(
            (parts.hostname, parts.port), options.get("open_timeout", 30), source_address))
        url = "ws" + url.removeprefix("wss")
    elif source_address:
        options["source_address"] = source_address
    return client.connect(url, **options)


def pending(peer: socket.socket) -> int:
    """Bytes that have arrived at `peer`, of which the system doesn't know any more."""
    return len(peer.received) if isinstance(peer, SecureSocket) else 0


class SecureSocket(socket.socket):
    """A bare socket under TLS. Unlike `ssl.SSLSocket`, it may be sent to and read by different
    threads, can be closed or reset in any state, and is only shut down if it is asked to be."""

    def __init__(self, plain: socket.socket):
        timeout = plain.gettimeout()
        super().__init__(plain.family, plain.type, plain.proto, fileno=plain.detach())
        self.settimeout(timeout)
        context = ssl.create_default_context(cafile=certificates.trusted())
        context.set_alpn_protocols(["http/1.1"])
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname="localhost")
        self._lock = threading.Lock()
        # Bytes for the application that it hasn't read.
        self.received = bytearray()
        # Nothing more will be received, and whether the peer has said so.
        self._has_ended = False
        self.was_cut = False
        self._shake_hands()

    def _shake_hands(self):
        while True:
            try:
                return self._session.do_handshake()
            except ssl.SSLWantReadError:
                pass
            finally:
                super().sendall(self._outgoing.read())
            data = super().recv(65_536)
            if not data:
                raise ConnectionResetError("the server ended it in the handshake of TLS")
            self._incoming.write(data)

    def sendall(self, data):
        with self._lock:
            if data:
                self._session.write(data)
            sealed = self._outgoing.read()
        super().sendall(sealed)

    def recv(self, size: int, flags: int = 0) -> bytes:
        while not self.received and not self._has_ended:
            self._fill(super().recv(max(size, 1)))
        found = bytes(self.received[:size])
        if not flags & socket.MSG_PEEK:
            del self.received[:size]
        return found

    def recv_into(self, buffer, size: int = 0, flags: int = 0) -> int:
        found = self.recv(size or len(buffer), flags)
        buffer[:len(found)] = found
        return len(found)

    def has_arrived(self, seconds: float) -> bool:
        # What has arrived may be a ticket for a later session.
        deadline = time.monotonic() + seconds
        while not self.received and not self._has_ended:
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([self], [], [], wait)[0]:
                return False
            self._fill(super().recv(65_536))
        return True

    def shutdown(self, how: int):
        """Ends the sending half, with the alert that says so, or both."""
        with self._lock:
            # It waits for the peer's alert, or there is data before that.
            with suppress(ssl.SSLError):
                self._session.unwrap()
            sealed = self._outgoing.read()
        super().sendall(sealed)
        super().shutdown(how)

    def _fill(self, data: bytes):
        with self._lock:
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()
            try:
                while part := self._session.read(65_536):
                    self.received += part
                self._has_ended = True
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLZeroReturnError:
                self._has_ended = True
            except ssl.SSLEOFError:
                self._has_ended = self.was_cut = True
