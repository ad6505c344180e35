"""The chat page in a moderated room: what everybody sees, and the tools of a moderator. In most tests
a model of the server's side stands between the page and the daemon."""

import re

import pytest
from playwright.sync_api import expect

from moderated import MODERATOR, Moderated
from page import browser, connected, last, say, tab, texts  # noqa: F401
from test_identity import token
from test_page_access import SCHEMES, poor, violations

GONE = "Deleted by a moderator"


@pytest.fixture
def room(daemon, tab):
    """Opens a room that `you` sees, with three lines of bob."""
    def room(you=None, settings=None, **options):
        bob = connected(tab(daemon, "bob", "/r/go"))
        for text in ("one", "two", "three"):
            say(bob, text)
        expect(texts(bob)).to_have_count(3)
        model = Moderated(you, settings)
        page = connected(model.between(tab(daemon, "cy", "/r/go", **options)))
        expect(texts(page)).to_have_count(3)
        return model, page
    return room


def desk(page):
    page.get_by_role("button", name="Moderate", exact=True).click()
    return page.get_by_role("complementary", name="Moderation")


def test_deleted_lines_leave_a_tombstone_and_may_come_back(room):
    model, page = room()
    line = {"type": "message", "room": "go", "seq": 2, "time": "2026-01-31T12:00:00.123Z",
            "username": "bob", "message": "two"}
    model.change("deleted", seqs=[2])
    expect(texts(page)).to_have_text(["one", "three"])
    expect(page.locator(".gone")).to_have_text([GONE])
    model.change("purged", seqs=[[1, 2]], count=1)
    expect(page.locator(".gone")).to_have_text(["2 messages deleted by a moderator"])
    model.change("restored", of=1, messages=[line])
    expect(texts(page)).to_have_text(["two", "three"])
    expect(page.locator(".gone")).to_have_text([GONE])
    model.change("restored", of=2, seqs=[[1, 1]])
    expect(texts(page)).to_have_text(["one", "two", "three"])
    expect(page.locator(".gone")).to_have_count(0)


def test_changes_that_are_missing_are_looked_up(room):
    model, page = room()
    model.change("deleted", seqs=[1])
    expect(texts(page)).to_have_text(["two", "three"])
    model.tell(type="gap", rev=9)
    expect(texts(page)).to_have_text(["one", "two", "three"])


def test_badges_are_no_text(room):
    model, page = room()
    line = {"type": "message", "time": "2026-01-31T12:00:00.123Z", "username": "eve", "message": "hi"}
    model.tell(**line, seq=4, user="u1", role="moderator")
    model.tell(**line, seq=5)
    model.tell(**line, seq=6, user="u2")
    model.tell(type="message", time=line["time"], seq=7, role="system", message="Welcome")
    expect(page.get_by_role("img")).to_have_text(["Mod", "✓", "Room"])
    expect(page.get_by_role("img").first).to_have_accessible_name("Badge: moderator")
    heads = page.locator("#lines .line.first .who")
    expect(heads).to_have_text(["bob", "eve", "eve", "eve", "go"])


def test_rules_are_shown_and_the_time_to_wait(room):
    model, page = room(settings={"slow_seconds": 60, "pinned": 2})
    expect(page.get_by_role("note")).to_have_text("bob two")
    expect(page.locator("#modes")).to_have_text("Slow mode: one message every 60 s")
    say(page, "hello")
    expect(last(page)).to_have_text("hello")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"again in \d+ s\."))
    say(page, "again")
    expect(page.locator("#refusal")).to_have_text(re.compile("^Slow mode. You can write again in"))
    expect(page.get_by_label("Message", exact=True)).to_have_value("again")
    model.change("room", settings={})
    expect(page.get_by_role("note")).to_be_hidden()
    expect(page.locator("#modes")).to_be_hidden()


def test_a_timeout_is_explained(room):
    model, page = room()
    reason = "You were timed out for 10 minutes: spam."
    model.refusals["message"] = {"code": "timed_out", "reason": reason, "retry_after_ms": 600_000}
    say(page, "hello")
    expect(page.locator("#refusal")).to_have_text(reason)
    expect(page.get_by_label("Message", exact=True)).to_have_value("hello")
    expect(page.get_by_role("timer")).to_have_text(f"{reason} You can write again in 10 min.")


def test_a_ban_ends_the_room(room):
    model, page = room()
    model.tell(type="left", code="banned", reason="You are banned: spam.")
    expect(page.locator("#notice-text")).to_have_text("You are banned: spam.")


def test_others_have_no_tools(room):
    model, page = room(settings={"slow_seconds": 5})
    expect(page.locator("#modes")).to_be_visible()
    expect(page.locator(".act")).to_have_count(0)
    expect(page.get_by_role("button", name="Moderate", exact=True)).to_be_hidden()


def test_a_plain_page_loads_no_tools(daemon, tab):
    page = tab(daemon)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    say(connected(page), "/shrug")
    assert not any("moderation.js" in url for url in asked[:-1])


@pytest.mark.parametrize("entry, kind, fields", [
    ("Delete", "delete", {"seq": 3}), ("Timeout 1 min", "timeout", {"by_line": 3, "seconds": 60}),
    ("Timeout 10 min", "timeout", {"by_line": 3, "seconds": 600}),
    ("Timeout 1 h", "timeout", {"by_line": 3, "seconds": 3600}), ("Ban", "ban", {"by_line": 3}),
    ("Ban and purge", "ban", {"by_line": 3, "purge": True}), ("Pin", "settings", {"pinned": 3}),
])
def test_a_line_has_a_menu(room, entry, kind, fields):
    model, page = room(MODERATOR)
    page.locator("#lines .line").last.hover()
    page.locator(".act").last.click()
    page.get_by_role("menuitem", name=entry, exact=True).click()
    expect(page.get_by_role("menu")).to_be_hidden()
    if kind in ("timeout", "ban"):
        expect(page.locator(".note").last).to_contain_text("/undo 1 takes it back")
    if kind == "delete":
        expect(page.locator(".gone")).to_have_text([GONE])
    if kind == "settings":
        expect(page.get_by_role("note")).to_have_text("bob three")
    assert model.of(kind) == [fields]


def test_the_menu_needs_no_mouse(room):
    model, page = room(MODERATOR)
    page.locator(".act").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for key, name in [("", "Delete"), ("ArrowDown", "Timeout 1 min"), ("End", "Pin"),
                      ("ArrowDown", "Delete")]:
        if key:
            page.keyboard.press(key)
        expect(page.get_by_role("menuitem", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(page.locator(".act").nth(1)).to_be_focused()
    page.keyboard.press("Delete")
    expect(texts(page)).to_have_text(["one", "three"])
    expect(page.locator(".act").first).to_be_focused()
    assert model.of("delete") == [{"seq": 2}]


def test_the_settings_of_the_room(room):
    model, page = room(MODERATOR, {"slow_seconds": 5})
    panel = desk(page)
    slow = panel.get_by_label("Slow mode: seconds between messages")
    expect(slow).to_have_value("5")
    slow.fill("30")
    panel.get_by_role("checkbox", name="Members only").check()
    panel.get_by_role("button", name="Apply").click()
    expect(page.locator("#modes")).to_have_text("Members only · Slow mode: one message every 30 s")
    panel.get_by_label("A word, or a /pattern/").fill("spam")
    panel.get_by_role("button", name="Hold").click()
    expect(panel.get_by_label("A word, or a /pattern/")).to_have_value("")
    model.refusals["terms"] = {"code": "limit", "reason": "There are 1000 words already."}
    panel.get_by_label("A word, or a /pattern/").fill("ham")
    panel.get_by_role("button", name="Block").click()
    expect(page.locator("#notice-text")).to_have_text("There are 1000 words already.")
    expect(panel.get_by_label("A word, or a /pattern/")).to_have_value("ham")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert model.of("settings") == [{"slow_seconds": 30, "members_only": True}]
    assert model.of("terms") == [{"add": [{"term": "spam", "action": "hold"}]}]


def test_panic_asks_first(room):
    model, page = room(MODERATOR)
    panel = desk(page)
    panel.get_by_role("button", name="Panic", exact=True).click()
    question = panel.get_by_role("alertdialog")
    expect(question).to_have_accessible_name(re.compile("^Panic in #go"))
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert model.of("panic") == []
    panel.get_by_role("button", name="Panic", exact=True).click()
    question.get_by_role("button", name="Start it").click()
    expect(question).to_be_hidden()
    panel.get_by_role("button", name="End the panic").click()
    expect(panel.get_by_role("button", name="Panic", exact=True)).to_be_visible()
    assert model.of("panic") == [{"on": True}, {"on": False}]


def test_held_lines_wait_for_a_decision(room):
    model, page = room(MODERATOR)
    for number in (1, 2):
        model.tell(type="held", held=f"h{number}", username="eve", message=f"hm {number}", why="term")
    page.get_by_role("button", name="Moderate (2)").click()
    panel = page.get_by_role("complementary", name="Moderation")
    expect(panel.locator(".held li span")).to_have_text(["hm 1", "hm 2"])
    panel.get_by_role("button", name="Approve the message of eve").first.click()
    expect(panel.locator(".held li span")).to_have_text(["hm 2"])
    model.tell(type="rejected", held="h2")
    expect(panel.locator(".held li")).to_have_count(0)
    assert model.of("approve") == [{"held": "h1"}]


def test_the_log_can_undo(room):
    model, page = room(MODERATOR)
    model.entries = [
        {"rev": 7, "time": "2026-01-31T12:00:00.123Z", "by": "u1", "action": "ban", "username": "eve"},
        {"rev": 8, "time": "2026-01-31T12:00:01.123Z", "by": "u1", "action": "unban", "username": "eve"}]
    panel = desk(page)
    panel.get_by_role("button", name="Show the log").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)
    panel.get_by_role("button", name="Undo: u1 ban eve").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)
    assert model.of("undo") == [{"rev": 7}]


def test_commands_can_be_typed(room):
    model, page = room(MODERATOR)
    say(page, "/timeout bob 1h spam")
    expect(page.locator(".note").last).to_have_text("Timed out bob for 1 h. /undo 1 takes it back.")
    say(page, "/undo")
    model.refusals["ban"] = {"code": "forbidden", "reason": "You have no right to it."}
    say(page, "/ban bob")
    expect(page.locator("#refusal")).to_have_text("You have no right to it.")
    expect(page.get_by_label("Message", exact=True)).to_have_value("/ban bob")
    say(page, "/held")
    expect(page.get_by_role("complementary", name="Moderation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(texts(page)).to_have_count(3)
    say(page, "/shrug")
    expect(last(page)).to_have_text("/shrug")
    assert model.of("timeout") == [{"by_line": 3, "seconds": 3600, "reason": "spam"}]
    assert model.of("undo") == [{"rev": 1}]


@pytest.fixture
def shared(start, tab, tmp_path):
    """The pages of a guest, bob, and of a moderator, Ann, without the model."""
    daemon = start(data=tmp_path / "own")
    link = token(tmp_path / "own", "--name", "Ann", "--role", "moderator", "--url", daemon.url("/r/go"))
    return (connected(tab(daemon, "bob", "/r/go")),
            connected(tab(daemon, target=link.removeprefix(daemon.url("")))))


def test_lines_wait_for_the_moderator(shared):
    bob, ann = shared
    panel = desk(ann)
    panel.get_by_label("A word, or a /pattern/").fill("gold")
    panel.get_by_role("button", name="Hold").click()
    expect(panel.get_by_label("A word, or a /pattern/")).to_have_value("")
    for text in ("old GOLD", "more gold"):
        say(bob, text)
    expect(panel.locator(".held li span")).to_have_text(["old GOLD", "more gold"])
    panel.get_by_role("button", name="Approve the message of bob").first.click()
    expect(panel.locator(".held li span")).to_have_text(["more gold"])
    panel.get_by_role("button", name="Reject the message of bob").click()
    expect(panel.locator(".held li")).to_have_count(0)
    expect(texts(ann)).to_have_text(["old GOLD"])
    expect(bob.locator(".fate").last).to_contain_text("A moderator has rejected it.")
    expect(texts(bob)).to_have_text(["old GOLD"])


def test_a_raid_ends_and_comes_back(shared):
    bob, ann = shared
    for text in ("one", "two", "three"):
        say(bob, text)
    expect(texts(ann)).to_have_count(3)
    ann.locator("#lines .line").last.hover()
    ann.locator(".act").last.click()
    ann.get_by_role("menuitem", name="Ban and purge", exact=True).click()
    expect(ann.locator(".gone")).to_have_text(["3 messages deleted by a moderator"])
    expect(bob.locator("#notice-text")).to_have_text("You are banned.")
    say(ann, "/undo")
    expect(texts(ann)).to_have_text(["one", "two", "three"])
    panel = desk(ann)
    panel.get_by_role("button", name="Show the log").click()
    expect(panel.get_by_role("listitem")).to_have_count(2)


def test_the_daemon_does_what_the_tools_ask(shared):
    bob, ann = shared
    for text in ("one", "two"):
        say(bob, text)
    expect(texts(ann)).to_have_count(2)
    ann.locator("#lines .line").last.hover()
    ann.locator(".act").last.click()
    ann.get_by_role("menuitem", name="Delete", exact=True).click()
    for command in ("/slow 60", "/pin 1", "/announce Welcome"):
        say(ann, command)
        expect(ann.get_by_label("Message", exact=True)).to_have_value("")
    panel = desk(ann)
    panel.get_by_role("button", name="Panic", exact=True).click()
    panel.get_by_role("button", name="Start it").click()
    expect(bob.locator("#modes")).to_have_text("Members only · Slow mode: one message every 30 s")
    say(bob, "three")
    expect(bob.locator("#refusal")).to_be_visible()
    panel.get_by_role("button", name="End the panic").click()
    for reload in (False, True):
        if reload:
            connected(bob).reload()
        for page in (ann, bob):
            expect(page.locator("#modes")).to_have_text("Slow mode: one message every 60 s")
            expect(page.locator(".gone")).to_have_text([GONE])
            expect(page.get_by_role("note")).to_have_text("bob one")
            expect(page.get_by_role("img")).to_have_text(["Room"])
            expect(texts(page)).to_have_text(["one", "Welcome"])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_everybody_can_use_it(room, scheme, width):
    model, page = room(MODERATOR, {"slow_seconds": 5, "pinned": 1}, color_scheme=scheme, bypass_csp=True,
                       viewport={"width": width, "height": 740})
    line = {"type": "message", "time": "2026-01-31T12:00:00.123Z", "username": "eve", "message": "hi"}
    model.tell(**line, seq=4, user="u1", role="owner")
    model.change("deleted", seqs=[3])
    model.tell(type="held", held="h1", username="eve", message="hm", why="term")
    page.locator(".act").first.focus()
    page.keyboard.press("Enter")
    assert violations(page) == []
    assert poor(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Moderate (1)").click()
    page.get_by_role("button", name="Panic", exact=True).click()
    assert violations(page) == []
    assert poor(page) == []
