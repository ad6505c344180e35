"""The browser library on pages of other sites, and the page of examples."""

import http.client
import http.server
import re
import signal
import threading

import pytest
from playwright.sync_api import expect

from daemon import PATIENCE
from page import browser, connected, last, say, tab, texts  # noqa: F401


class Site:
    """Another site. `answer(target)` returns status, type and content."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, kind, content = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, target="/"):
        return self.origin + target


@pytest.fixture
def site():
    """Starts sites with given pages; all end with the test."""
    sites = []

    def site(page):
        """The page is HTML, which is served for every request, or a function for `Site`."""
        answer = page if callable(page) else lambda _: (
            200, "text/html; charset=utf-8", page.encode())
        sites.append(Site(answer))
        return sites[-1]

    yield site
    for each in sites:
        each.server.shutdown()
        each.server.server_close()


# The page gets the daemon's address from its query, because each must know the other's address.
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Another site</title>
<script type="module">
  const address = new URLSearchParams(location.search).get("chat");
  const { Hubbub } = await import(`${address}/hubbub.js`);
  window.heard = [];
  window.chat = new Hubbub({ username: "guest" });
  for (const type of ["state", "message", "error", "gap"]) {
    chat.on(type, (event) => heard.push({ ...event, on: type, code: event.code }));
  }
  chat.connect();
  chat.join("lobby");
  document.title = "Ready";
</script>
"""


def visit(tab, site, daemon):
    page = tab(site, target=f"/?chat={daemon.url('')}")
    expect(page).to_have_title("Ready")
    return page


def heard(page, of):
    return page.evaluate("of => heard.filter((event) => event.on === of)", of)


def wait_for(page, condition, argument=None):
    """Until the condition is true on the page."""
    page.evaluate("""async ([condition, argument, patience]) => {
      const isSo = (0, eval)(condition);
      const start = performance.now();
      while (!isSo(argument)) {
        if (performance.now() - start > patience) throw new Error(`never: ${condition}`);
        await new Promise((done) => setTimeout(done, 10));
      }
    }""", [condition, argument, PATIENCE * 1000])


def test_one_script_tag_puts_the_chat_on_another_site(start, tab, site):
    other = site(PAGE)
    daemon = start("--allow-origin", other.origin)
    page = visit(tab, other, daemon)
    wait_for(page, "() => chat.state === 'open'")
    sent = page.evaluate("chat.send('lobby', 'from elsewhere').done")
    assert (sent["state"], sent["seq"]) == ("sent", 1)
    wait_for(page, "() => heard.some((event) => event.on === 'message')")
    assert heard(page, "message")[0]["message"] == "from elsewhere"
    assert page.evaluate("chat.members('lobby')")["count"] == 1
    assert heard(page, "error") == []


def test_a_site_that_may_not_connect_gets_an_error(start, tab, site):
    other = site(PAGE)
    daemon = start("--allow-origin", "https://friend.example")
    page = visit(tab, other, daemon)
    wait_for(page, "() => heard.some((event) => event.on === 'error')")
    assert [error["code"] for error in heard(page, "error")] == ["unreachable"]
    assert page.evaluate("chat.state") == "waiting"


def test_no_line_is_lost_or_repeated_in_the_browser_over_a_crash(start, tab, site):
    first = start("--lines-per-second", "0")
    page = visit(tab, site(PAGE), first)
    wait_for(page, "() => chat.state === 'open'")
    page.evaluate("""() => {
      window.talk = (async () => {
        for (let number = 1; number <= 200; number++) await chat.send("lobby", `line ${number}`).done;
      })();
    }""")
    wait_for(page, "() => heard.filter((event) => event.on === 'message').length > 50")
    first.signal(signal.SIGKILL)
    first.wait()
    start("--lines-per-second", "0", port=first.port, data=first.data)
    page.evaluate("async () => { chat.connect(); await talk; }")
    wait_for(page, "() => heard.filter((event) => event.on === 'message').length >= 200")
    lines = heard(page, "message")
    assert [line["seq"] for line in lines] == list(range(1, 201))
    assert [line["message"] for line in lines] == [f"line {number}" for number in range(1, 201)]
    assert heard(page, "gap") == []


def test_an_invalid_line_fails_and_the_next_one_arrives(start, tab, site):
    daemon = start()
    page = visit(tab, site(PAGE), daemon)
    wait_for(page, "() => chat.state === 'open'")
    codes = page.evaluate("""async () => {
      await chat.join("lobby");
      const bad = ["😀".slice(0, 1), "x".repeat(70000)].map((text) => chat.send("lobby", text));
      await chat.send("lobby", "good").done;
      return bad.map(({ state, error }) => `${state} ${error.code}`);
    }""")
    assert codes == ["failed invalid_command", "failed message_too_long"]
    wait_for(page, "() => heard.some((event) => event.on === 'message')")
    assert [line["message"] for line in heard(page, "message")] == ["good"]
    assert [state["state"] for state in heard(page, "state")] == ["connecting", "open"]


def test_the_library_follows_joins_and_leaves(daemon, tab, site):
    other = site(PAGE)
    page = visit(tab, other, daemon)
    page.evaluate("""() => {
      chat.on("people", ({ count, usernames }) => (window.names = `${count}: ${usernames}`));
    }""")
    wait_for(page, "() => window.names === '1: guest'")
    bob = visit(tab, other, daemon)
    wait_for(page, "() => window.names === '2: guest,guest'")
    bob.evaluate("async () => { await chat.join('lobby'); chat.username = 'bob'; }")
    bob.evaluate("chat.join('lobby')")
    wait_for(page, "() => window.names === '2: bob,guest'")
    ann = connected(tab(daemon, "ann"))
    wait_for(page, "() => window.names.startsWith('3: ')")
    say(ann, "hi")
    wait_for(page, "() => window.names === '3: ann,bob,guest'")
    bob.close()
    wait_for(page, "() => window.names === '2: ann,guest'")


def behind(daemon):
    """A proxy that passes requests on to the daemon, but not their upgrade."""
    def answer(target):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type"), response.read()
        finally:
            connection.close()

    return answer


@pytest.mark.plain
def test_a_page_behind_a_proxy_that_drops_the_upgrade_reports_it(daemon, tab, site):
    example = tab(site(behind(daemon)), target="/examples")
    expect(example.locator("#chat li").last).to_have_text(re.compile("proxy"))


def test_the_examples_page_runs_what_it_shows(daemon, tab):
    example, ann = tab(daemon, target="/examples"), connected(tab(daemon, "ann"))
    field = example.get_by_label("Message")
    field.fill("hello from the example")
    field.press("Enter")
    expect(last(ann)).to_have_text("hello from the example")
    say(ann, "hello example <b>")
    expect(example.locator("#chat li").last).to_have_text("ann: hello example <b>")
    source = example.locator("#source").inner_text()
    assert source.count("<script") == 1
    assert f'import {{ Hubbub }} from "{daemon.url("/hubbub.js")}";' in source


def test_the_examples_page_sends_only_entered_text(daemon, tab):
    example, ann = tab(daemon, target="/examples"), connected(tab(daemon, "ann"))
    field = example.get_by_label("Message")
    field.fill("half-typed")
    field.blur()
    field.focus()
    # Safari has ended the composition by then. Only this number shows it.
    keyboard = example.context.new_cdp_session(example)
    for kind in ["keyDown", "keyUp"]:
        keyboard.send("Input.dispatchKeyEvent", {
            "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
            "windowsVirtualKeyCode": 229})
    # In other browsers the composition still continues.
    field.evaluate("""(field) => field.dispatchEvent(new KeyboardEvent("keydown", {
      key: "Enter", isComposing: true, cancelable: true, bubbles: true,
    })) && field.form.requestSubmit()""")
    expect(field).to_have_value("half-typed")
    field.press("Enter")
    expect(last(ann)).to_have_text("half-typed")
    expect(texts(ann)).to_have_count(1)
    expect(field).to_have_value("")


def test_the_examples_page_keeps_text_that_it_can_not_send(daemon, tab):
    example = tab(daemon, target="/examples")
    field = example.get_by_label("Message")
    field.fill("hi")
    field.press("Enter")
    expect(example.locator("#chat li").last).to_have_text(re.compile(": hi$"))
    field.fill("x" * 2001)
    field.press("Enter")
    expect(example.locator("#chat li").last).to_have_text(re.compile("1 characters too many"))
    expect(field).to_have_value("x" * 2001)


def test_what_the_examples_page_shows_works_on_another_site(start, tab, site):
    teacher = start()
    source = tab(teacher, target="/examples").locator("#source").inner_text()
    other = site("<!doctype html><title>Mine</title>" + source)
    page = tab(other)
    ann = connected(tab(teacher, "ann"))
    field = page.get_by_label("Message")
    field.fill("copied and pasted")
    field.press("Enter")
    expect(last(ann)).to_have_text("copied and pasted")
    expect(page.locator("#chat li").last).to_have_text(re.compile(r"guest \d+: copied and pasted"))


@pytest.mark.parametrize("is_friend", [True, False])
def test_a_frame_shows_the_page_to_friends_only(start, tab, site, is_friend):
    other = site("<!doctype html><title>Frame</title><script>"
                 "document.write(`<iframe src=${location.hash.slice(1)} title=Chat></iframe>`)"
                 "</script>")
    daemon = start("--allow-origin", other.origin if is_friend else "https://friend.example")
    context = tab(other, target="/").context
    page = context.new_page()
    page.goto(other.url(f"/#{daemon.url('/r/go')}"))
    frame = page.frame_locator("iframe")
    if is_friend:
        expect(frame.locator("#room-name")).to_have_text("go")
        # The page in the frame is of the daemon's own origin, which needs no flag.
        expect(frame.locator("#state")).to_have_text("Connected")
    else:
        expect(page.locator("iframe")).to_be_visible()
        expect(frame.locator("#room-name")).to_have_count(0)
