"""The chat page in a fast room: what the reader feels, and what the browser has to hold.

Times depend on the machine and on whatever else runs there, so that the best of three tries counts.
"""

import pytest
from playwright.sync_api import expect

from page import Speaker, browser, connected, last, say, scroll_up, tab, texts  # noqa: F401

TRIES = 3
LIMIT = 50  # ms

# Collects what the browser itself says about long tasks, and about the time from an event to the
# picture that shows its effect.
OBSERVE = """
  window.slow = { tasks: [], keys: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) slow.tasks.push(entry.duration);
  }).observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "keydown") slow.keys.push(duration);
  }).observe({ type: "event", durationThreshold: 16 });
"""


def best(measure):
    """The first measurement that is within the limit, or the smallest one."""
    found = []
    for _ in range(TRIES):
        found.append(measure())
        if found[-1] <= LIMIT:
            break
    return min(found)


@pytest.fixture
def fast(start):
    return start("--lines-per-second", "0")


def type_slowly(page) -> float:
    """How long nineteen of twenty keys take at most until their letter is on the screen."""
    field, text = page.get_by_label("Message", exact=True), "typing while everybody shouts"
    page.evaluate("slow.keys = []")
    field.fill("")
    field.press_sequentially(text, delay=60)
    assert field.input_value() == text
    # The picture of the last key comes after the next frame; what took less than 16 ms isn't told.
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    keys = sorted(page.evaluate("slow.keys"))
    excess = len(keys) - len(text) // 20
    return keys[excess - 1] if excess > 0 else 0


def test_typing_is_not_slowed_by_1000_lines_in_2_seconds(fast, tab):
    ann = connected(tab(fast, "ann", init=OBSERVE))

    def slowest_key():
        # Where the machine has no time for a quiet page either, that is not the lines' doing.
        quiet = type_slowly(ann)
        with Speaker(fast, 1000, per_second=500):
            busy = type_slowly(ann)
        expect(last(ann)).to_have_text("line 1000 of 1000")
        return busy if quiet <= LIMIT / 2 else busy - quiet

    assert best(slowest_key) <= LIMIT


def test_a_flood_makes_no_long_task(fast, tab):
    ann = connected(tab(fast, "ann", init=OBSERVE))

    def longest_task():
        ann.evaluate("slow.tasks = []")
        with Speaker(fast, 1500, per_second=500):
            pass
        expect(last(ann)).to_have_text("line 1500 of 1500")
        return max(ann.evaluate("slow.tasks"), default=0)

    assert best(longest_task) <= LIMIT


def test_the_document_stays_small_whatever_comes(fast, tab):
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

    _, before = after(2500)  # As many as the page keeps.
    elements, heap = after(10_000)
    assert elements <= 500
    assert heap < before + 2_000_000
    # Whoever reads old lines gets there through as few elements.
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
    # It calms down by itself.
    expect(ann.locator("#log.fast")).to_have_count(0)


# Notes when the first line of the chat has been on the screen for a frame.
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

    assert min(first_line() for _ in range(TRIES)) <= 200
