"""Sets of keys that another server publishes."""

import json
import re
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.exceptions import InvalidStatus

import certificates
from daemon import run
from test_identity import bearer
from test_settings import EX_USAGE, complaint
from tokens import by_curve, claims, jwk


class Issuer:
    """A server that publishes keys, at /jwks.json."""

    def __init__(self, pair: certificates.Pair):
        self.answer = (200, b"{}", {})
        self.asked = 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked += 1
                status, body, fields = issuer.answer
                self.send_response(status)
                for name, value in ({"Content-Length": len(body)} | fields).items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"https://localhost:{self.server.server_port}/jwks.json"

    def publish(self, **keys: ec.EllipticCurvePrivateKey) -> None:
        body = json.dumps({"keys": [jwk(key, kid) for kid, key in keys.items()]}).encode()
        self.answer = (200, body, {})


@pytest.fixture
def issuer():
    issuers = []

    def make(pair: certificates.Pair | None = None) -> Issuer:
        issuers.append(Issuer(pair or certificates.issued()))
        return issuers[-1]

    yield make
    for each in issuers:
        each.server.shutdown()
        each.server.server_close()


@pytest.fixture
def serve(start, tmp_path):
    """Starts a daemon that fetches keys from an issuer."""
    def serve(url: str, **more):
        file = tmp_path / "hubbub.yaml"
        key = {"jwks-url": url, "allow-private": "on"} | more
        file.write_text(json.dumps({"token-keys": [
            {name: value for name, value in key.items() if value is not None}]}))
        return start("--config", str(file), SSL_CERT_FILE=str(certificates.trusted()))

    return serve


def curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def status(rich, daemon, token: str) -> int:
    try:
        rich(daemon, **bearer(token))
        return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_keys_are_fetched_and_an_unknown_one_is_asked_for_once_a_minute(issuer, serve, rich):
    first, second = curve(), curve()
    site = issuer()
    site.publish(k1=first)
    daemon = serve(site.url, issuer="a")
    assert status(rich, daemon, by_curve(first, claims(iss="a"), kid="k1")) == 101
    assert status(rich, daemon, by_curve(first, claims(iss="b"), kid="k1")) == 401
    site.publish(k1=first, k2=second)
    assert status(rich, daemon, by_curve(second, claims(iss="a"), kid="k2")) == 101
    for number in range(5):
        assert status(rich, daemon, by_curve(second, claims(iss="a"), kid=f"n{number}")) == 401
    assert site.asked == 2


@pytest.mark.parametrize("answer, problem", [
    ((302, b"", {"Location": "https://localhost/jwks.json"}), "the answer is 302"),
    ((500, b"", {}), "the answer is 500"), ((200, b"{}", {}), "no set of keys"),
    ((200, b" " * (256 << 10) + b" ", {}), "262144 bytes"),
])
def test_a_bad_answer_is_logged_and_the_chat_starts(issuer, serve, rich, answer, problem):
    site = issuer()
    site.answer = answer
    daemon = serve(site.url)
    assert site.asked == 1
    daemon.wait_for(re.compile(f"can't be fetched.*{problem}"))
    assert "you" not in rich(daemon).welcome
    assert status(rich, daemon, by_curve(curve(), claims(), kid="k1")) == 401


def test_a_reload_keeps_keys_that_cannot_be_fetched(issuer, serve, rich):
    key, site = curve(), issuer()
    site.publish(k1=key)
    daemon = serve(site.url)
    ann = rich(daemon, **bearer(by_curve(key, claims(), kid="k1")))
    site.answer = (500, b"", {})
    assert run("reload", "--data", str(daemon.data)).returncode == 0
    assert site.asked == 2
    assert status(rich, daemon, by_curve(key, claims(), kid="k1")) == 101
    assert ann.ask(type="join", room="go")["type"] == "joined"


def test_a_server_must_be_who_it_is(issuer, serve, rich):
    site = issuer(certificates.stranger())
    daemon = serve(site.url)
    daemon.wait_for(re.compile("can't be fetched"))
    assert site.asked == 0


def test_a_private_address_is_not_asked(issuer, serve):
    site = issuer()
    daemon = serve(site.url, **{"allow-private": None})
    daemon.wait_for(re.compile("can't be fetched.*isn't a public one"))
    assert site.asked == 0


@pytest.mark.parametrize("url", ["http://id.example/", "https://", "https://a:b@id.example/", "x"])
def test_an_address_that_is_not_https_is_refused(tmp_path, url):
    arguments = ("--port", "0", "--data", str(tmp_path / "data"), "--token-jwks-url", url)
    assert f"--token-jwks-url {url}: " in complaint(run(*arguments), EX_USAGE)
