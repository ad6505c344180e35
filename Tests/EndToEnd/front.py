"""A server of TLS that isn't ours, in front of a plain daemon."""

import socket
import ssl
import threading
from contextlib import suppress

from certificates import Pair, issued


class Front:
    """Takes TLS off what clients send, and passes it on. The end of a `with` closes it."""

    def __init__(self, port: int, pair: Pair | None = None, *, oldest=ssl.TLSVersion.TLSv1_2,
                 newest=ssl.TLSVersion.TLSv1_3, ciphers: str | None = None):
        pair = pair or issued()
        self._oldest, self._newest, self._ciphers = oldest, newest, ciphers
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        # The version of each handshake, whether it continued an earlier session, and the name that
        # the client asked for.
        self.handshakes: list[tuple[str, bool]] = []
        self.names: list[str | None] = []
        self.use(pair)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def use(self, pair: Pair):
        """Uses another certificate from now on. Sessions from before aren't continued, because
        somebody else has no keys of their tickets."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        if self._ciphers:
            context.set_ciphers(self._ciphers)
        context.minimum_version, context.maximum_version = self._oldest, self._newest
        context.sni_callback = lambda _, name, __: self.names.append(name)
        self._context = context

    def close(self):
        # A thread may wait in accept(2), which closing doesn't end.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def ws(self, query: str = "", host: str = "127.0.0.1") -> str:
        return f"wss://{host}:{self.port}/ws{query}"

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, plain: socket.socket):
        # OSError is the parent of ssl.SSLError: the client may refuse us.
        with plain, suppress(OSError):
            with self._context.wrap_socket(plain, server_side=True) as client:
                self.handshakes.append((client.version(), client.session_reused))
                with socket.create_connection(("127.0.0.1", self._server)) as server:
                    threading.Thread(
                        target=pass_on, args=(client, server), daemon=True).start()
                    pass_on(server, client)


def pass_on(one: socket.socket, other: socket.socket):
    """Sends all that arrives from one to the other, and then ends the other."""
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    with suppress(OSError):
        # It wakes the thread that reads from there.
        other.shutdown(socket.SHUT_RDWR)
