"""Takes pictures of the chat page with people in it, and of the admin page: screenshots.py FOLDER"""

import itertools
import json
import math
import random
import re
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import expect
from websockets.sync.client import connect

from browser import launched
from chat import say
from daemon import PATIENCE, Daemon, run
from page import connected
from wire import HANDSHAKE_FIELDS, Wire, request

TALK = [
    ("mira", "Doors are open! Welcome, everybody 👋"),
    ("jonas", "hi from Lisbon"),
    ("mira", "The stream starts in five minutes. Slides: https://example.org/talks/epoll?page=1"),
    ("Ada L.", "Is there a recording afterwards?"),
    ("mira", "Yes, it's up tomorrow."),
    ("mira", "Ask away while we talk, somebody collects the questions."),
    ("tomás", "🎉🎉🎉"),
    ("Ada L.", "@ann did you get the build to run on the small board?"),
]
OWN = "Just now! It holds twelve thousand connections, and the fan isn't even on 🔥"
ANSWERS = [("jonas", "what a machine"), ("Ada L.", "Nice. We should show that at the end.")]

SHOUTS = """GOOOAL|what a save!|😂😂|did you see that?|no way|offside!!|never offside|🔥🔥🔥|come on|
that was close|best match this year|who's number 9?|⚽|wow|again!|let's go|unbelievable|ref??|my heart|
he was running for 80 metres|hello from Oslo|hello from Nairobi|👏👏👏|replay please|11 minutes left|
how is that not a card|I can't watch|yes yes yes|what was that|that pass though""".replace("\n", "").split("|")
NAMES = [f"{first}{last}" for first, last in itertools.product(
    "kim lou sam noor ravi ines oleg yuki fatou bo".split(),
    ["", "_7", "99", ".fc", "x", "_", "11", "0"])]


class Company:
    """Users of the plain dialect that stay in their room."""

    def __init__(self, stack, daemon, room):
        self._stack, self._address, self._clients = stack, daemon.ws(f"?room={room}"), {}

    def talk(self, lines):
        """Says lines in order."""
        for username, message in lines:
            if username not in self._clients:
                self._clients[username] = self._stack.enter_context(
                    connect(self._address, proxy=None, open_timeout=PATIENCE))
            client = self._clients[username]
            say(client, message, username)
            while json.loads(client.recv(timeout=PATIENCE))["message"] != message:
                pass


@contextmanager
def shouting(daemon, room, per_second):
    """A crowd that sends lines until the end of the `with`."""
    over = threading.Event()
    dice = random.Random(7)

    def shout():
        with connect(daemon.ws(f"?room={room}"), proxy=None, open_timeout=PATIENCE) as client:
            while not over.wait(1 / per_second):
                say(client, dice.choice(SHOUTS), dice.choice(NAMES))

    thread = threading.Thread(target=shout)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE)


def watch(stack, daemon, room, count):
    """Users that only watch: their connections stay open, and what they receive is ignored."""
    for _ in range(count):
        wire = stack.enter_context(Wire(daemon.port))
        wire.send(request(f"GET /ws?room={room} HTTP/1.1", HANDSHAKE_FIELDS))


def ann(browser, daemon, target, **options):
    page = browser.new_context(locale="en-GB", reduced_motion="reduce", **options).new_page()
    page.goto(daemon.url(target))
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Name").press("Enter")
    return connected(page)


def evening(last):
    """Samples of the hour before `last`, as the server would have taken them."""
    dice = random.Random(11)
    for step in range(360):
        crowd = 60 + 380 / (1 + math.exp((120 - step) / 25)) + 12 * math.sin(step / 9)
        goal = 3 if 214 < step < 226 else 1
        lines = (crowd / 14 + dice.random() * 4) * goal
        yield [last - (360 - step) * 10_000, round(crowd), round(crowd) - 3, 2, round(lines, 1),
               round(lines * crowd, 1), round(dice.random() * 0.3 * goal, 1),
               round(dice.random() * 0.8, 1), dice.randrange(3) if goal > 1 else 0,
               round(4e5 + crowd * 4096 + lines * 9000), round(1 + lines / 9 + dice.random(), 1),
               round(240 + dice.random() * 160 * goal)]


def administrate(browser, daemon, data, target="", **options):
    """The admin page of an owner, with an evening that has passed."""
    token = run("token", "--data", str(data), "--sub", "ann", "--role", "owner").stdout.strip()
    page = browser.new_context(locale="en-GB", reduced_motion="reduce", **options).new_page()

    def between(socket):
        server = socket.connect_to_server()

        def from_server(text):
            event = json.loads(text)
            rows = event.get("samples", {}).get("rows", [])
            if event["type"] == "server" and rows:
                event["samples"]["rows"] = [*evening(rows[0][0]), *rows]
            socket.send(json.dumps(event))

        server.on_message(from_server)
        socket.on_message(server.send)

    page.route_web_socket(re.compile("/ws$"), between)
    page.goto(daemon.url(f"/admin#token={token}"))
    expect(page.locator("#hour-title")).to_have_text("The last hour", timeout=PATIENCE * 1000)
    return page


def take(folder):
    desktop = {"viewport": {"width": 1180, "height": 720}}
    phone = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 1.5, "is_mobile": True}
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory())
        daemon = Daemon(Path(data), "--lines-per-second", "0", "--max-rooms", "5")
        stack.callback(daemon.stop)
        browser = stack.enter_context(launched())
        watch(stack, daemon, "lecture", 36)
        page = ann(browser, daemon, "/r/lecture", **desktop)
        company = Company(stack, daemon, "lecture")
        company.talk(TALK)
        page.get_by_label("Message", exact=True).fill(OWN)
        page.get_by_label("Message", exact=True).press("Enter")
        expect(page.locator(".own .say")).to_have_text(OWN)
        company.talk(ANSWERS)
        expect(page.locator("#lines .say").last).to_have_text(ANSWERS[-1][1])
        expect(page.locator("#people-list")).to_contain_text("tomás")
        expect(page.locator("#log.fast")).to_have_count(0)
        page.screenshot(path=folder / "page-desktop.png")
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=folder / "page-dark.png")

        state = page.context.storage_state()
        small = ann(browser, daemon, "/r/lecture", storage_state=state, **phone)
        expect(small.locator(".own .say")).to_have_text(OWN)
        expect(small.locator("#log.fast")).to_have_count(0)
        small.screenshot(path=folder / "page-phone.png")

        with shouting(daemon, "stadium", per_second=60):
            watch(stack, daemon, "stadium", 412)
            busy = ann(browser, daemon, "/r/stadium", **desktop)
            expect(busy.locator("#log.fast")).to_be_visible()
            busy.locator("#log").hover()
            expect(busy.locator("#newer")).to_contain_text("Paused")
            busy.screenshot(path=folder / "page-busy.png")

            watch(stack, daemon, "lobby", 9)
            page = administrate(browser, daemon, data, **desktop | {"viewport": {"width": 1180, "height": 1040}})
            expect(page.locator("#rooms")).to_contain_text("stadium")
            expect(page.locator("#tiles")).not_to_contain_text("…")
            page.screenshot(path=folder / "admin-desktop.png")
            page.set_viewport_size({"width": 1180, "height": 2200})
            page.evaluate("location.hash = '#room=lecture'")
            expect(page.locator(".said li").last).to_contain_text(ANSWERS[-1][1])
            page.locator("#inspector").screenshot(path=folder / "admin-room.png")


if __name__ == "__main__":
    take(Path(sys.argv[1]))
