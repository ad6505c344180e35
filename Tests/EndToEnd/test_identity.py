"""Tokens: their keys, the ways in which they come, and what is told and logged of bad ones."""

import json
import re
import stat
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from daemon import PATIENCE, run
from page import browser, connected, say, tab, texts  # noqa: F401
from rich import SUBPROTOCOL
from test_settings import EX_USAGE, complaint
from tokens import by_curve, by_rsa, by_secret, claims, jwk, pem

SECRET = b"s" * 64


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "site.key"
    file.write_bytes(SECRET + b"\n")
    return file


def bearer(token: str) -> dict:
    return {"additional_headers": {"Authorization": f"Bearer {token}"}}


def token(data, *arguments: str) -> str:
    result = run("token", "--data", str(data), "--sub", "ann", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout.rstrip("\n")


@pytest.mark.parametrize("comes_first", ["daemon", "token"])
def test_it_works_out_of_the_box(start, rich, tmp_path, comes_first):
    data = tmp_path / "own"
    arguments = ("--name", "Ann", "--role", "owner", "--rooms", "go=moderator,x*=none")
    made = token(data, *arguments) if comes_first == "token" else None
    daemon = start(data=data)
    file = data / "token-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size > 48
    ann = rich(daemon, **bearer(made or token(data, *arguments)))
    you = ann.welcome["you"]
    assert (you["sub"], you["name"], you["role"]) == ("ann", "Ann", "owner")
    assert 8 * 3_600_000 - 60_000 < you["ttl_ms"] <= 8 * 3_600_000
    ann.join("go", username="Bob")
    ann.post("hi", room="go", username="Bob")
    assert ann.expect("message")["username"] == "Ann"
    refused = ann.ask(type="join", room="lobby")
    assert (refused["type"], refused["code"]) == ("error", "forbidden")


def test_a_link_makes_the_reader_known_and_leaves_no_trace(start, tab, tmp_path):
    daemon = start(data=tmp_path / "own")
    link = token(tmp_path / "own", "--name", "Ann", "--url", daemon.url("/r/go"))
    assert link.startswith(daemon.url("/r/go#token="))
    page = connected(tab(daemon, target=link.removeprefix(daemon.url(""))))
    assert page.evaluate("location.href") == daemon.url("/r/go")
    expect(page.get_by_label("Name")).to_have_value("Ann")
    expect(page.get_by_label("Name")).not_to_be_editable()
    say(page, "hello")
    expect(texts(page)).to_have_count(1)
    page.reload()
    connected(page)
    expect(page.get_by_label("Name")).to_have_value("Ann")
    assert not any("token=" in line for line in daemon.lines)


def test_a_dead_token_is_forgotten_by_the_page(start, tab, tmp_path):
    daemon = start(data=tmp_path / "own")
    page = tab(daemon, target="/#token=AAAA")
    expect(page.locator("#notice-text")).to_contain_text("token")
    page.reload()
    connected(page)


def test_keys_of_several_kinds(start, rich, tmp_path, secret):
    key, curve = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "rsa.pem").write_bytes(pem(key))
    (tmp_path / "set.json").write_text(json.dumps({"keys": [jwk(curve, "k1")]}))
    daemon = start(
        "--token-secret-file", str(secret), "--token-public-key-file", str(tmp_path / "rsa.pem"),
        "--token-jwks-file", str(tmp_path / "set.json"))
    for made in [
        by_secret(SECRET, claims()), by_secret(SECRET, claims(), "HS384"),
        by_secret(SECRET, claims(), "HS512", kid="site"), by_rsa(key, claims()),
        by_rsa(key, claims(), kid="rsa"), by_curve(curve, claims(), kid="k1"),
        by_curve(curve, claims()),
    ]:
        assert rich(daemon, **bearer(made)).welcome["you"]["sub"] == "u1"
    for made in [
        by_secret(pem(key), claims()), by_secret(SECRET, claims(), kid="rsa"),
        by_secret(SECRET, claims(), kid="/dev/null"), by_secret(SECRET, claims(exp=1)),
        by_rsa(key, claims(aud=["a"])),
    ]:
        with pytest.raises(InvalidStatus) as refused:
            rich(daemon, **bearer(made))
        assert refused.value.response.status_code == 401
        assert refused.value.response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert not any(made in line or made.split(".")[1] in line for line in daemon.lines)
    daemon.wait_for(re.compile("A token was refused.*the token has expired"))


def test_a_set_of_keys_is_read_again(start, rich, tmp_path):
    first, second = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    file = tmp_path / "set.json"
    file.write_text(json.dumps({"keys": [jwk(first, "k1")]}))
    daemon = start("--token-jwks-file", str(file), "--auth", "required")

    def answer(key, kid):
        try:
            rich(daemon, **bearer(by_curve(key, claims(), kid=kid)))
            return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    assert (answer(first, "k1"), answer(second, "k2")) == (101, 401)
    file.write_text(json.dumps({"keys": [jwk(second, "k2")]}))
    while answer(second, "k2") != 101:
        pass
    assert answer(first, "k1") == 401
    file.write_text("{")
    while not any("its old keys stay" in line for line in daemon.lines):
        assert answer(second, "k2") == 101


@pytest.mark.parametrize("offered", [True, False])
def test_a_bad_token_is_told_by_a_close(start, join, secret, offered):
    daemon = start("--token-secret-file", str(secret), "--token-cookie", "id")
    for made, code in [("AAAA", 3000), (by_secret(SECRET, claims(exp=1)), 3001)]:
        options = (
            {"subprotocols": [SUBPROTOCOL, f"bearer.{made}"]} if offered else
            {"subprotocols": [SUBPROTOCOL], "origin": daemon.url("").rstrip("/"),
             "additional_headers": {"Cookie": f"a=b; id={made}"}})
        client = join(daemon, **options)
        assert client.subprotocol == SUBPROTOCOL
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=PATIENCE)
        assert closed.value.rcvd.code == code


@pytest.mark.parametrize("origin, is_known", [
    ("own", True), ("https://evil.example", False), (None, False), ("http://127.0.0.1", False),
])
def test_a_cookie_counts_for_our_own_pages_alone(start, rich, secret, origin, is_known):
    daemon = start("--token-secret-file", str(secret), "--token-cookie", "id")
    client = rich(
        daemon, origin=daemon.url("").rstrip("/") if origin == "own" else origin,
        additional_headers={"Cookie": f"id={by_secret(SECRET, claims())}"})
    assert ("you" in client.welcome) == is_known


def test_auth_renews_and_refuses(start, rich, secret):
    daemon = start("--token-secret-file", str(secret))
    ann = rich(daemon)
    answer = ann.ask(type="auth", token=by_secret(SECRET, claims(name="Ann", role="vip")))
    assert (answer["type"], answer["name"], answer["role"]) == ("authenticated", "Ann", "vip")
    for made in ["x", by_secret(SECRET, claims(sub="u2")), by_secret(SECRET, claims(exp=1))]:
        answer = ann.ask(type="auth", token=made)
        assert answer["code"] in ("invalid_token", "token_expired")
    ann.join("go")
    ann.post("hi", room="go")
    line = ann.expect("message")
    assert (line["username"], line["user"], line["role"]) == ("Ann", "u1", "vip")


def test_a_token_ends_in_time(start, rich, secret):
    daemon = start("--token-secret-file", str(secret), "--auth", "required")
    ann = rich(daemon, **bearer(by_secret(SECRET, claims(exp=int(time.time()) + 3))))
    assert ann.expect("auth_expiring")["ttl_ms"] <= 2000
    with pytest.raises(ConnectionClosed) as closed:
        ann.client.recv(timeout=PATIENCE)
    assert closed.value.rcvd.code == 3001


def asked(daemon, *arguments: str) -> str:
    result = run(*arguments, "--data", str(daemon.data))
    assert result.returncode == 0, result.stderr
    return result.stdout


def closing(client) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            client.client.recv(timeout=PATIENCE)
    return closed.value.rcvd.code


@pytest.mark.parametrize("flags", [("--sub", "u1"), ("--jti", "t1"),
                                   ("--issued-before", "2026-01-31T12:00:00Z")])
def test_a_revoked_token_ends_at_once_and_for_good(start, rich, secret, flags):
    arguments = ("--token-secret-file", str(secret))
    daemon = start(*arguments)
    old = bearer(by_secret(SECRET, claims(jti="t1")))
    ann, guest = rich(daemon, **old), rich(daemon)
    assert asked(daemon, "revoke", *flags) == "Revoked.\n"
    assert closing(ann) == 3002
    assert guest.ask(type="join", room="go")["type"] == "joined"
    new = bearer(by_secret(SECRET, claims(iat=int(time.time()) + 5, jti="t2")))
    daemon.stop()
    daemon = start(*arguments, data=daemon.data)
    with pytest.raises(InvalidStatus):
        rich(daemon, **old)
    assert rich(daemon, **new).welcome["you"]["sub"] == "u1"


@pytest.mark.parametrize("arguments, named", [
    ([], "--sub"), (["--sub", "a", "--jti", "b"], "--sub"), (["--sub", ""], "--sub"),
    (["--issued-before", "soon"], "soon"),
])
def test_wrong_arguments_of_revoke_are_named(tmp_path, arguments, named):
    assert named in complaint(run("revoke", "--data", str(tmp_path), *arguments), EX_USAGE)


def test_keys_of_the_configuration_file_change_with_it(start, rich, tmp_path):
    first, second = b"a" * 32, b"b" * 32
    (tmp_path / "first").write_bytes(first)
    (tmp_path / "second").write_bytes(second)
    file = tmp_path / "hubbub.yaml"

    def write(*keys: dict) -> None:
        file.write_text(json.dumps({"token-keys": [
            {name: str(value) for name, value in key.items()} for key in keys]}))

    one = {"name": "site", "secret": tmp_path / "first", "issuer": "a", "audience": "chat"}
    two = {"secret": tmp_path / "second", "ends": "2999-12-31"}
    write(one, two)
    daemon = start("--config", str(file))
    ann = rich(daemon, **bearer(by_secret(first, claims(iss="a", aud="chat"), kid="site")))
    bob = rich(daemon, **bearer(by_secret(second, claims(sub="u2"), kid="second")))
    for bad in [by_secret(first, claims(iss="b", aud="chat")), by_secret(first, claims(iss="a"))]:
        with pytest.raises(InvalidStatus):
            rich(daemon, **bearer(bad))
    write(one)
    assert "token-keys: in force now" in asked(daemon, "reload")
    assert closing(bob) == 3002
    write(one | {"ends": "2020-01-01"})
    asked(daemon, "reload")
    assert ann.expect("error")["code"] == "token_expired"
    write(one | {"secret": tmp_path / "none"})
    result = run("reload", "--data", str(daemon.data))
    assert result.returncode == 78 and f"{file}:1:" in result.stderr


@pytest.mark.parametrize("keys, named", [
    ([{"name": "a"}], "give one of secret, public-key, jwks"),
    ([{"secret": "a", "jwks": "b"}], "give one of secret, public-key, jwks"),
    ([{"secret": "/none"}], "can't be read"), ([{"secret": "/none", "ends": "soon"}], "soon"),
])
def test_a_useless_key_of_the_configuration_file_is_named(tmp_path, keys, named):
    file = tmp_path / "hubbub.yaml"
    file.write_text(json.dumps({"token-keys": keys}))
    result = run("--port", "0", "--data", str(tmp_path / "data"), "--config", str(file))
    assert result.returncode == 78
    assert named in result.stderr and f"{file}:1:" in result.stderr


@pytest.mark.parametrize("content, named", [
    (b"s" * 31, "31 bytes"), (b"-----BEGIN PUBLIC KEY-----\n", "PEM"), (None, "can't be read"),
])
def test_a_useless_secret_is_refused_at_start(tmp_path, content, named):
    file = tmp_path / "secret"
    if content:
        file.write_bytes(content)
    line = complaint(
        run("--port", "0", "--data", str(tmp_path / "data"), "--token-secret-file", str(file)),
        EX_USAGE)
    assert f"--token-secret-file {file}: " in line and named in line


@pytest.mark.parametrize("arguments, named", [
    (["--sub", ""], "--sub"), (["--sub", "key:x"], "key:"), (["--sub", "a", "--role", "god"], "god"),
    (["--sub", "a", "--rooms", "Go=member"], "Go=member"),
    (["--sub", "a", "--rooms", "go=god"], "go=god"), (["--sub", "a", "--name", "  "], "--name"),
    (["--sub", "a", "--url", "localhost"], "--url localhost"), (["--sub", "a", "--expires", "0"], "0"),
    ([], "--sub"),
])
def test_wrong_arguments_of_token_are_named(tmp_path, arguments, named):
    line = complaint(run("token", "--data", str(tmp_path), *arguments), EX_USAGE)
    assert named in line
