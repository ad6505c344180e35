"""A daemon with TLS, and clients of it, for the measurements in this folder."""

import json
import re
import resource
import socket
import ssl
import subprocess
import threading
from pathlib import Path

UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
KEYS = {"rsa": ["rsa:2048"], "ecdsa": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def certificate(folder: str, kind: str) -> list[str]:
    """The flags of a daemon with a new certificate."""
    certificate, key = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *KEYS[kind], "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return ["--tls-certificate", str(certificate), "--tls-key", str(key)]


class Daemon:
    def __init__(self, binary: str, *arguments: str):
        self.process = subprocess.Popen(
            [binary, "serve", "--history", "none", "--host", "127.0.0.1", "--port", "0",
             "--lines-per-second", "0", "--cost-per-second", "0", *arguments],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if match := re.search(r"listening on \S+:(\d+)", line):
                self.port = int(match[1])
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def connected(self, context: ssl.SSLContext | None) -> socket.socket:
        """A WebSocket in the lobby."""
        peer = socket.create_connection(("127.0.0.1", self.port))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            peer = context.wrap_socket(peer, server_hostname="localhost")
        peer.sendall(UPGRADE)
        peer.recv(65_536)
        return peer


def context(newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    trusting.maximum_version = newest
    return trusting


def line() -> bytes:
    """A masked frame with a line of 60 characters."""
    text = json.dumps({"username": "ann", "message": "x" * 60}).encode()
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text
