"""A certificate for servers that are measured. Their clients don't verify it."""

import subprocess
from pathlib import Path


def make(folder: Path) -> tuple[str, str]:
    """The paths of a certificate and its key (P-256, signed by itself). They are absolute, because
    nginx takes others as relative to its own folder."""
    folder = folder.resolve()
    pair = str(folder / "certificate.pem"), str(folder / "certificate.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "30", "-subj", "/CN=localhost", "-out", pair[0], "-keyout", pair[1]],
        check=True, stderr=subprocess.DEVNULL)
    return pair


def flags(pair: tuple[str, str]) -> tuple[str, ...]:
    """What makes hubbub use it."""
    return "--tls-certificate", pair[0], "--tls-key", pair[1]


def public_key_flags(folder: Path) -> tuple[str, ...]:
    """What makes hubbub take tokens that are signed with a key on P-256."""
    certificate, _ = make(folder)
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"],
                         check=True, capture_output=True).stdout
    path = folder.resolve() / "token-key.pem"
    path.write_bytes(key)
    return "--token-public-key-file", str(path)
