"""HTTP/1.1 on the port of the chat (RFC 9110, RFC 9112)."""

import gzip
import re
import socket
import urllib.request
from base64 import b64encode
from email.utils import parsedate_to_datetime
from hashlib import sha256

import pytest

from daemon import PATIENCE
from wire import HANDSHAKE_FIELDS, SAMPLE_ACCEPT, Wire, request


@pytest.fixture
def wire(daemon):
    with Wire(daemon.port) as wire:
        yield wire


def test_an_http_library_gets_the_page(daemon):
    with urllib.request.urlopen(daemon.url(), timeout=PATIENCE) as response:
        assert response.status == 200
        assert response.headers.get_content_type() == "text/html"
        assert response.headers.get_content_charset() == "utf-8"
        assert b"Welcome to the Chat Room!" in response.read()


DOCUMENTS = ["/", "/r/go", "/hubbub.js", "/moderation.js", "/admin", "/examples"]


@pytest.mark.parametrize("target", DOCUMENTS)
def test_a_document_is_the_same_compressed(wire, target):
    wire.send(request(f"GET {target} HTTP/1.1"))
    plain = wire.response()
    wire.send(request(f"GET {target} HTTP/1.1", {"Host": "localhost", "Accept-Encoding": "br, gzip"}))
    packed = wire.response()
    assert "content-encoding" not in plain.fields
    assert packed.fields["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    for response in (plain, packed):
        assert response.fields["vary"].lower() == "accept-encoding"
        assert response.fields["x-content-type-options"] == "nosniff"
        assert "server" not in response.fields
    assert plain.fields["etag"] != packed.fields["etag"]

    wire.send(request(f"GET {target} HTTP/1.1", {
        "Host": "localhost", "Accept-Encoding": "gzip", "If-None-Match": packed.fields["etag"]}))
    unchanged = wire.response(has_body=False)
    assert unchanged.status == 304
    assert unchanged.fields["etag"] == packed.fields["etag"]
    wire.send(request(f"HEAD {target} HTTP/1.1", {"Host": "localhost", "Accept-Encoding": "gzip"}))
    head = wire.response(has_body=False)
    assert head.fields["content-length"] == str(len(packed.body))


@pytest.mark.parametrize("target", ["/", "/r/go", "/examples"])
def test_the_policy_allows_only_the_pages_own_script_and_style(wire, target):
    wire.send(request(f"GET {target} HTTP/1.1"))
    response = wire.response()
    text = response.body.decode()
    policy = dict(
        directive.strip().split(" ", 1) for directive in
        response.fields["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"

    def digest(pattern):
        [content] = re.findall(pattern, text, re.DOTALL)
        return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"

    assert policy["script-src"] == "'self' " + digest("<script[^>]*>(.*?)</script>")
    own, *later = policy["style-src"].split(" ")
    assert own == digest("<style>(.*?)</style>")
    assert len(later) == (target != "/examples"), "the page's script adds another one"
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text.split("<script")[0])
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "no other site is used"
    assert len(response.body) <= 60_000


def test_any_site_may_load_the_library(wire):
    wire.send(request("GET /hubbub.js HTTP/1.1", {
        "Host": "localhost", "Origin": "https://elsewhere.example"}))
    library = wire.response()
    assert library.fields["content-type"] == "text/javascript; charset=utf-8"
    assert library.fields["access-control-allow-origin"] == "*"
    assert library.fields["cross-origin-resource-policy"] == "cross-origin"
    assert len(library.body) <= 16_384


@pytest.mark.parametrize("target", ["/r/a%20b", "/r/a/b", "/r/%3Cscript%3E"])
def test_an_invalid_room_is_not_found(wire, target):
    wire.send(request(f"GET {target} HTTP/1.1"))
    response = wire.response()
    assert response.status == 404
    assert response.fields["content-type"].startswith("text/plain")
    assert b"A room's name has 1 to 64" in response.body


def test_head_has_the_fields_of_get_and_no_content(wire):
    wire.send(request("GET / HTTP/1.1"))
    get = wire.response()
    wire.send(request("HEAD / HTTP/1.1"))
    head = wire.response(has_body=False)
    assert head.status == get.status == 200
    assert head.fields.keys() == get.fields.keys()
    assert head.fields["content-length"] == str(len(get.body))
    wire.send(request("GET /healthz HTTP/1.1"))
    assert wire.response().status == 200


@pytest.mark.parametrize("target", ["/", "/?room=go", "/healthz", "/readyz", "/metrics"])
def test_each_resource_is_served(wire, target):
    wire.send(request(f"GET {target} HTTP/1.1"))
    response = wire.response()
    assert response.status == 200 and response.body
    assert "content-type" in response.fields
    if "date" in response.fields:
        assert parsedate_to_datetime(response.fields["date"])


def test_pipelined_requests_are_answered_in_order(wire):
    wire.send(
        request("GET /healthz HTTP/1.1") + request("GET /nothing HTTP/1.1")
        + request("HEAD / HTTP/1.1") + request("GET / HTTP/1.1"))
    assert wire.response().status == 200
    assert wire.response().status == 404
    assert wire.response(has_body=False).status == 200
    assert b"Welcome to the Chat Room!" in wire.response().body


def test_a_request_may_come_byte_by_byte(wire):
    for byte in request("GET /healthz HTTP/1.1"):
        wire.send(bytes([byte]))
    assert wire.response().status == 200


@pytest.mark.parametrize("head", [
    request("GET /healthz HTTP/1.1", {"Host": "localhost", "Connection": "close"}),
    request("GET /healthz HTTP/1.0", {}),
])
def test_a_client_that_asks_for_it_gets_a_closed_connection(wire, head):
    wire.send(head)
    response = wire.response()
    assert response.status == 200
    assert response.fields["connection"].lower() == "close"
    assert wire.at_end()


def test_the_absolute_form_is_accepted(wire):
    wire.send(request("GET http://localhost/healthz HTTP/1.1"))
    assert wire.response().status == 200


def test_options_asterisk_is_accepted(wire):
    wire.send(request("OPTIONS * HTTP/1.1"))
    assert wire.response().status in (200, 204)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_with_the_allowed_ones(wire, method):
    wire.send(request(f"{method} / HTTP/1.1", {"Host": "localhost", "Content-Length": "0"}))
    response = wire.response()
    assert response.status == 405
    assert {"GET", "HEAD"} <= {each.strip() for each in response.fields["allow"].split(",")}


def test_chat_without_upgrade_is_refused_with_426(wire):
    wire.send(request("GET /ws HTTP/1.1"))
    response = wire.response()
    assert response.status == 426
    assert response.fields["upgrade"].lower() == "websocket"
    assert "upgrade" in response.fields["connection"].lower()
    assert response.fields["sec-websocket-version"] == "13"


def test_another_version_is_refused_with_426(wire):
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {"Sec-WebSocket-Version": "8"}))
    response = wire.response()
    assert response.status == 426
    assert response.fields["sec-websocket-version"] == "13"


@pytest.mark.parametrize("key", [None, "", "dGhlIHNhbXBsZQ==", "not base64 at all!!!!!!!"])
def test_a_bad_key_is_refused_with_400(wire, key):
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {"Sec-WebSocket-Key": key}))
    assert wire.response().status == 400


def test_the_handshake_of_the_rfc(wire):
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS))
    response = wire.response()
    assert response.status == 101
    assert response.fields["upgrade"].lower() == "websocket"
    assert response.fields["connection"].lower() == "upgrade"
    assert response.fields["sec-websocket-accept"] == SAMPLE_ACCEPT
    assert "sec-websocket-protocol" not in response.fields
    assert "sec-websocket-extensions" not in response.fields


def test_frames_may_follow_directly_after_the_handshake(wire):
    ping = b"\x89\x82\x00\x00\x00\x00hi"
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS) + ping)
    assert wire.response().status == 101
    assert wire.frame() == (0xA, b"hi")


def test_an_unmasked_frame_is_refused_with_1002(wire):
    wire.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS) + b"\x81\x02hi")
    assert wire.response().status == 101
    opcode, payload = wire.frame()
    assert (opcode, payload[:2]) == (0x8, (1002).to_bytes(2, "big"))
    assert wire.at_end()


@pytest.mark.parametrize("data, status", [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400),
    (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n\r\n", 417),
    (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    (b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000, 431),
])
def test_a_breach_of_http_is_refused_and_the_connection_closed(wire, data, status):
    wire.send(data + request("GET /healthz HTTP/1.1"))
    response = wire.response()
    assert response.status == status
    assert response.fields["connection"].lower() == "close"
    assert wire.at_end()


def test_an_incomplete_request_is_given_up(start):
    daemon = start("--handshake-timeout", "1")
    with Wire(daemon.port) as wire:
        wire.send(b"GET / HTTP/1.1\r\nHost: loc")
        assert wire.response().status == 408
        assert wire.at_end()


def test_a_client_may_stop_sending_before_it_reads(wire):
    wire.send(request("GET /healthz HTTP/1.1"))
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.response().status == 200
    assert wire.at_end()
