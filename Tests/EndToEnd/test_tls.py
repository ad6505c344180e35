"""What the daemon's TLS speaks, and what it refuses: a grade of our own."""

import re
import socket
import ssl
import subprocess
import time

import pytest

import certificates
from chat import line, say
from daemon import PATIENCE, run
from wire import HANDSHAKE_FIELDS, request

EX_USAGE, EX_DATAERR = 64, 65


@pytest.fixture
def secured(start):
    """A daemon that speaks TLS on its only port, with a short patience for handshakes."""
    return start("--handshake-timeout", "2", "--message-timeout", "1", tls=True)


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates.trusted())


def connected(port: int, context: ssl.SSLContext | None = None, name: str = "localhost",
              **options) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), PATIENCE)
    return (context or trusting()).wrap_socket(plain, server_hostname=name, **options)


def get(port: int, path: str, context: ssl.SSLContext | None = None) -> tuple[str, str]:
    """The head and the body of a response, after which the server ends the connection."""
    with connected(port, context) as peer:
        peer.sendall(request(f"GET {path} HTTP/1.1", {"Host": "localhost", "Connection": "close"}))
        received = b""
        while part := peer.recv(65_536):
            received += part
    head, _, body = received.decode().partition("\r\n\r\n")
    return head, body


def metric(port: int, sample: str) -> float:
    _, page = get(port, "/metrics")
    return float(next(each.rsplit(" ", 1)[1] for each in page.splitlines()
                      if each.startswith(sample + " ")))


def openssl(port: int, *arguments: str, text: bytes = b"") -> str:
    """What `openssl s_client` prints. It is told to accept everything that it can speak."""
    result = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *arguments], input=text,
        capture_output=True, timeout=PATIENCE)
    return (result.stdout + result.stderr).decode(errors="replace")


# MARK: Versions and ciphers


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_old_versions_are_refused(secured, version):
    said = openssl(secured.port, version, "-cipher", "ALL:@SECLEVEL=0")
    assert "protocol version" in said and "Cipher is (NONE)" in said, said


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_new_versions_are_spoken_without_compression(secured, version):
    said = openssl(secured.port, version, "-comp", "-CAfile", str(certificates.trusted()))
    assert "Verify return code: 0" in said or "Verification: OK" in said, said
    assert "Compression: NONE" in said, said


WEAK = ["eNULL", "aNULL", "RC4", "3DES", "CAMELLIA", "SEED", "IDEA", "ARIA", "kRSA", "kDHE", "PSK",
        "SHA1", "SHA256", "SHA384", "AESCCM", "ECDHE+AES+SHA"]


@pytest.mark.parametrize("suites", WEAK)
def test_weak_ciphers_are_refused(secured, suites):
    """Everything of TLS 1.2 but ECDHE with an authenticated cipher."""
    strong = "ECDHE+AESGCM:ECDHE+CHACHA20"
    wanted = f"{suites}:-{strong.replace(':', ':-')}:@SECLEVEL=0"
    listed = subprocess.run(["openssl", "ciphers", "-tls1_2", "-s", wanted], capture_output=True)
    if not listed.stdout.strip():
        pytest.skip("this OpenSSL has none of them")
    said = openssl(secured.port, "-tls1_2", "-cipher", wanted)
    assert "Cipher is (NONE)" in said, said


@pytest.mark.parametrize("offered, chosen", [
    ("ECDHE+AESGCM", "AES128-GCM"), ("ECDHE+CHACHA20", "CHACHA20"),
    ("ECDHE+AES256", "AES256-GCM"),
    # A client without AES in hardware lists ChaCha20 first.
    ("ECDHE+CHACHA20:ECDHE+AESGCM", "CHACHA20"), ("ECDHE+AESGCM:ECDHE+CHACHA20", "AES128-GCM"),
])
def test_strong_ciphers_are_chosen(secured, offered, chosen):
    said = openssl(secured.port, "-tls1_2", "-cipher", offered)
    assert re.search(rf"Cipher is \S*{chosen}", said), said


def test_renegotiation_is_refused(secured):
    said = openssl(secured.port, "-tls1_2", text=b"R\n" + b"x" * 10)
    assert "RENEGOTIATING" in said and "no renegotiation" in said, said
    assert "Secure Renegotiation IS supported" in said, said


def test_there_is_no_early_data(secured):
    said = openssl(secured.port, "-tls1_3")
    assert "Max Early Data: 0" in said or "Max Early Data" not in said, said


# MARK: What is agreed on


@pytest.mark.parametrize("offered, agreed", [
    (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), (None, None),
])
def test_http_is_agreed_on(secured, offered, agreed):
    context = trusting()
    if offered:
        context.set_alpn_protocols(offered)
    with connected(secured.port, context) as peer:
        assert peer.selected_alpn_protocol() == agreed


def test_a_client_of_other_protocols_is_told(secured):
    context = trusting()
    context.set_alpn_protocols(["h2", "imap"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        connected(secured.port, context)
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="failed"}') == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_is_resumed_and_gets_a_new_ticket(secured, version):
    context = trusting()
    context.minimum_version = context.maximum_version = version
    session = None
    for turn in range(3):
        with connected(secured.port, context, session=session) as peer:
            assert peer.session_reused == (turn > 0)
            # With TLS 1.3 the ticket comes after the handshake.
            peer.sendall(request("GET /healthz HTTP/1.1"))
            assert b"alive" in peer.recv(65_536)
            session = peer.session
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="resumed"}') == 2


def test_the_certificate_is_chosen_by_name(start):
    pairs = [certificates.issued("one.example", "127.0.0.1"), certificates.issued("*.two.example")]
    daemon = start(*(each for pair in pairs for each in (
        "--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key))))
    for name, expected in [("one.example", 0), ("a.two.example", 1), ("127.0.0.1", 0)]:
        with connected(daemon.port, name=name) as peer:
            assert peer.getpeercert(binary_form=True) == first_certificate(pairs[expected])
    # Another name gets the first one, which the client then refuses.
    for name in ["two.example", "b.a.two.example", "three.example"]:
        with pytest.raises(ssl.SSLCertVerificationError, match="[Hh]ostname mismatch"):
            connected(daemon.port, name=name)
    context = trusting()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with connected(daemon.port, context, name="three.example") as peer:
        assert peer.getpeercert(binary_form=True) == first_certificate(pairs[0])


def first_certificate(pair: certificates.Pair) -> bytes:
    text = pair.certificate.read_text()
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(text[:text.index(end) + len(end)])


# MARK: The chat


def test_a_chat_and_a_long_line(secured, rich):
    from websockets.sync.client import connect
    url = f"wss://localhost:{secured.port}/ws"
    with connect(url, ssl=trusting(), proxy=None) as ann, \
            connect(url, ssl=trusting(), proxy=None) as bob:
        say(ann, "x" * 2_000)
        assert line(bob)[3] == line(ann)[3] == "x" * 2_000


@pytest.mark.parametrize("origin, status", [
    ("https://localhost:{port}", 101), ("https://chat.example", 101),
    ("https://localhost", 403), ("https://evil.example", 403),
])
def test_origins_are_checked_as_without_tls(start, origin, status):
    daemon = start("--allow-origin", "https://chat.example", tls=True)
    with connected(daemon.port) as peer:
        peer.sendall(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {
            "Host": f"localhost:{daemon.port}", "Origin": origin.format(port=daemon.port)}))
        assert peer.recv(65_536).startswith(f"HTTP/1.1 {status} ".encode())


def test_both_ports_meet_in_one_room(start, join):
    pair = certificates.issued()
    daemon = start("--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key),
                   "--tls-listen", "127.0.0.1:0")
    match = daemon.wait_for(re.compile(r"listening on \S+ and 127\.0\.0\.1:(\d+) with TLS"))
    from websockets.sync.client import connect
    with connect(f"wss://localhost:{match[1]}/ws", ssl=trusting(), proxy=None) as ann, \
            connect(f"ws://localhost:{daemon.port}/ws", proxy=None) as bob:
        say(ann, "one")
        say(bob, "two")
        assert sorted(line(ann)[3] for _ in range(2)) == ["one", "two"]


# MARK: Without encryption


@pytest.mark.parametrize("head, status, location", [
    ("GET /r/a?b=c HTTP/1.1\r\nHost: chat.example:81\r\n\r\n", 308,
     "https://chat.example:81/r/a?b=c"),
    ("HEAD / HTTP/1.1\r\nHost: [::1]\r\n\r\n", 308, "https://[::1]/"),
    ("POST /ws HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 308, "https://a/ws"),
    ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a/"),
    ("GET http://b/c HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://b/c"),
    ("GET / HTTP/1.0\r\n\r\n", 400, None), ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, None),
    ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, None), ("HELLO\r\n\r\n", 400, None),
    ("GET /" + "a" * 20_000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, None),
])
def test_plain_http_is_sent_to_https(secured, head, status, location):
    with socket.create_connection(("127.0.0.1", secured.port), PATIENCE) as peer:
        peer.sendall(head.encode())
        received = b""
        while part := peer.recv(65_536):
            received += part
    assert re.match(rf"HTTP/1.1 {status} ", received.decode()), received
    if location:
        assert f"\r\nLocation: {location}\r\n" in received.decode()
    assert b"Strict-Transport-Security" not in received


def test_plain_http_that_arrives_byte_by_byte(secured):
    with socket.create_connection(("127.0.0.1", secured.port), PATIENCE) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"GET / HTTP/1.1\r\nHost: a\r\n\r\n":
            peer.sendall(bytes([byte]))
        assert b"308" in peer.recv(65_536)


@pytest.mark.parametrize("garbage", [
    b"\0" * 100, b"\xff" * 100, b"\x80\x2e\x01\x03\x01", b"\r\n\r\n", b"ssh",
    b"\x16\x03\x01\xff\xff", b"\x16\x03\x01\x00\x05hello", b"\x16\x02\x01\x00\x05hello",
])
def test_anything_else_is_closed_and_counted(secured, garbage):
    with socket.create_connection(("127.0.0.1", secured.port), PATIENCE) as peer:
        peer.sendall(garbage)
        try:
            while peer.recv(65_536):
                pass
        except ConnectionResetError:
            pass
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="garbage"}') \
        + metric(secured.port, 'hubbub_tls_handshakes_total{outcome="failed"}') == 1


def test_somebody_who_only_connects_is_no_failure(secured):
    socket.create_connection(("127.0.0.1", secured.port), PATIENCE).close()
    assert metric(secured.port, 'hubbub_tls_handshakes_total{outcome="failed"}') == 0


@pytest.mark.parametrize("seconds, field", [
    ("0", None), ("31536000", "max-age=31536000"), ("365d", "max-age=31536000"),
])
def test_strict_transport_security(start, seconds, field):
    pair = certificates.issued()
    daemon = start("--hsts", seconds, "--tls-certificate", str(pair.certificate),
                   "--tls-key", str(pair.key), "--tls-listen", "127.0.0.1:0")
    match = daemon.wait_for(re.compile(r" and 127\.0\.0\.1:(\d+) with TLS"))
    head, _ = get(int(match[1]), "/")
    found = re.search(r"Strict-Transport-Security: (.*?)\r?$", head, re.MULTILINE)
    assert (found and found[1]) == field
    with socket.create_connection(("127.0.0.1", daemon.port), PATIENCE) as peer:
        peer.sendall(request("GET / HTTP/1.1", {"Host": "a", "Connection": "close"}))
        assert b"Strict-Transport-Security" not in peer.recv(65_536)


# MARK: Halves


def client_hello() -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = trusting().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("size", [0, 1, 4, 5, 100, None])
def test_a_client_that_stops_in_the_handshake_is_closed(secured, size):
    hello = client_hello()
    with socket.create_connection(("127.0.0.1", secured.port), PATIENCE) as peer:
        peer.sendall(hello[:size])
        received = b""
        try:
            while part := peer.recv(65_536):
                received += part
        except ConnectionResetError:
            pass
    # Only a whole hello has an answer.
    assert bool(received) == (size is None)


@pytest.mark.parametrize("is_upgraded", [False, True])
def test_a_client_that_stops_in_a_record_is_closed(secured, is_upgraded):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = trusting().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with socket.create_connection(("127.0.0.1", secured.port), PATIENCE) as peer:
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                peer.sendall(outgoing.read())
                incoming.write(peer.recv(65_536))
        session.write(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        sealed = outgoing.read()
        if is_upgraded:
            peer.sendall(sealed)
            session.write(b"\x89\x80\0\0\0\0")
            sealed = outgoing.read()
        peer.sendall(sealed[:-1])
        try:
            while peer.recv(65_536):
                pass
        except ConnectionResetError:
            pass
    if is_upgraded:
        assert metric(secured.port, "hubbub_tls_half_records_total") == 1


def test_an_end_without_close_notify_is_an_end(secured):
    with connected(secured.port) as peer:
        peer.sendall(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
        assert b"101" in peer.recv(65_536)
        plain = socket.socket(fileno=peer.detach())
        plain.close()
    deadline = time.monotonic() + PATIENCE
    while metric(secured.port, "hubbub_websockets"):
        assert time.monotonic() < deadline


def test_the_daemon_says_that_it_ends(secured):
    with connected(secured.port) as peer:
        peer.sendall(request("GET /healthz HTTP/1.1", {"Host": "a", "Connection": "close"}))
        received = b""
        # Without close_notify this raises SSLEOFError.
        while part := peer.recv(65_536):
            received += part
        assert received.endswith(b"alive\n")
