"""Certificates of an authority that exists for one run of the tests."""

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
def issued(*names: str, hours: float = 24, by: trustme.CA | None = None) -> Pair:
    """A certificate for these names that expires after `hours`. It has expired if they are
    negative."""
    now = datetime.now(UTC)
    leaf = (by or authority()).issue_cert(
        *(names or NAMES), not_before=now - timedelta(days=30),
        not_after=now + timedelta(hours=hours))
    stem = str(folder() / f"{len(list(folder().iterdir()))}")
    pair = Pair(Path(stem + ".pem"), Path(stem + ".key"))
    pair.certificate.write_bytes(b"".join(each.bytes() for each in leaf.cert_chain_pems))
    leaf.private_key_pem.write_to_path(pair.key)
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
