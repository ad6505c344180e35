"""The chat page in a fast room: its speed for the reader, and the size of its document.

Times depend on the machine and its load, so the best of several tries counts.
"""

import json

import pytest
from playwright.sync_api import expect

from page import (  # noqa: F401
    STILL, Speaker, browser, connected, last, say, scroll_up, tab, texts)

TRIES = 6
LIMIT, FIRST_LINE_LIMIT = 50, 200  # ms

# Measures from the moment when the browser gets a key to the end of the work on the next frame,
# which paints its letter.
OBSERVE = """
  window.keys = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => keys.push(performance.now() - timeStamp);
    port2.postMessage(null);
  }), true);
"""


def best(measure, limit=LIMIT):
    """The first measurement that is within the limit, or the smallest one."""
    found = []
    for _ in range(TRIES):
        found.append(measure())
        if found[-1] <= limit:
            break
    return min(found)


@pytest.fixture
def fast(start):
    return start("--lines-per-second", "0")


def type_slowly(page) -> float:
    """The milliseconds within which 19 of 20 keys have their letters painted."""
    field, text = page.get_by_label("Message", exact=True), "typing while everybody shouts"
    field.fill("")  # This counts as a key.
    field.press_sequentially(text, delay=60)
    assert field.input_value() == text
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    keys = sorted(page.evaluate("keys")[-len(text):])
    assert len(keys) == len(text)
    return keys[len(keys) * 19 // 20]


def test_typing_is_not_slowed_by_1000_lines_in_2_seconds(fast, tab):
    ann = connected(tab(fast, "ann", init=OBSERVE))

    def slowest_key():
        # If the machine is too slow even for a quiet page, the lines are not the cause.
        quiet = type_slowly(ann)
        with Speaker(fast, 1000, per_second=500):
            busy = type_slowly(ann)
        expect(last(ann)).to_have_text("line 1000 of 1000")
        return busy if quiet <= LIMIT / 2 else busy - quiet

    assert best(slowest_key) <= LIMIT


def test_a_flood_makes_no_long_task(fast, browser, tab):
    """The page's own work in processor time, which doesn't include waiting for a processor."""
    ann = connected(tab(fast, "ann"))

    def longest_task():
        browser.start_tracing(page=ann, categories=["toplevel", "devtools.timeline"])
        with Speaker(fast, 1500, per_second=500):
            pass
        expect(last(ann)).to_have_text("line 1500 of 1500")
        events = json.loads(browser.stop_tracing())["traceEvents"]
        threads = {(event["pid"], event["tid"]) for event in events
                   if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"}
        tasks = [event["tdur"] / 1000 for event in events
                 if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in threads
                 and "tdur" in event]
        assert len(tasks) > 500
        return max(tasks)

    assert best(longest_task) <= LIMIT


def test_the_document_stays_small_in_a_flood(fast, tab):
    ann = connected(tab(fast, "ann"))
    session = ann.context.new_cdp_session(ann)
    session.send("HeapProfiler.enable")
    session.send("Performance.enable")

    def after(lines):
        with Speaker(fast, lines, per_second=2000):
            pass
        expect(last(ann)).to_have_text(f"line {lines} of {lines}")
        session.send("HeapProfiler.collectGarbage")
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return ann.evaluate("document.querySelectorAll('*').length"), metrics["JSHeapUsedSize"]

    _, before = after(2500)  # As many lines as the page keeps.
    elements, heap = after(10_000)
    assert elements <= 500
    assert heap < before + 2_000_000
    # Old lines are reached with as few elements.
    scroll_up(ann)
    for _ in range(30):
        ann.mouse.wheel(0, -1500)
        assert ann.evaluate("document.querySelectorAll('*').length") <= 500


def test_a_fast_room_holds_still_under_the_mouse(fast, tab):
    ann = connected(tab(fast, "ann"))
    ann.mouse.move(0, 0)
    with Speaker(fast, 40, per_second=40):
        expect(ann.locator("#log.fast")).to_be_visible()
        ann.locator("#log").hover()
        expect(ann.locator("#newer")).to_contain_text("Paused · ")
        held = last(ann).inner_text()
    assert last(ann).inner_text() == held
    ann.mouse.move(0, 0)
    expect(last(ann)).to_have_text("line 40 of 40")
    expect(ann.locator("#newer")).to_be_hidden()
    # It calms down on its own.
    expect(ann.locator("#log.fast")).to_have_count(0)


# The first row that the reader sees: its text, and its place on the screen.
FIRST_ROW = """log => {
  const edge = log.getBoundingClientRect().top;
  const row = [...document.querySelectorAll("#lines .line")]
    .find((row) => row.getBoundingClientRect().bottom > edge + 1);
  return [row.querySelector(".say").textContent, row.getBoundingClientRect().top];
}"""


def test_a_reader_of_old_lines_stays_there_when_the_room_calms_down(fast, tab):
    ann = connected(tab(fast, "ann"))
    with Speaker(fast, 120, per_second=60):
        expect(ann.locator("#log.fast")).to_be_visible()
    expect(last(ann)).to_have_text("line 120 of 120")
    scroll_up(ann)
    log = ann.locator("#log")
    log.evaluate(STILL)
    dense = log.evaluate("log => log.classList.contains('fast')")
    text, top = log.evaluate(FIRST_ROW)
    expect(ann.locator("#log.fast")).to_have_count(0)
    assert dense and log.evaluate(FIRST_ROW) == [text, pytest.approx(top, abs=1)]


# Records when the first line of the chat has been on the screen for a frame.
FIRST_LINE = """
  window.firstLine = new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector("#lines .say")) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
"""


def test_the_first_line_is_on_the_screen_200_ms_after_navigation(fast, tab):
    ann = connected(tab(fast, "ann", init=FIRST_LINE))
    say(ann, "here already")
    expect(last(ann)).to_have_text("here already")

    def first_line():
        ann.reload()
        return ann.evaluate("firstLine")

    assert best(first_line, FIRST_LINE_LIMIT) <= FIRST_LINE_LIMIT
