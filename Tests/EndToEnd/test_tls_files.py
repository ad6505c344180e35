"""The files of certificates: errors at start, and replacing them while the daemon runs."""

import itertools
import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
import time

import pytest

import certificates
from chat import line, say
from daemon import PATIENCE, run
from test_settings import complaint
from test_tls import connected, first_certificate, metric, trusting

EX_USAGE, EX_DATAERR = 64, 65

HOURS = itertools.count(24)


def fresh() -> certificates.Pair:
    """A certificate like the others, but another one."""
    return certificates.issued(hours=next(HOURS))


def flags(*pairs: certificates.Pair) -> list[str]:
    return [each for pair in pairs for each in (
        "--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key))]


# MARK: At the start


def broken(tmp_path, kind: str) -> tuple[list[str], list[str]]:
    """The flags of a start that fails, and what is said about it."""
    good, other = certificates.issued(), certificates.issued("other.example")
    certificate, key = good.certificate, good.key
    new = tmp_path / kind.replace(" ", "-")
    match kind:
        case "missing":
            return flags(certificates.Pair(new, key)), [str(new), "No such file"]
        case "unreadable":
            return flags(certificates.Pair(tmp_path, key)), [str(tmp_path), "directory"]
        case "empty":
            new.write_text("")
            return flags(certificates.Pair(new, key)), [str(new), "no certificate in PEM"]
        case "der":
            new.write_bytes(first_certificate(good))
            return flags(certificates.Pair(new, key)), [str(new), "no certificate in PEM"]
        case "cut":
            new.write_text(certificate.read_text()[:300])
            return flags(certificates.Pair(new, key)), [str(new), "cut off"]
        case "no key":
            return flags(certificates.Pair(certificate, certificate)), [
                f"--tls-key {certificate}", "no private key in PEM"]
        case "no key in one file":
            return ["--tls-certificate", str(certificate)], [str(certificate), "--tls-key"]
        case "another key":
            return flags(certificates.Pair(certificate, other.key)), [
                str(other.key), str(certificate), "isn't the key"]
        case "password":
            subprocess.run(["openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:x",
                            "-out", new], check=True)
            return flags(certificates.Pair(certificate, new)), [str(new), "password", "openssl"]
        case "second pair":
            return flags(good, certificates.Pair(other.certificate, key)), [
                f"--tls-key {key}", str(other.certificate)]
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", [
    "missing", "unreadable", "empty", "der", "cut", "no key", "no key in one file", "another key",
    "password", "second pair",
])
def test_an_error_names_the_file_and_the_remedy(tmp_path, kind):
    arguments, named = broken(tmp_path, kind)
    said = complaint(run(*arguments, "--data", str(tmp_path)), EX_DATAERR)
    assert all(each in said for each in named), said


@pytest.mark.parametrize("arguments, named", [
    (["--tls-listen", "8443"], "--tls-certificate"), (["--hsts", "60"], "--tls-certificate"),
    (["--tls-key", "/dev/null"], "--tls-certificate"),
    (["--tls-certificate", "a,b", "--tls-key", "a"], "1 keys for 2 certificates"),
])
def test_flags_that_need_a_certificate(arguments, named):
    assert named in complaint(run(*arguments, "--history", "none"), EX_USAGE)


def test_certificate_and_key_may_be_in_one_file(start, tmp_path):
    pair = certificates.issued()
    both = tmp_path / "both.pem"
    both.write_text(pair.key.read_text() + pair.certificate.read_text())
    daemon = start("--tls-certificate", str(both))
    with connected(daemon.port) as peer:
        assert peer.getpeercert(binary_form=True) == first_certificate(pair)


def test_an_expired_certificate_is_used_with_a_warning(start):
    daemon = start(*flags(certificates.issued(hours=-30)))
    daemon.wait_for(re.compile("warning.*expired.*days=1"))
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        connected(daemon.port)


# MARK: While it runs


class Files:
    """The files of a daemon, which a test replaces."""

    def __init__(self, folder, pair: certificates.Pair):
        self.folder = folder
        self.pair = certificates.Pair(folder / "chain.pem", folder / "key.pem")
        self.copy(pair)

    def copy(self, pair: certificates.Pair):
        shutil.copy(pair.certificate, self.pair.certificate)
        shutil.copy(pair.key, self.pair.key)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path, fresh())


def in_use(port: int) -> bytes:
    with connected(port) as peer:
        return peer.getpeercert(binary_form=True)


def wait_for_certificate(port: int, pair: certificates.Pair):
    deadline = time.monotonic() + PATIENCE
    while in_use(port) != first_certificate(pair):
        assert time.monotonic() < deadline


def test_new_files_are_used_and_connections_stay(start, files, join):
    daemon = start(*flags(files.pair))
    with connected(daemon.port) as stays:
        context = trusting()
        with connected(daemon.port, context) as peer:
            peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b"alive" in peer.recv(65_536)
            session = peer.session
        new = fresh()
        files.copy(new)
        wait_for_certificate(daemon.port, new)
        daemon.wait_for(re.compile("New certificates are in use"))
        stays.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"alive" in stays.recv(65_536)
        # Tickets of before are good.
        with connected(daemon.port, context, session=session) as peer:
            assert peer.session_reused
    assert metric(daemon.port, "hubbub_tls_reloads_total") == 1


class Crowd:
    """Clients that shake hands again and again, on a thread, as long as the block lasts."""

    def __init__(self, port: int, allowed: set[bytes]):
        self.port, self.allowed = port, allowed
        self.count = 0
        self.failures: list[Exception] = []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._shake, daemon=True) for _ in range(2)]

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for each in self._threads:
            each.join(PATIENCE)

    def _shake(self):
        context = trusting()
        session = None
        while not self._is_over.is_set():
            try:
                with connected(self.port, context, session=session) as peer:
                    peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                    assert b"alive" in peer.recv(65_536)
                    assert peer.getpeercert(binary_form=True) in self.allowed
                    # Every second one resumes the session of the one before.
                    session = None if session else peer.session
                    self.count += 1
            except (OSError, AssertionError) as error:
                self.failures.append(error)


def test_many_swaps_while_hands_are_shaken(start, files, join):
    """A part of what Benchmarks/tls/swaps.py does 1 000 times."""
    pairs = [fresh() for _ in range(20)]
    allowed = {first_certificate(each) for each in [files.pair, *pairs]}
    daemon = start(*flags(files.pair), "--lines-per-second", "0")
    old = first_certificate(files.pair)
    from websockets.sync.client import connect
    with connect(f"wss://localhost:{daemon.port}/ws", ssl=trusting(), proxy=None) as stays, \
            Crowd(daemon.port, allowed) as crowd:
        for number, pair in enumerate(pairs):
            # One file follows the other, and each is cut for a moment. The daemon reads both
            # whenever a signal arrives, and looks by itself, too.
            for source, target in [(pair.certificate, files.pair.certificate),
                                   (pair.key, files.pair.key)]:
                whole = source.read_bytes()
                for text in (whole[:200], whole):
                    assert in_use(daemon.port) == old
                    target.write_bytes(text)
                    daemon.signal(signal.SIGHUP)
            wait_for_certificate(daemon.port, pair)
            old = first_certificate(pair)
            say(stays, f"after {number}")
            assert line(stays)[3] == f"after {number}"
        shaken = crowd.count
        deadline = time.monotonic() + PATIENCE
        while crowd.count < shaken + 10:
            assert time.monotonic() < deadline
    assert crowd.failures == []
    assert metric(daemon.port, "hubbub_tls_reloads_total") == len(pairs)
    assert metric(daemon.port, 'hubbub_tls_handshakes_total{outcome="failed"}') == 0
    assert metric(daemon.port, 'hubbub_tls_handshakes_total{outcome="resumed"}') > 0


def test_files_behind_symbolic_links_are_followed(start, tmp_path):
    """As certbot's live/, and as Kubernetes' ..data, which is a link to a directory."""
    pairs = [fresh(), fresh()]
    for number, pair in enumerate(pairs):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(pair.certificate, folder / "tls.crt")
        shutil.copy(pair.key, folder / "tls.key")
    (tmp_path / "..data").symlink_to("0")
    for name in ["tls.crt", "tls.key"]:
        (tmp_path / name).symlink_to(f"..data/{name}")
    daemon = start("--tls-certificate", str(tmp_path / "tls.crt"),
                   "--tls-key", str(tmp_path / "tls.key"))
    assert in_use(daemon.port) == first_certificate(pairs[0])
    (tmp_path / "..new").symlink_to("1")
    os.replace(tmp_path / "..new", tmp_path / "..data")
    wait_for_certificate(daemon.port, pairs[1])


def test_files_that_do_not_fit_change_nothing_and_are_told_once(start, files):
    before = first_certificate(files.pair)
    daemon = start(*flags(files.pair))
    new = fresh()
    shutil.copy(new.certificate, files.pair.certificate)
    daemon.wait_for(re.compile("warning.*old certificates stay in use.*isn't the key"))
    assert in_use(daemon.port) == before
    files.pair.certificate.write_text("half")
    daemon.wait_for(re.compile("warning.*old certificates stay in use.*no certificate"))
    assert in_use(daemon.port) == before
    files.copy(new)
    wait_for_certificate(daemon.port, new)
    assert sum("old certificates stay" in each for each in daemon.lines) == 2
    assert metric(daemon.port, "hubbub_tls_reload_failures_total") == 2


def test_the_expiry_is_a_metric(start):
    pair = certificates.issued("one.example", "localhost", hours=48)
    daemon = start(*flags(pair))
    found = metric(
        daemon.port, 'hubbub_tls_certificate_expiry_timestamp_seconds{name="one.example"}')
    assert abs(found - time.time() - 48 * 3600) < 3600
