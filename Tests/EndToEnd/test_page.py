"""The chat page in headless Chromium."""

import re
import signal

import pytest
from playwright.sync_api import expect

from browser import launched
from daemon import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)

WELCOME = "Welcome to the Chat Room!"


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def tab(browser):
    """Opens the page as somebody new: each tab has its own storage. Errors on it fail the test."""
    contexts, problems = [], []

    def tab(daemon, name, target="/"):
        context = browser.new_context()
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(daemon.url(target))
        page.fill("#name", name)
        return page

    yield tab
    for context in contexts:
        context.close()
    assert problems == []


def say(page, text):
    page.fill("#text", text)
    page.click("#send")


def test_two_tabs_chat(daemon, tab):
    ann, bob = tab(daemon, "ann"), tab(daemon, "bob")
    for page in (ann, bob):
        expect(page).to_have_title(WELCOME)
        expect(page.get_by_role("heading", name=WELCOME)).to_be_visible()
        expect(page.locator("#state")).to_have_text("Connected")

    say(ann, "hello bob")
    expect(bob.locator("#messages")).to_contain_text("ann: hello bob")
    bob.fill("#text", "hello ann")
    bob.press("#text", "Enter")
    for page in (ann, bob):
        expect(page.locator("#messages p")).to_have_text(
            [re.compile("ann: hello bob$"), re.compile("bob: hello ann$")])
        expect(page.locator("#text")).to_have_value("")


def test_markup_stays_text(daemon, tab):
    markup = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>&amp;"
    ann, bob = tab(daemon, "<i>ann</i>"), tab(daemon, "bob")
    expect(bob.locator("#state")).to_have_text("Connected")
    say(ann, markup)
    expect(bob.locator("#messages p")).to_contain_text(f"<i>ann</i>: {markup}")
    expect(bob.locator("#messages :is(img, b, i)")).to_have_count(0)
    expect(bob).to_have_title(WELCOME)


def test_rooms_come_from_the_address(daemon, tab):
    go, lobby = tab(daemon, "ann", "/?room=go"), tab(daemon, "bob")
    expect(lobby.locator("#state")).to_have_text("Connected")
    say(go, "in go")
    expect(go.locator("#messages p")).to_contain_text("in go")
    say(lobby, "in the lobby")
    expect(lobby.locator("#messages p")).to_have_text([re.compile("in the lobby$")])


def test_a_refusal_is_shown_and_the_text_comes_back(daemon, tab):
    ann = tab(daemon, "ann")
    say(ann, "x" * 2001)
    expect(ann.locator("#messages .error")).to_have_count(1)
    expect(ann.locator("#text")).to_have_value("x" * 2001)
    say(ann, "shorter")
    expect(ann.locator("#messages p").last).to_contain_text("ann: shorter")


def test_the_name_is_remembered(daemon, tab):
    ann = tab(daemon, "ann")
    ann.reload()
    expect(ann.locator("#name")).to_have_value("ann")


def test_the_page_comes_back_after_a_restart(start, tab):
    first = start()
    ann = tab(first, "ann")
    expect(ann.locator("#state")).to_have_text("Connected")
    first.signal(signal.SIGTERM)
    assert first.wait() == 0
    expect(ann.locator("#state")).to_have_text(re.compile(r"^Reconnecting in \d+ s$|^Connecting"))
    expect(ann.locator("#send")).to_be_disabled()
    start(port=first.port)
    expect(ann.locator("#state")).to_have_text("Connected")
    say(ann, "back again")
    expect(ann.locator("#messages p").last).to_contain_text("ann: back again")


def test_the_list_is_bounded_and_follows_the_end(start, tab):
    daemon = start("--lines-per-second", "0")
    ann = tab(daemon, "ann")
    expect(ann.locator("#state")).to_have_text("Connected")
    ann.evaluate(
        """() => { for (let i = 1; i <= 600; i++)
             socket.send(JSON.stringify({ username: "ann", message: `line ${i}` })); }""")
    expect(ann.locator("#messages p").last).to_contain_text("line 600")
    expect(ann.locator("#messages p")).to_have_count(500)
    expect(ann.locator("#messages p").last).to_be_in_viewport()

    # A reader who has scrolled up stays there, and is offered the way back.
    ann.locator("#messages").evaluate("list => { list.scrollTop = 0; }")
    ann.wait_for_function("() => !following")
    say(ann, "one more")
    expect(ann.locator("#newer")).to_be_visible()
    expect(ann.locator("#messages p").last).not_to_be_in_viewport()
    ann.click("#newer")
    expect(ann.locator("#messages p").last).to_be_in_viewport()
    expect(ann.locator("#newer")).to_be_hidden()


def test_the_page_fits_320_pixels(daemon, tab):
    ann = tab(daemon, "ann")
    ann.set_viewport_size({"width": 320, "height": 480})
    say(ann, "w" * 300)
    expect(ann.locator("#messages p")).to_have_count(1)
    assert ann.evaluate("document.documentElement.scrollWidth") <= 320
    for selector in ("#name", "#text", "#send", "#state"):
        expect(ann.locator(selector)).to_be_in_viewport(ratio=1)
