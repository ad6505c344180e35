"""The page over https: it picks wss itself."""

from playwright.sync_api import expect

from page import browser, connected, say, tab, texts  # noqa: F401


def test_the_page_over_https_chats_over_wss(start, tab):  # noqa: F811
    daemon = start(tls=True)
    ann, bob = (tab(daemon, name, ignore_https_errors=True) for name in ("ann", "bob"))
    addresses = []
    ann.on("websocket", lambda socket: addresses.append(socket.url))
    ann.reload()
    for each in (ann, bob):
        connected(each)
    say(ann, "over TLS")
    expect(texts(bob)).to_have_text(["over TLS"])
    say(bob, "I see")
    expect(texts(ann)).to_have_text(["over TLS", "I see"])
    assert addresses == [f"wss://127.0.0.1:{daemon.port}/ws"]
    assert ann.evaluate("isSecureContext")
