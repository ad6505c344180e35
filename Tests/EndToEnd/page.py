"""The chat page in headless Chromium: fixtures, and what people do on it."""

import threading
import time

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from browser import launched
from chat import say as say_plainly
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

    def tab(daemon, name=None, target="/", init=None, **options):
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: "Content Security Policy" in message.text
                and problems.append(message.text))
        page.goto(daemon.url(target))
        if name:
            page.get_by_label("Name").fill(name)
        return page

    yield tab
    for context in contexts:
        context.close()
    assert problems == []


def connected(page):
    expect(page.locator("#state")).to_have_text("Connected")
    return page


def say(page, text):
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()


def texts(page):
    """What the rows in the document say, those that wait to be sent left out."""
    return page.locator("#lines .say")


def last(page):
    return texts(page).last


def scroll_up(page):
    """Turns the wheel over the messages until the reader is away from the end."""
    page.locator("#log").hover()
    page.mouse.wheel(0, -2000)
    expect(page.locator("#newer")).to_be_visible()


class Speaker:
    """A client of the plain dialect that says many lines at a steady rate, in its own thread."""

    def __init__(self, daemon, lines: int, per_second: float, query: str = ""):
        self._daemon, self._lines, self._rate, self._query = daemon, lines, per_second, query
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.error = None

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.join()

    def join(self):
        self._thread.join(PATIENCE * 2)
        assert self.error is None and not self._thread.is_alive(), self.error

    def _run(self):
        try:
            with connect(self._daemon.ws(self._query), proxy=None, compression=None,
                         open_timeout=PATIENCE) as client:
                reader = threading.Thread(target=self._drain, args=(client,), daemon=True)
                reader.start()
                start = time.monotonic()
                pause = threading.Event()
                for number in range(1, self._lines + 1):
                    pause.wait(max(0.0, start + number / self._rate - time.monotonic()))
                    say_plainly(client, f"line {number} of the flood", f"speaker {number % 50}")
                self._all.wait(PATIENCE)
        except BaseException as error:  # The test must hear of it.
            self.error = error

    def _drain(self, client):
        heard = 0
        for _ in client:
            heard += 1
            if heard == self._lines:
                self._all.set()

    _all = property(lambda self: self.__dict__.setdefault("_event", threading.Event()))
