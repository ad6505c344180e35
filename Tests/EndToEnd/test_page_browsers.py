"""The chat page in old browsers, in pages that come back, and behind proxies."""

import re
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from browser import launch
from daemon import ROOT
from page import browser, connected, last, meddle, say, tab, texts  # noqa: F401


def test_without_javascript_the_page_says_so(daemon, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(daemon.url("/r/go"))
    expect(page.get_by_role("heading", name="Welcome to the Chat Room!")).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("#start")).to_contain_text("It needs JavaScript")
    expect(page.locator("#composer, #log, .panel, header button")).to_have_count(6)
    for part in page.locator("#composer, #log, .panel, header button, #skip").all():
        expect(part).to_be_hidden()
    assert "onnecting" not in page.inner_text("body")
    page.context.close()


def test_an_old_browser_is_told_which_ones_work(daemon, browser):
    page = browser.new_context().new_page()
    page.route("**/hubbub.js", lambda route: route.fulfill(
        body="export class Hubbub { #? }", content_type="text/javascript"))
    page.goto(daemon.url())
    expect(page.locator("#start")).to_contain_text(re.compile("Chrome or Edge 88, Firefox 90, Safari 15"))
    expect(page.locator("#start")).to_be_visible()
    expect(page.locator("#composer")).to_be_hidden()
    page.context.close()


def test_the_browsers_on_the_page_are_those_of_the_documents(daemon, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(daemon.url())
    document = (ROOT / "Sources/ChatServer/ChatServer.docc/BrowserLibrary.md").read_text()
    browsers = re.search(r"Chrome or Edge \d+, Firefox \d+, Safari \d+", page.inner_text("#start"))[0]
    assert browsers in " ".join(document.split())
    page.context.close()


# Features that the oldest of those browsers lack.
OLD = """
  for (const type of [Array, String, Uint8Array]) delete type.prototype.at;
  for (const name of ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with", "group"])
    delete Array.prototype[name];
  for (const name of ["isWellFormed", "toWellFormed"]) delete String.prototype[name];
  for (const name of ["hasOwn", "groupBy"]) delete Object[name];
  for (const name of ["withResolvers", "try"]) delete Promise[name];
  for (const name of ["any", "timeout"]) delete AbortSignal[name];
  delete Crypto.prototype.randomUUID;
  delete Intl.Segmenter;
  delete window.structuredClone;
  delete window.trustedTypes;
"""


def test_the_oldest_browsers_chat(daemon, tab):
    ann, bob = connected(tab(daemon, "ann", init=OLD)), connected(tab(daemon, "bob"))
    say(ann, "hello 👩‍👩‍👧 @bob https://example.org/a、次")
    expect(bob.locator(".mention")).to_have_count(1)
    say(bob, "👩‍👩‍👧")
    expect(last(ann)).to_have_class(re.compile("jumbo"))
    say(ann, "x" * 2001)
    expect(ann.locator("#refusal")).to_be_visible()
    ann.reload()
    expect(texts(ann)).to_have_count(2)
    expect(ann.locator(".own")).to_have_count(1)


@pytest.mark.parametrize("key, value", [
    ("name", "5"), ("name", "{}"), ("name", "[\"ann\"]"), ("name", "null"), ("name", "{"),
    ("name", "\"" + "x" * 100_000 + "\""),
    ("rooms", "5"), ("rooms", "null"), ("rooms", "{}"), ("rooms", "\"lobby\""),
    ("rooms", "[5, null, {}, [\"go\"], \"NO\", \"go\"]"),
    ("own.lobby", "5"), ("own.lobby", "[]"), ("own.lobby", "{\"epoch\": 5, \"seqs\": {}}"),
    ("own.lobby", "{\"seqs\": null}"),
])
def test_stored_values_of_other_pages_are_dropped(daemon, tab, key, value):
    ann = connected(tab(daemon))
    ann.evaluate("([key, value]) => localStorage.setItem(`hubbub.${key}`, value)", [key, value])
    ann.reload()
    connected(ann)
    if key == "name":
        expect(ann.get_by_label("Name")).to_have_value("")
    if key == "rooms":
        names = ["#go", "#lobby"] if "go" in value else ["#lobby"]
        expect(ann.locator("#room-list a")).to_have_count(len(names))
    ann.get_by_label("Name").fill("ann")
    say(ann, "still here")
    expect(texts(ann)).to_have_text(["still here"])


def test_a_page_that_comes_back_has_its_fields(daemon, tab):
    """WebKit empties fields of a page that it takes out of its back/forward cache."""
    ann = connected(tab(daemon, "ann"))
    ann.get_by_label("Message", exact=True).fill("half a word")
    ann.evaluate("""() => {
      const empty = () => ["name", "text"].forEach((id) => (document.getElementById(id).value = ""));
      empty();
      setTimeout(empty); // It does so again a moment later.
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    expect(ann.get_by_label("Name")).to_have_value("ann")
    expect(ann.get_by_label("Message", exact=True)).to_have_value("half a word")
    connected(ann)
    ann.get_by_label("Message", exact=True).press("Enter")
    expect(texts(ann)).to_have_text(["half a word"])
    expect(ann.locator("#lines .who")).to_have_text(["ann"])


def test_a_page_from_the_back_forward_cache_goes_on(daemon, browser):
    patient = launch(
        browser.browser_type, "--enable-features=BackForwardCache,AllowBackForwardCacheForWebSocket",
        ignore_default_args=["--disable-back-forward-cache"])
    try:
        page = patient.new_page()
        page.add_init_script("addEventListener('pageshow', (event) => { shown = event.persisted; });")
        page.goto(daemon.url())
        connected(page).get_by_label("Name").fill("ann")
        page.get_by_label("Message", exact=True).fill("half a word")
        page.goto(daemon.url("/healthz"))
        page.go_back(wait_until="commit")
        connected(page)
        if not page.evaluate("shown"):
            pytest.skip("this browser keeps no page that has a WebSocket")
        expect(page.get_by_label("Name")).to_have_value("ann")
        page.get_by_label("Message", exact=True).press("Enter")
        expect(texts(page)).to_have_text(["half a word"])
    finally:
        patient.close()


class Proxy:
    """Passes requests on, one per connection, except upgrades."""

    def __init__(self, daemon, status):
        self._port, self._status = daemon.port, status
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.refused = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096) or exit()
            if re.search(rb"^upgrade:", head, re.I | re.M) and self._status:
                self.refused += 1
                client.sendall(f"HTTP/1.1 {self._status}\r\nContent-Length: 0\r\n"
                               "Connection: close\r\n\r\n".encode())
                return
            head = re.sub(rb"(?im)^(connection|upgrade):.*\r\n", b"", head)
            with socket.create_connection(("127.0.0.1", self._port)) as server:
                server.sendall(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                while part := server.recv(65536):
                    client.sendall(part)

    def url(self, target="/"):
        return f"http://127.0.0.1:{self.port}{target}"

    def close(self):
        self._listener.close()


@pytest.mark.plain
@pytest.mark.parametrize("status", ["426 Upgrade Required", "400 Bad Request", None])
def test_a_proxy_that_drops_the_upgrade_is_reported(daemon, tab, status):
    proxy = Proxy(daemon, status)
    try:
        ann = tab(proxy, "ann")
        notice = ann.locator("#notice")
        expect(notice).to_contain_text(re.compile("proxy.* WebSocket.*until the proxy passes on"))
        expect(ann.locator("#state")).to_have_text("Not connected")
        # It stays so while the page keeps trying.
        ann.get_by_role("button", name="Try again").click()
        expect(notice).to_contain_text(re.compile("proxy.* WebSocket.*until the proxy passes on"))
        expect(ann.locator("#state")).to_have_text("Not connected")
        assert "Reconnecting" not in ann.inner_text("body")
        assert status is None or proxy.refused >= 2
    finally:
        proxy.close()


def test_days_get_their_names_anew_at_midnight(daemon, tab):
    """Sets the page's clock to the end of this day. Later lines are of the next day."""
    def heard(event):
        if event["type"] == "message" and event["message"].startswith("after"):
            event["time"] = (datetime.fromisoformat(event["time"]) + timedelta(days=1)).isoformat()
        return event

    ann = tab(daemon)
    ann.clock.install(time=ann.evaluate("new Date().setHours(23, 59, 0, 0)") / 1000)
    connected(meddle(ann, heard))
    ann.get_by_label("Name").fill("ann")
    say(ann, "before midnight")
    expect(ann.locator(".day")).to_have_text(["Today"])
    ann.clock.fast_forward(61_000)
    expect(ann.locator(".day")).to_have_text(["Yesterday"])
    say(ann, "after midnight")
    expect(texts(ann)).to_have_text(["before midnight", "after midnight"])
    expect(ann.locator(".day")).to_have_text(["Yesterday", "Today"])
