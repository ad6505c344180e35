"""Event streams: over crashes, in a browser, and behind proxies."""

import json
import re
import signal
import subprocess

import pytest

from browser import launched
from daemon import PATIENCE, ROOT
from events import Events
from proxies import PROXIES, Proxy, is_installed

FREE = ("--lines-per-second", "0")
# A proxy that collects a response would keep a line for longer than this.
SOON = 10

READER = """target => {
    window.seen = []; window.types = []; window.opened = 0;
    window.source = new EventSource(target);
    source.onopen = () => window.opened += 1;
    source.onmessage = event => window.seen.push(JSON.parse(event.data).seq);
    for (const type of ["joined", "gap", "closing"])
        source.addEventListener(type, event => window.types.push(type));
}"""


def say(client, *texts):
    """Says lines, and waits for the answer to the last one."""
    for text in texts[:-1]:
        client.send(type="message", room="lobby", message=str(text))
    client.post(str(texts[-1]))


@pytest.mark.plain
def test_an_event_source_misses_nothing_over_a_kill(start, rich, tmp_path):
    data = tmp_path / "data"
    daemon = start(*FREE, data=data)
    with launched() as browser:
        page = browser.new_page()
        page.goto(daemon.url("/healthz"))
        page.evaluate(READER, "/api/v1/rooms/lobby/events")
        page.wait_for_function("types.includes('joined')")
        count = 0
        for _ in range(3):
            ann = rich(daemon)
            ann.join("lobby", username="ann")
            say(ann, *range(20))
            count += 20
            # Some lines have reached it, others haven't.
            page.wait_for_function("count => seen.length > count", arg=count - 20)
            daemon.kill()
            daemon = start(*FREE, data=data, port=daemon.port)
            # These are said while the page waits.
            bob = rich(daemon)
            bob.join("lobby", username="bob")
            say(bob, *range(10))
            count += 10
        page.wait_for_function("count => seen.length >= count", arg=count)
        say(bob, "last")
        page.wait_for_function("count => seen.length > count", arg=count)
        assert page.evaluate("seen") == list(range(1, count + 2))
        assert "gap" not in page.evaluate("types")
        assert page.evaluate("opened") == 4


@pytest.mark.plain
def test_the_example_of_the_documents_shows_lines(daemon, rich):
    text = (ROOT / "Sources/ChatServer/ChatServer.docc/HTTPAPI.md").read_text()
    example = re.search(r"```html\n(.*?EventSource.*?)```", text, re.DOTALL)[1]
    ann = rich(daemon)
    ann.join("lobby", username="ann")
    say(ann, "before")
    with launched() as browser:
        page = browser.new_page()
        page.goto(daemon.url("/healthz"))
        page.set_content(example)
        page.wait_for_selector("li")
        say(ann, "<b>after</b>")
        page.wait_for_selector("li + li")
        assert page.locator("li").all_inner_texts() == ["ann: before", "ann: <b>after</b>"]


@pytest.mark.plain
def test_a_stream_goes_on_where_it_was(start, rich, tmp_path):
    data = tmp_path / "data"
    daemon = start(*FREE, data=data)
    ann = rich(daemon)
    ann.join("lobby", username="ann")
    with Events(daemon.port, "events?rooms=lobby,other") as events:
        assert events.status == 200
        say(ann, 1, 2, 3)
        assert events.lines(3) == [1, 2, 3]
    say(ann, 4)
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    daemon = start(*FREE, data=data)
    with Events(daemon.port, "events?rooms=lobby,other", after=events.last_id) as again:
        assert again.lines(1) == [4]
        daemon.signal(signal.SIGTERM)
        assert again.next("closing")["reconnect_after_ms"] > 0
        assert again.next("closed")["close_code"] == 1001
        assert again.next() is None


@pytest.mark.plain
@pytest.mark.parametrize("name", PROXIES)
def test_a_line_passes_a_proxy_at_once(start, rich, tmp_path, name):
    if not is_installed(name):
        pytest.skip(f"{name} isn't installed")
    daemon = start(*FREE)
    ann = rich(daemon)
    ann.join("lobby", username="ann")
    with Proxy(name, daemon.port, tmp_path) as proxy:
        with Events(proxy.port, patience=SOON) as events:
            assert events.status == 200
            assert events.fields["content-type"] == "text/event-stream"
            assert events.next("joined")["room"] == "lobby"
            for number in range(1, 4):
                say(ann, number)
                assert events.lines(1) == [number]
            daemon.signal(signal.SIGTERM)
            assert events.next("closing")


@pytest.mark.plain
def test_curl_reads_a_stream(start, rich):
    daemon = start(*FREE)
    ann = rich(daemon)
    ann.join("lobby", username="ann")
    with subprocess.Popen(
            ["curl", "--silent", "--no-buffer", daemon.url("/api/v1/rooms/lobby/events")],
            stdout=subprocess.PIPE, text=True) as curl:
        wanted = "data: "
        assert json.loads(next(line for line in curl.stdout if line.startswith(wanted))[6:])["type"] == "joined"
        say(ann, "hi")
        assert json.loads(next(line for line in curl.stdout if line.startswith(wanted))[6:])["message"] == "hi"
        curl.terminate()
        curl.wait(PATIENCE)
