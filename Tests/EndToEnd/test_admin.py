"""The admin page in Chromium, and the commands behind it, against the daemon."""

import json
import re
import time

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed

from chat import say
from daemon import PATIENCE
from page import browser, tab  # noqa: F401
from test_identity import bearer, token
from test_metrics_access import admin as operators, status
from test_page_access import SCHEMES, poor, violations


@pytest.fixture
def data(tmp_path):
    return tmp_path / "own"


@pytest.fixture
def served(start, data):
    return start("--max-rooms", "5", data=data)


@pytest.fixture
def admin(served, tab, data):
    """Opens the admin page as somebody. Also fails on errors in the console."""
    def admin(*arguments, fragment="", **options):
        made = token(data, *(arguments or ("--role", "owner", "--name", "Ann")))
        page = tab(served, target=f"/admin#token={made}", **options)
        expect(page.locator("#state")).to_have_text("Live")
        if fragment:
            page.evaluate(f"location.hash = {fragment!r}")
        return page
    return admin


def row(page, table, name):
    return page.locator(f"{table} tbody tr").filter(has_text=name)


def inspect(page, kind, name):
    page.get_by_label("What to inspect").select_option(kind)
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Inspect", exact=True).click()
    expect(page.locator("#subject-title")).to_contain_text(name)


def sure(page, button):
    """Clicks a button that asks whether one is sure."""
    button.click()
    page.get_by_role("button", name=re.compile("^Sure\\?")).click()


def test_figures_are_live(served, admin, join):
    errors = []
    page = admin()
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    assert page.evaluate("location.href") == served.url("/admin")
    expect(page.locator("#findings")).to_have_text("Nothing unusual.")
    expect(page.locator("#rooms")).to_contain_text("Nobody is in a room.")
    expect(page.locator("#limits")).to_contain_text("--max-rooms")
    expect(page.locator("#version")).to_contain_text("hubbub/")
    guests = [join(served, "?room=go"), join(served, "?room=go"), join(served)]
    expect(row(page, "#rooms", "go")).to_contain_text("2")
    expect(row(page, "#rooms", "lobby")).to_contain_text("1")
    tile = page.locator("#tiles > div").filter(has_text="Connections")
    # Those of the guests and of the page, and what the browser has opened besides.
    expect(tile.locator("dd span")).to_have_text(re.compile("^[4-9]$"))
    for number in range(10):
        say(guests[0], f"line {number}", "bob")
    expect(page.locator("#traffic > div").filter(has_text=re.compile("^Lines"))).to_contain_text("10")
    say(guests[0], "", "bob")
    expect(row(page, "#ends", "message_empty")).to_contain_text("1")
    guests[2].close()
    expect(row(page, "#rooms", "lobby")).to_have_count(0)
    expect(row(page, "#ends", "1000")).to_contain_text("the client has left")
    expect(page.locator("#plots figure")).to_have_count(9)
    assert errors == []


def test_a_page_that_is_opened_later_has_samples(served, admin, rich, data):
    owner = rich(served, **bearer(token(data, "--role", "owner")))
    deadline = time.monotonic() + PATIENCE
    samples = {"rows": []}
    while not samples["rows"] and time.monotonic() < deadline:
        samples = owner.ask(type="server", after=0)["samples"]
    assert samples["fields"][0] == "time" and len(samples["rows"][0]) == len(samples["fields"])
    last = samples["rows"][-1][0]
    assert all(row[0] > last for row in owner.ask(type="server", after=last)["samples"]["rows"])
    page = admin()
    expect(page.locator("#plots figure").first).to_contain_text("peak")
    expect(page.locator("#plots polyline").first).to_have_attribute("points", re.compile(r"\d"))


def test_a_room_is_inspected_and_moderated(served, admin, join):
    page = admin()
    bob = join(served, "?room=go")
    say(bob, "hello <b>there</b>", "bob <i>")
    assert json.loads(bob.recv(PATIENCE))["seq"] == 1
    row(page, "#rooms", "go").get_by_role("button").click()
    subject = page.locator("#subject")
    expect(subject.locator("#subject-title")).to_have_text("Room go")
    expect(subject.locator(".said li")).to_contain_text("hello <b>there</b>")
    assert page.url.endswith("#room=go")
    page.get_by_label("Announce: text").fill("on we go")
    page.get_by_role("button", name="Say it").click()
    assert json.loads(bob.recv(PATIENCE))["role"] == "system"
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Members only").check()
    page.get_by_role("button", name="Apply").click()
    expect(subject.locator(".facts").first).to_contain_text("Members only")
    say(bob, "again", "bob <i>")
    assert json.loads(bob.recv(PATIENCE))["code"] == "members_only"
    page.get_by_role("button", name="Delete line 1").click()
    page.get_by_role("button", name="Delete line 1").click()
    expect(subject.locator(".said li")).to_have_count(1)
    page.get_by_text("Log of moderation").click()
    page.get_by_role("button", name="Show the log").click()
    expect(subject.locator(".entries li").filter(has_text="delete")).to_have_count(1)
    subject.get_by_role("button", name=re.compile("Undo: .*settings")).click()
    expect(subject.locator(".facts").first).to_contain_text("none")
    page.get_by_label("Ban: user name").fill("bob <i>")
    sure(page, page.get_by_role("button", name="Ban", exact=True))
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            bob.recv(PATIENCE)
    assert closed.value.rcvd.code == 3003


def test_a_user_is_disconnected_and_its_tokens_revoked(served, admin, rich, data, start):
    bearing = bearer(token(data, "--sub", "u 9", "--name", "Bob"))
    bob, page = rich(served, **bearing), admin()
    bob.join("go")
    inspect(page, "user", "u 9")
    expect(page.locator("#subject")).to_contain_text("1 connection")
    expect(page.locator("#subject .facts")).to_contain_text("go as Bob")
    sure(page, page.locator("#subject").get_by_role("button", name="Disconnect").first)
    with pytest.raises(ConnectionClosed) as closed:
        bob.expect("left")
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "An operator has disconnected you.")
    expect(page.locator("#subject")).to_contain_text("No connection")
    again = rich(served, **bearing)
    expect(page.locator("#subject")).to_contain_text("1 connection")
    sure(page, page.get_by_role("button", name="Revoke all up to now"))
    with pytest.raises(ConnectionClosed) as closed:
        again.expect("left")
    assert closed.value.rcvd.code == 3002
    assert '"sub":"u 9"' in (data / "revocations").read_text()
    served.stop()
    later = start(data=data)
    with pytest.raises(Exception, match="401"):
        rich(later, **bearing)


def test_a_moderator_sees_only_its_rooms(served, admin, rich, join, data):
    join(served), join(served, "?room=go"), join(served, "?room=go-2"), join(served, "?room=other")
    arguments = ("--rooms", "go*=moderator,lobby=member")
    page = admin(*arguments)
    expect(page.locator("#rooms tbody tr")).to_have_count(2)
    expect(page.locator(".server:visible")).to_have_count(0)
    expect(page.locator("#findings")).to_have_text("You see the rooms that you moderate.")
    inspect(page, "room", "go")
    expect(page.locator("#subject .facts").first).to_contain_text("Members")
    moderator = rich(served, **bearer(token(data, *arguments)))
    figures = moderator.ask(type="server", after=0)
    assert figures.keys() == {"type", "id", "scope", "server", "time", "durable", "rooms"}
    assert figures["scope"] == "rooms" and "open" not in figures["rooms"]
    for command in ({"type": "inspect", "room": "lobby"}, {"type": "disconnect", "user": "x"},
                    {"type": "revoke", "jti": "x"}):
        assert moderator.ask(**command)["code"] == "forbidden"


def test_others_are_asked_for_a_token(served, tab, data):
    page = tab(served, target="/admin")
    expect(page.get_by_role("heading", name="A token, please")).to_be_visible()
    expect(page.locator("#desk")).to_be_hidden()
    page.get_by_label("Token of an owner").fill(token(data, "--role", "vip"))
    page.get_by_role("button", name="Enter").click()
    expect(page.locator("#entry-reason")).to_contain_text("Only owners of the whole server")
    page.get_by_label("Token of an owner").fill("AAAA")
    page.get_by_role("button", name="Enter").click()
    expect(page.locator("#entry-reason")).to_contain_text("isn't good any more")
    page.get_by_label("Token of an owner").fill(token(data, "--role", "owner"))
    page.get_by_role("button", name="Enter").click()
    expect(page.locator("#state")).to_have_text("Live")
    assert not any("AAAA" in line for line in served.lines)


@pytest.mark.plain
def test_a_port_for_operators_alone_has_it(start, tab, rich, data):
    daemon = start("--admin-listen", "127.0.0.1:0", data=data)
    made = token(data, "--role", "owner")
    assert status(daemon.url("/admin")) == 404
    refused = rich(daemon, **bearer(made)).ask(type="server")
    assert (refused["code"], refused["reason"]) == (
        "forbidden", "This is told on the port for operators only: connect there.")
    page = tab(daemon)
    page.goto(f"{operators(daemon)}/admin#token={made}")
    expect(page.locator("#state")).to_have_text("Live")
    expect(page.locator("#tiles > div").filter(has_text="Connections").locator("dd span")).not_to_have_text("0")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_everybody_can_use_it(served, admin, join, width, scheme):
    bob = join(served, "?room=go")
    say(bob, "hello", "bob")
    bob.recv(PATIENCE)
    page = admin(color_scheme=scheme, viewport={"width": width, "height": 740}, bypass_csp=True)
    inspect(page, "room", "go")
    expect(page.locator(".said li")).to_have_count(1)
    page.evaluate("document.querySelectorAll('#subject details').forEach((each) => each.open = true)")
    assert violations(page) == []
    assert poor(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_policy_is_as_strict_as_that_of_the_chat(served, admin):
    page = admin()
    policies = [page.request.get(served.url(path)).headers["content-security-policy"]
                for path in ("/admin", "/")]
    hashes = re.compile("'sha256-[^']+'")
    for policy in policies:
        assert "unsafe" not in policy
    assert {part.split()[0]: len(part.split()) for part in hashes.sub("", policies[0]).split(";")} == \
        {part.split()[0]: len(part.split()) for part in hashes.sub("", policies[1]).split(";")}
    assert "frame-ancestors 'self'" in policies[0]
