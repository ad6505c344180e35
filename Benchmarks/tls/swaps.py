#!/usr/bin/env python3
"""Replaces the certificate of a running daemon again and again while hands are shaken:
`swaps.py BINARY [1000]`.

Before each of them one file is new and the other old, or cut. Fails if a handshake fails, if a
client gets a certificate that it shouldn't, or if a connection from before ends.
"""

import shutil
import signal
import socket
import ssl
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from peer import Daemon, certificate, context, line, raise_descriptor_limit

PAIRS, STAYING, THREADS = 16, 100, 4
PATIENCE = 60


class Shaking:
    """Threads that shake hands, in full and resumed, until they are told to end."""

    def __init__(self, daemon: Daemon, known: set[bytes]):
        self.daemon, self.known = daemon, known
        self.counts = {"full": 0, "resumed": 0}
        self.failures: list[str] = []
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._shake, daemon=True) for _ in range(THREADS)]

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for each in self._threads:
            each.join(PATIENCE)

    def _shake(self):
        trusting, session = context(), None
        while not self._is_over.is_set():
            try:
                with shaken(self.daemon, trusting, session) as peer:
                    kind = "resumed" if peer.session_reused else "full"
                    if peer.getpeercert(binary_form=True) not in self.known:
                        raise OSError("another certificate")
                    peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    if b"alive" not in peer.recv(65_536):
                        raise OSError("no answer")
                    session = None if session else peer.session
                with self._lock:
                    self.counts[kind] += 1
            except OSError as error:
                self.failures.append(repr(error))


def shaken(daemon: Daemon, trusting: ssl.SSLContext, session=None) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", daemon.port), PATIENCE)
    return trusting.wrap_socket(plain, server_hostname="localhost", session=session)


def in_use(daemon: Daemon, trusting: ssl.SSLContext) -> bytes:
    with shaken(daemon, trusting) as peer:
        return peer.getpeercert(binary_form=True)


def der(path: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(path.read_text())


def metrics(daemon: Daemon, trusting: ssl.SSLContext) -> dict[str, float]:
    with urllib.request.urlopen(
            f"https://127.0.0.1:{daemon.port}/metrics", context=trusting) as answer:
        return {name: float(value) for name, value in (
            each.rsplit(" ", 1) for each in answer.read().decode().splitlines()
            if each.startswith("hubbub_tls"))}


def main(binary: str, count: str = "1000"):
    raise_descriptor_limit()
    with tempfile.TemporaryDirectory() as folder:
        pairs = []
        for number in range(PAIRS):
            Path(folder, str(number)).mkdir()
            flags = certificate(f"{folder}/{number}", "ecdsa")
            pairs.append((Path(flags[1]), Path(flags[3])))
        files = Path(folder, "certificate.pem"), Path(folder, "key.pem")
        for source, target in zip(pairs[0], files, strict=True):
            shutil.copy(source, target)
        flags = ["--tls-certificate", str(files[0]), "--tls-key", str(files[1])]
        with Daemon(binary, *flags) as daemon:
            trusting = context()
            staying = [daemon.connected(trusting) for _ in range(STAYING)]
            known = {der(pair[0]) for pair in pairs}
            started, wrong = time.perf_counter(), 0
            with Shaking(daemon, known) as shaking:
                for number in range(1, int(count) + 1):
                    wrong += swap(
                        daemon, trusting, pairs[number % PAIRS], pairs[(number - 1) % PAIRS],
                        files, number)
                seconds = time.perf_counter() - started
            ended = sum(not still_chats(each) for each in staying)
            found = metrics(daemon, trusting)
    print(f"{count} swaps in {seconds:.1f} s; handshakes: {shaking.counts['full']} full, "
          f"{shaking.counts['resumed']} resumed, {len(shaking.failures)} failed")
    print(f"{wrong} wrong certificates; of {STAYING} connections from before {ended} have ended")
    for name in sorted(found):
        print(f"    {name} {found[name]:.0f}")
    if shaking.failures or wrong or ended:
        sys.exit("\n".join(["something has failed", *shaking.failures[:5]]))


def swap(daemon: Daemon, trusting: ssl.SSLContext, new: tuple[Path, Path],
         old: tuple[Path, Path], files: tuple[Path, Path], number: int) -> int:
    """Replaces the files, at first by halves. Returns how often another certificate than the old
    one was in use before the new pair was whole."""
    wrong = 0
    texts = [each.read_bytes() for each in new]
    halves = [(0, texts[0]), (0, texts[0][:number % 300]), (0, texts[0])]
    if number % 2:
        halves = [(1, texts[1][:number % 200]), (1, texts[1]), (0, texts[0][:number % 300])]
    for index, text in halves:
        files[index].write_bytes(text)
        daemon.process.send_signal(signal.SIGHUP)
        wrong += in_use(daemon, trusting) != der(old[0])
    for index in (0, 1):
        files[index].write_bytes(texts[index])
    daemon.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE
    while in_use(daemon, trusting) != der(new[0]):
        if time.monotonic() > deadline:
            sys.exit(f"swap {number}: the new certificate isn't in use")
    return wrong


def still_chats(peer: socket.socket) -> bool:
    """Whether a connection gets its own line."""
    peer.settimeout(PATIENCE)
    try:
        peer.sendall(line())
        received = b""
        while b"xxxx" not in received:
            part = peer.recv(65_536)
            if not part:
                return False
            received += part
        return True
    except OSError:
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
