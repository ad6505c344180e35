"""The chat page in headless Chromium: fixtures, and actions of users."""

import json
import re
import threading
import time

import pytest
from playwright.sync_api import expect

import secure
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
    """Opens the page as a new user: each tab has its own storage. Errors on the page fail the
    test."""
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


def meddle(page, heard=None, said=None, sockets=None):
    """Loads the page again, with a middleman between it and its server. `heard(event)` may
    change an event of the server, or drop it by returning None. `said(command)` may return an
    event that answers the page instead of the server. `sockets` gets the ends of the page."""
    def between(socket):
        if sockets is not None:
            sockets.append(socket)
        server = socket.connect_to_server()

        def from_server(text):
            event = json.loads(text)
            event = heard(event) if heard else event
            if event:
                socket.send(json.dumps(event))

        def from_page(text):
            answer = said(json.loads(text)) if said else None
            if answer:
                socket.send(json.dumps(answer))
            else:
                server.send(text)

        server.on_message(from_server)
        socket.on_message(from_page)

    page.route_web_socket(re.compile("/ws$"), between)
    page.reload()
    return page


def texts(page):
    """The texts of the rows in the document, without those that wait to be sent."""
    return page.locator("#lines .say")


def last(page):
    return texts(page).last


# Waits until the log doesn't scroll any more: a turn of the wheel takes several frames.
STILL = """log => new Promise((done) => {
  let [top, frames] = [log.scrollTop, 0];
  const look = () => {
    frames = log.scrollTop === top ? frames + 1 : 0;
    top = log.scrollTop;
    if (frames === 5) done();
    else requestAnimationFrame(look);
  };
  look();
})"""


def scroll_up(page):
    """Turns the wheel over the messages until the reader is away from the end."""
    page.locator("#log").hover()
    page.mouse.wheel(0, -2000)
    expect(page.locator("#newer")).to_be_visible()


class Speaker:
    """A client of the plain dialect that sends lines at a steady rate, in a thread of its own.
    It is at most `ahead` lines ahead of what it gets back. The end of a `with` waits for all."""

    def __init__(self, daemon, lines: int, per_second: float, padding: str = "", ahead: int = 300):
        self._daemon, self._lines, self._rate, self._padding = daemon, lines, per_second, padding
        self._ahead = threading.Semaphore(ahead)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._heard_all = threading.Event()
        self._error = None

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(PATIENCE * 2)
        assert self._error is None and self._heard_all.is_set(), self._error

    def _run(self):
        try:
            with secure.connect(self._daemon.ws(), proxy=None, compression=None,
                         open_timeout=PATIENCE) as client:
                threading.Thread(target=self._hear, args=(client,), daemon=True).start()
                start, pause = time.monotonic(), threading.Event()
                for number in range(1, self._lines + 1):
                    pause.wait(max(0.0, start + number / self._rate - time.monotonic()))
                    assert self._ahead.acquire(timeout=PATIENCE), "it hears nothing of itself"
                    text = f"line {number} of {self._lines}{self._padding}"
                    say_plainly(client, text, f"speaker {number % 50}")
                self._heard_all.wait(PATIENCE)
        except Exception as error:  # The test must get it.
            self._error = error

    def _hear(self, client):
        for _ in range(self._lines):
            client.recv()
            self._ahead.release()
        self._heard_all.set()
