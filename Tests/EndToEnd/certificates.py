"""Certificates of an authority that exists for one run of the tests."""

import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme

# The names and addresses of this machine that tests connect to.
NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Pair:
    """Two files in PEM."""

    certificate: Path
    key: Path


@cache
def folder() -> Path:
    # It is removed when the last reference to it is, at the end of the process.
    folder.kept = tempfile.TemporaryDirectory(prefix="hubbub-certificates-")
    return Path(folder.kept.name)


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def trusted() -> Path:
    """The authority's certificate, for a client's list of those that it trusts."""
    path = folder() / "authority.pem"
    authority().cert_pem.write_to_path(path)
    return path


@cache
def issued(*names: str, hours: float = 24, begins: float = -30 * 24,
           by: trustme.CA | None = None) -> Pair:
    """A certificate for these names that is valid from `begins` hours from now on, and expires
    after `hours`. It has expired if they are negative."""
    now = datetime.now(UTC)
    leaf = (by or authority()).issue_cert(
        *(names or NAMES), not_before=now + timedelta(hours=begins),
        not_after=now + timedelta(hours=hours))
    stem = str(folder() / f"{len(list(folder().iterdir()))}")
    pair = Pair(Path(stem + ".pem"), Path(stem + ".key"))
    pair.certificate.write_bytes(b"".join(each.bytes() for each in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(pair.key)
    return pair


# Arguments of `openssl req` for kinds of keys and signatures.
KINDS = {
    "dsa": [], "ed25519": ["ed25519"], "ed448": ["ed448"],
    "rsa-pss": ["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa 1024": ["rsa:1024"], "rsa 4096": ["rsa:4096"],
    **{curve: ["ec", "-pkeyopt", f"ec_paramgen_curve:{curve}"] for curve in (
        "P-224", "P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1")},
}


@cache
def made(kind: str) -> Pair:
    """A certificate for `localhost` that openssl makes, with such a key. It has signed itself, but
    for `sha1`, which the authority has signed with SHA-1."""
    stem = str(folder() / kind.replace(" ", "-"))
    pair = Pair(Path(stem + ".pem"), Path(stem + ".key"))

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    subject = ["-nodes", "-subj", "/CN=localhost", "-keyout", pair.key]
    if kind == "sha1":
        authority_key = stem + ".authority"
        authority().private_key_pem.write_to_path(authority_key)
        openssl("req", "-newkey", "rsa:2048", *subject, "-out", stem + ".csr")
        openssl("x509", "-req", "-sha1", "-in", stem + ".csr", "-CA", trusted(), "-CAkey",
                authority_key, "-set_serial", "7", "-out", pair.certificate)
        return pair
    newkey = KINDS[kind]
    if kind == "dsa":
        openssl("dsaparam", "-out", stem + ".parameters", "1024")
        newkey = [f"dsa:{stem}.parameters"]
    openssl("req", "-x509", "-newkey", *newkey, *subject, "-days", "9", "-out", pair.certificate,
            "-addext", "subjectAltName=DNS:localhost")
    return pair


def stranger() -> Pair:
    """A certificate for the same names by an authority that nobody trusts."""
    return issued(by=trustme.CA())


def alone() -> Pair:
    """A certificate that has signed itself."""
    lonely = trustme.CA()
    stem = str(folder() / f"{len(list(folder().iterdir()))}")
    pair = Pair(Path(stem + ".pem"), Path(stem + ".key"))
    lonely.cert_pem.write_to_path(pair.certificate)
    lonely.private_key_pem.write_to_path(pair.key)
    return pair
