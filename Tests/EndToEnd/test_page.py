"""The chat page, as two people see it."""

import json
import re
import signal
import time
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import expect

from daemon import PATIENCE
from page import (  # noqa: F401
    STILL, WELCOME, Speaker, browser, connected, last, say, scroll_up, tab, texts)


def test_two_people_chat(daemon, tab):
    ann, bob = tab(daemon, "ann"), tab(daemon, "bob")
    for page in (ann, bob):
        connected(page)
        expect(page).to_have_title(re.compile(re.escape(WELCOME)))
        expect(page.get_by_role("heading", name=WELCOME)).to_be_visible()

    say(ann, "hello bob")
    expect(last(bob)).to_have_text("hello bob")
    bob.get_by_label("Message", exact=True).fill("hello ann")
    bob.keyboard.press("Enter")
    for page in (ann, bob):
        expect(texts(page)).to_have_text(["hello bob", "hello ann"])
        expect(page.locator("#lines .who")).to_have_text(["ann", "bob"])
        expect(page.get_by_label("Message", exact=True)).to_have_value("")
        expect(page.locator("#waiting .line")).to_have_count(0)
    expect(ann.locator(".own .say")).to_have_text(["hello bob"])
    expect(bob.locator(".own .say")).to_have_text(["hello ann"])
    for page in (ann, bob):
        time = page.locator("#lines time").first
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", time.get_attribute("datetime"))
        expect(page.locator(".day")).to_have_text(["Today"])


def test_a_name_has_the_same_colour_for_everybody(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    say(ann, "first")
    expect(last(bob)).to_have_text("first")
    say(bob, "second")
    colours = []
    for page in (ann, bob):
        expect(texts(page)).to_have_text(["first", "second"])
        colours.append(page.locator("#lines .who").evaluate_all(
            "names => names.map((name) => getComputedStyle(name).color)"))
    assert colours[0] == colours[1]
    assert len(set(colours[0])) == 2


def test_a_reload_keeps_the_name_and_shows_the_lines(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    say(ann, "mine")
    expect(last(bob)).to_have_text("mine")
    say(bob, "yours")
    expect(texts(ann)).to_have_text(["mine", "yours"])
    ann.reload()
    expect(ann.get_by_label("Name")).to_have_value("ann")
    expect(texts(ann)).to_have_text(["mine", "yours"])
    expect(ann.locator(".own .say")).to_have_text(["mine"])


def test_a_name_that_the_server_refuses_can_be_changed(start, tab):
    ann = tab(start(), "ann")
    say(connected(ann), "hello")
    expect(texts(ann)).to_have_text(["hello"])
    strict = start("--max-username-characters", "2")
    ann.goto(strict.url())
    ann.evaluate("localStorage.setItem('hubbub.name', JSON.stringify('annabel'))")
    ann.reload()
    expect(ann.locator("#refusal")).to_contain_text("too many")
    expect(ann.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    connected(ann)
    ann.get_by_label("Name").fill("an")
    say(ann, "hello again")
    expect(texts(ann)).to_have_text(["hello again"])
    expect(ann.locator("#lines .who")).to_have_text(["an"])


MARKUP = [
    "<img src=x onerror=\"document.title='owned'\"><b>bold</b>&amp;",
    "<script>document.title='owned'</script>",
    "javascript:document.title='owned'",
    "http://a.example/\"onmouseover=\"document.title='owned'",
    "</style></script><svg onload=document.title='owned'>",
    "{{constructor.constructor('document.title=1')()}} ${document.title='owned'}",
    "data:text/html,<script>alert(1)</script>",
]


def test_markup_stays_text(daemon, tab):
    ann, bob = tab(daemon, "<i onclick=x>ann</i>"), connected(tab(daemon, "bob"))
    connected(ann)
    for markup in MARKUP:
        say(ann, markup)
    expect(texts(bob)).to_have_text(MARKUP)
    expect(bob.locator("#lines .who").first).to_have_text("<i onclick=x>ann</i>")
    expect(bob.locator("#lines :is(img, script, svg, i, style, iframe)")).to_have_count(0)
    links = bob.locator("#lines a").evaluate_all("all => all.map((link) => link.href)")
    assert all(re.match("https?://", link) for link in links)
    attributes = bob.locator("#lines a").evaluate_all(
        "all => all.flatMap((link) => link.getAttributeNames())")
    assert set(attributes) <= {"href", "target", "rel"}
    expect(bob).to_have_title(re.compile(re.escape(WELCOME)))


@pytest.mark.parametrize("target", [
    "/#/<img src=x onerror=document.title='owned'>", "/?room=<script>document.title='owned'</script>",
    "/#/%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D'owned'%3E", "/#/UPPER", "/#/" + "x" * 65,
    "/#/%E0%A4%A",
])
def test_an_invalid_room_is_reported(daemon, tab, target):
    ann = tab(daemon, "ann", target)
    expect(ann.locator("#notice")).to_contain_text("A room's name has 1 to 64 of")
    expect(ann.locator("main :is(img, script), header :is(img, script)")).to_have_count(0)
    expect(ann).to_have_title(re.compile(re.escape(WELCOME)))
    ann.get_by_label("Go to a room").fill("Go Room")
    ann.keyboard.press("Enter")
    connected(ann)
    expect(ann.locator("#room-name")).to_have_text("go-room")


@pytest.mark.parametrize("target", ["/r/go", "/#/go", "/?room=go"])
def test_rooms_come_from_the_address(daemon, tab, target):
    go, lobby = connected(tab(daemon, "ann", target)), connected(tab(daemon, "bob"))
    say(go, "in go")
    expect(texts(go)).to_have_text(["in go"])
    say(lobby, "in the lobby")
    expect(texts(lobby)).to_have_text(["in the lobby"])
    expect(go.locator("#room-name")).to_have_text("go")


def test_rooms_can_be_switched_and_show_new_lines(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob", "/r/go"))
    say(ann, "in the lobby")
    expect(texts(ann)).to_have_text(["in the lobby"])
    ann.get_by_label("Go to a room").fill("go")
    ann.keyboard.press("Enter")
    connected(ann)
    expect(ann.get_by_role("link", name="#go", exact=True)).to_have_attribute("aria-current", "page")
    say(ann, "in go")
    expect(texts(bob)).to_have_text(["in go"])

    ann.get_by_role("link", name="lobby").click()
    expect(texts(ann)).to_have_text(["in the lobby"])
    say(bob, "@ann are you there?")
    expect(ann.locator("#room-list .badge")).to_have_text("1")
    expect(ann).to_have_title(re.compile(r"^\(1\) "))
    ann.go_back()
    expect(texts(ann)).to_have_text(["in go", "@ann are you there?"])
    expect(ann.locator(".unread")).to_have_text("New")
    expect(ann.locator(".mention .me")).to_have_text("@ann")
    expect(ann.locator("#room-list .badge")).to_have_count(0)

    ann.get_by_role("button", name="Leave lobby").click()
    expect(ann.get_by_role("link", name="lobby")).to_have_count(0)
    expect(ann).to_have_title(f"{WELCOME} · #go")


def test_links_emoji_and_mentions(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    say(ann, "see https://example.org/a_(b)?c=d&e#f. or (http://example.com/x), @Bob! :tada: :+1: :nope:")
    expect(last(bob)).to_have_text(
        "see https://example.org/a_(b)?c=d&e#f. or (http://example.com/x), @Bob! 🎉 👍 :nope:")
    links = last(bob).locator("a")
    expect(links).to_have_text(["https://example.org/a_(b)?c=d&e#f", "http://example.com/x"])
    for number in range(2):
        expect(links.nth(number)).to_have_attribute("rel", "noopener noreferrer nofollow")
        expect(links.nth(number)).to_have_attribute("target", "_blank")
    expect(bob.locator(".mention .me")).to_have_text("@Bob")
    expect(ann.locator(".mention")).to_have_count(0)

    say(bob, "mail bob@bob.example isn't a call, nor is @bobby")
    expect(last(ann)).to_contain_text("@bobby")
    expect(bob.locator(".mention")).to_have_count(1)

    bob.get_by_role("button", name="Emoji").click()
    bob.get_by_role("button", name="fire").click()
    expect(bob.get_by_label("Message", exact=True)).to_have_value("🔥")
    expect(bob.locator("#picker")).to_be_hidden()
    bob.keyboard.press("Enter")
    expect(last(ann)).to_have_text("🔥")
    expect(last(ann)).to_have_class(re.compile("jumbo"))


def test_a_fast_writer_is_paced_not_refused(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    lines = [f"line {number}" for number in range(15)]
    for line in lines:
        say(ann, line)
    expect(texts(bob)).to_have_text(lines)
    expect(texts(ann)).to_have_text(lines)
    expect(ann.locator("#waiting .line")).to_have_count(0)


def test_the_list_of_people(daemon, tab):
    ann = connected(tab(daemon, "ann"))
    say(ann, "hi")
    bob = connected(tab(daemon, "bob"))
    say(bob, "hi")
    for page in (ann, bob):
        expect(page.get_by_role("button", name="2 people here")).to_be_visible()
    for page in (ann, bob):
        expect(page.locator("#people-list li")).to_have_count(2)
        expect(page.locator("#people-list")).to_contain_text("ann")
        expect(page.locator("#people-list")).to_contain_text("bob")
    bob.context.close()
    expect(ann.locator("#count")).to_have_text("1")
    expect(ann.locator("#people-list")).not_to_contain_text("bob")


def test_history_loads_on_scrolling_up_and_nothing_jumps(start, tab):
    daemon = start("--lines-per-second", "0")
    with Speaker(daemon, 220, per_second=1000):
        ann = connected(tab(daemon, "ann"))  # Keeps the room in existence.
    expect(last(ann)).to_have_text("line 220 of 220")
    bob = connected(tab(daemon, "bob"))
    expect(last(bob)).to_have_text("line 220 of 220")
    log = bob.locator("#log")
    log.hover()
    seen = set(texts(bob).all_inner_texts())
    where = """log => {
      const top = log.getBoundingClientRect().top;
      const row = [...document.querySelectorAll("#lines .line")]
        .find((row) => row.getBoundingClientRect().top >= top + 60);
      return row && [row.querySelector(".say").textContent, row.getBoundingClientRect().top];
    }"""
    for _ in range(200):
        bob.mouse.wheel(0, -300)
        log.evaluate(STILL)
        seen.update(texts(bob).all_inner_texts())
        if "line 1 of 220" in seen:
            break
        # The rows that the reader looks at stay in place while lines arrive above them.
        text, top = log.evaluate(where)
        bob.evaluate("() => new Promise((done) => setTimeout(done, 30))")
        moved = bob.evaluate(
            """text => [...document.querySelectorAll("#lines .say")]
                 .find((say) => say.textContent === text)?.closest(".line")
                 .getBoundingClientRect().top""", text)
        assert moved is not None and abs(moved - top) < 2, (text, top, moved)
    assert seen >= {f"line {number} of 220" for number in range(1, 221)}
    expect(bob.locator("#top")).to_contain_text("This is the beginning of #lobby")
    bob.locator("#newer").click()
    expect(last(bob)).to_have_text("line 220 of 220")
    expect(last(bob)).to_be_in_viewport()


def test_a_reader_of_old_lines_stays_there_and_is_offered_new_ones(start, tab):
    daemon = start("--lines-per-second", "0")
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    with Speaker(daemon, 60, per_second=1000):
        pass
    expect(last(bob)).to_have_text("line 60 of 60")
    scroll_up(bob)
    say(ann, "one more")
    say(ann, "and another")
    newer = bob.locator("#newer")
    expect(newer).to_have_text("2 new messages ↓")
    expect(texts(bob).filter(has_text="and another")).to_have_count(0)
    expect(bob).to_have_title(re.compile(r"^\(2\) "))
    newer.click()
    expect(last(bob)).to_have_text("and another")
    expect(last(bob)).to_be_in_viewport()
    expect(bob.locator(".unread")).to_have_text("New")
    expect(newer).to_be_hidden()
    expect(bob).to_have_title(f"{WELCOME} · #lobby")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_no_line_is_lost_or_repeated_over_a_restart(start, tab, ending):
    first = start()
    ann, bob = connected(tab(first, "ann")), connected(tab(first, "bob"))
    say(ann, "before")
    expect(texts(bob)).to_have_text(["before"])
    first.signal(ending)
    first.wait()
    for page in (ann, bob):
        expect(page.locator("#state")).not_to_have_text("Connected")
    say(ann, "meanwhile")
    expect(ann.locator("#waiting .pending")).to_contain_text("Waiting to be sent")
    start(port=first.port, data=first.data)
    for page in (ann, bob):
        page.bring_to_front()
        # Unless it has already reconnected.
        with suppress(Timeout):
            page.locator("#notice-button").click(timeout=1_000)
        connected(page)
    say(bob, "after")
    for page in (ann, bob):
        expect(last(page)).to_have_text("after")
        expect(texts(page)).to_have_text(["before", "meanwhile", "after"])
        expect(page.locator("#lines .gap, #lines .note")).to_have_count(0)


def test_offline_and_online_again(daemon, tab):
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    ann.context.set_offline(True)
    expect(ann.locator("#state")).to_have_text("Offline")
    say(ann, "from the tunnel")
    expect(ann.locator("#waiting .pending")).to_have_count(1)
    say(bob, "in daylight")
    expect(texts(bob)).to_have_text(["in daylight"])
    ann.context.set_offline(False)
    connected(ann)
    for page in (ann, bob):
        expect(texts(page)).to_have_text(["in daylight", "from the tunnel"])


def turn(page, key, is_there, seen):
    """Turns pages until something is there; `seen` gets all texts on the way."""
    page.locator("#log").focus()
    deadline = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < deadline:
        seen.update(texts(page).all_inner_texts())
        if is_there():
            return
        page.keyboard.press(key)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("it isn't there, however far one goes")


def test_a_gap_is_marked_and_can_be_filled(start, tab):
    daemon = start("--lines-per-second", "0")
    bob = tab(daemon)

    def lose(socket):
        """Between the page and the server: loses the lines 11 to 290."""
        server = socket.connect_to_server()

        def pass_on(text):
            event = json.loads(text)
            if event["type"] != "message" or not 10 < event["seq"] < 291:
                socket.send(text)

        server.on_message(pass_on)

    bob.route_web_socket(re.compile("/ws$"), lose)
    bob.reload()
    connected(bob)
    with Speaker(daemon, 300, per_second=1000):
        pass
    expect(last(bob)).to_have_text("line 300 of 300")
    gap = bob.locator(".gap")
    expect(gap).to_contain_text("280 messages are missing here.")
    gap.get_by_role("button", name="Load missed").click()
    # The newest ones come first, up to 200 at a time. Those still missing are further up.
    expect(gap).to_have_count(0)
    turn(bob, "PageUp", lambda: gap.count() > 0, set())
    expect(gap).to_contain_text("80 messages are missing here.")
    gap.get_by_role("button", name="Load missed").click()
    expect(gap).to_have_count(0)
    turn(bob, "PageUp", lambda: "line 1 of 300" in seen, seen := set())
    turn(bob, "PageDown", lambda: "line 300 of 300" in seen, seen := set())
    assert seen == {f"line {number} of 300" for number in range(1, 301)}


def test_a_slow_reader_is_told_what_is_missing(start, tab):
    daemon = start("--lines-per-second", "0", "--room-log-bytes", "65536", "--slow-timeout", "60",
                   "--high-watermark", "32768", "--low-watermark", "8192")
    ann = connected(tab(daemon, "ann"))
    # While its thread is busy, the page reads nothing.
    ann.evaluate("""() => setTimeout(() => {
      const end = performance.now() + 6000;
      while (performance.now() < end);
    })""")
    with Speaker(daemon, 6000, per_second=3000, padding=" " + "x" * 1500, ahead=16):
        pass
    expect(last(ann)).to_contain_text("line 6000 of 6000")
    expect(ann.locator("#state")).to_have_text("Connected")
    gap = ann.locator(".gap")
    turn(ann, "PageUp", lambda: gap.count() > 0, set())
    expect(gap.last).to_contain_text("messages are missing here.")


def test_an_unreachable_server_is_reported_with_a_countdown(start, tab):
    daemon = start()
    ann = connected(tab(daemon, "ann"))
    daemon.signal(signal.SIGKILL)
    daemon.wait()
    expect(ann.locator("#state")).to_have_text(re.compile(r"^Reconnecting in \d+ s$"))
    expect(ann.locator("#notice")).to_contain_text(re.compile(r"Next try in \d+ s\."))
    expect(ann.get_by_role("button", name="Try now")).to_be_visible()


def test_the_page_fits_320_pixels(daemon, tab):
    ann = connected(tab(daemon, "ann", viewport={"width": 320, "height": 480}, has_touch=True,
                        is_mobile=True))
    say(ann, "w" * 300)
    expect(texts(ann)).to_have_count(1)
    say(ann, "https://example.org/" + "x" * 200)
    expect(texts(ann)).to_have_count(2)
    widths = "[document.documentElement, document.body, ...document.querySelectorAll('main *')]"
    for element in ("#name", "#text", "#send", "#emoji", "#state", "#rooms-button", "#people-button"):
        expect(ann.locator(element)).to_be_in_viewport(ratio=1)
    ann.get_by_role("button", name="Emoji").tap()
    expect(ann.locator("#picker")).to_be_in_viewport(ratio=1)
    ann.keyboard.press("Escape")
    assert ann.evaluate(f"Math.max(...{widths}.map((each) => each.getBoundingClientRect().right))") <= 320
    assert ann.evaluate("document.documentElement.scrollWidth") <= 320

    ann.get_by_role("button", name="Rooms").tap()
    expect(ann.get_by_role("link", name="lobby")).to_be_in_viewport()
    ann.get_by_label("Go to a room").fill("go")
    ann.keyboard.press("Enter")
    expect(ann.locator("#room-name")).to_have_text("go")
    expect(ann.locator("#rooms")).to_be_hidden()
    ann.get_by_role("button", name=re.compile("(person|people) here")).tap()
    expect(ann.locator("#people")).to_be_in_viewport()
    ann.keyboard.press("Escape")
    expect(ann.locator("#people")).to_be_hidden()
    assert ann.evaluate("document.documentElement.scrollWidth") <= 320
