"""`hubbub chat` over TLS, with a server of TLS that isn't ours."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress

import pytest

import certificates
from chat import line, say
from daemon import PATIENCE, run
from front import Front
from terminal import once

# The daemon itself is plain here.
pytestmark = pytest.mark.plain

EX_USAGE, EX_UNAVAILABLE = 64, 69
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def trusting(*more: str) -> list[str]:
    return ["--ca", str(certificates.trusted()), *more]


@pytest.mark.parametrize("oldest, newest, version", [
    (TLS_1_2, TLS_1_2, "TLSv1.2"), (TLS_1_2, TLS_1_3, "TLSv1.3"), (TLS_1_3, TLS_1_3, "TLSv1.3"),
])
def test_lines_pass_both_ways(daemon, join, chat, oldest, newest, version):
    ann = join(daemon)
    with Front(daemon.port, oldest=oldest, newest=newest) as front:
        bob = chat(front.ws(), "--name", "bob", *trusting()).joined()
        say(ann, "x" * 2_000)
        bob.wait_for_text("x" * 2_000)
        bob.say("hello")
        assert [line(ann)[2] for _ in range(2)] == ["ann", "bob"]
        assert bob.stop() == 0
        assert [each for each, _ in front.handshakes] == [version]
        # Nothing is said about the certificate.
        assert not any("certificate" in each for each in bob.remarks), bob.remarks


@pytest.mark.parametrize("url", ["https://localhost:{port}/", "wss://localhost:{port}/ws"])
def test_the_name_is_sent_and_the_page_leads_to_the_chat(daemon, join, url):
    ann = join(daemon)
    with Front(daemon.port) as front:
        result = once(url.format(port=front.port), b"hi\n", *trusting())
        assert (result.returncode, result.stderr) == (0, b"")
        assert line(ann)[3] == "hi"
        assert front.names == ["localhost"]


def test_an_address_is_not_sent_as_a_name(daemon):
    with Front(daemon.port) as front:
        assert once(front.ws(), b"hi\n", *trusting()).returncode == 0
        assert front.names == [None]


def test_the_system_says_who_is_trusted(daemon):
    with Front(daemon.port) as front:
        result = once(front.ws(), b"hi\n", SSL_CERT_FILE=str(certificates.trusted()))
        assert (result.returncode, result.stderr) == (0, b"")


DISTRUSTED = {
    "expired": (lambda: certificates.issued(hours=-1), "localhost", ["expired"]),
    "another host": (lambda: certificates.issued("chat.example"), "localhost",
                     ["localhost", "chat.example"]),
    "another address": (lambda: certificates.issued("localhost"), "127.0.0.1", ["127.0.0.1"]),
    "self-signed": (certificates.alone, "localhost", ["self-signed", "--ca"]),
    "an unknown authority": (certificates.stranger, "localhost", ["unknown", "--ca"]),
}


@pytest.mark.parametrize("pair, host, named", DISTRUSTED.values(), ids=DISTRUSTED.keys())
def test_a_certificate_that_proves_nothing_is_refused(daemon, join, pair, host, named):
    ann = join(daemon)
    with Front(daemon.port, pair()) as front:
        url = front.ws(host=host)
        result = once(url, b"secret\n", *trusting())
        assert result.returncode == EX_UNAVAILABLE, result.stderr
        said = result.stderr.decode()
        assert said.count("\n") == 1 and url in said and "--insecure" in said
        assert all(each in said for each in named), said
        # With --insecure it is used, and a warning says what that means.
        result = once(url, b"anyway\n", "--insecure")
        assert result.returncode == 0, result.stderr
        said = result.stderr.decode()
        assert said.count("\n") == 1 and "--insecure" in said and "certificate" in said
        assert line(ann)[3] == "anyway"


def test_a_chat_ends_if_it_comes_back_to_a_certificate_that_proves_nothing(daemon, chat):
    with Front(daemon.port) as front:
        bob = chat(front.ws(), "--name", "bob", *trusting()).joined()
        front.use(certificates.stranger())
        daemon.stop()
        assert bob.process.wait(PATIENCE) == EX_UNAVAILABLE
        bob.wait_for(lambda: any("certificate" in each for each in bob.remarks))


@contextmanager
def answering(answer: bytes, stays: bool = False):
    """The port of a server that reads once, says this, and ends unless it stays."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def serve():
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    with client:
                        client.recv(4_096)
                        client.sendall(answer)
                        if stays:
                            over.wait()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


def test_a_port_without_tls_is_named(daemon):
    result = once(f"wss://127.0.0.1:{daemon.port}/ws", b"hi\n")
    said = result.stderr.decode()
    assert result.returncode == EX_UNAVAILABLE and said.count("\n") == 1
    assert "TLS" in said and "ws://" in said, said


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", bytes(100), b"\xff" * 100])
def test_something_else_than_tls_is_named(answer):
    with answering(answer) as port:
        result = once(f"wss://127.0.0.1:{port}/ws", b"hi\n")
    said = result.stderr.decode()
    assert result.returncode == EX_UNAVAILABLE and said.count("\n") == 1 and "TLS" in said, said


def test_a_server_that_ends_in_the_handshake_is_tried_again():
    with answering(b"") as port:
        result = once(f"wss://127.0.0.1:{port}/ws", b"hi\n", "--timeout", "1")
    assert result.returncode == EX_UNAVAILABLE
    assert b"1 line not sent" in result.stderr and b"TLS" in result.stderr, result.stderr


@pytest.mark.parametrize("file, named", [
    ("/nowhere/ca.pem", "/nowhere/ca.pem"), ("/dev/null", "/dev/null"),
    (__file__, "test_chat_tls.py"),
])
def test_a_file_without_authorities_is_named(file, named):
    result = once("wss://127.0.0.1:1/ws", b"", "--ca", file)
    said = result.stderr.decode()
    assert result.returncode == EX_USAGE and said.count("\n") == 1
    assert "--ca" in said and named in said, said


@pytest.mark.parametrize("flags", [
    ["--insecure", "--ca", "/dev/null"], ["--insecure"], ["--ca", "/dev/null"],
])
def test_flags_of_tls_need_tls_and_exclude_each_other(flags):
    url = "wss://127.0.0.1:1/ws" if len(flags) > 2 else "ws://127.0.0.1:1/ws"
    result = once(url, b"hi\n", *flags)
    said = result.stderr.decode()
    assert result.returncode == EX_USAGE and said.count("\n") == 1 and flags[0] in said, said


def test_the_help_names_the_flags():
    text = run("chat", "--help").stdout
    assert "--insecure" in text and "--ca" in text and "wss://" in text
