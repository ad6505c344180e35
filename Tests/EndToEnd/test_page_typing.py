"""Keys that the page must leave alone or convert: input methods, and short codes."""

import pytest
from playwright.sync_api import expect

from page import browser, connected, last, say, tab, texts  # noqa: F401

FIELDS = {"name": "Name", "text": "Message", "room-field": "Go to a room"}

# Safari's Enter at the end of a composition: `isComposing` is already false.
ENTER_229 = """id => document.getElementById(id).dispatchEvent(new KeyboardEvent("keydown", {
  key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""


def press_enter_as_an_input_method(page):
    """A trusted Enter with the key code of an input method, which would submit a form."""
    session = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {
            "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229,
            **({"text": "\r"} if kind == "keyDown" else {})})


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("enter", ["while composing", "of Safari", "of a form"])
def test_nothing_is_sent_or_moved_while_an_input_method_composes(daemon, tab, field, enter):
    ann = connected(tab(daemon, "ann"))
    ann.get_by_label("Message", exact=True).fill("half a w")
    target = ann.get_by_label(FIELDS[field], exact=True)
    target.focus()
    if enter == "while composing":
        session = ann.context.new_cdp_session(ann)
        session.send("Input.imeSetComposition", {
            "text": "にほ", "selectionStart": 2, "selectionEnd": 2})
        ann.evaluate("""id => document.getElementById(id).dispatchEvent(new KeyboardEvent("keydown", {
          key: "Enter", keyCode: 13, isComposing: true, bubbles: true, cancelable: true }))""", field)
        expect(target).to_have_value(
            {"name": "annにほ", "text": "half a wにほ", "room-field": "にほ"}[field])
    elif enter == "of Safari":
        ann.evaluate(ENTER_229, field)
    else:
        press_enter_as_an_input_method(ann)
    expect(target).to_be_focused()
    expect(ann.get_by_label("Message", exact=True)).to_have_value(
        "half a wにほ" if enter == "while composing" and field == "text" else
        "half a w" + ("\n" if enter == "of a form" and field == "text" else ""))
    expect(ann.locator("#room-name")).to_have_text("lobby")
    expect(ann.locator("#lines .line, #waiting .line")).to_have_count(0)
    expect(ann.locator("[aria-invalid=true]")).to_have_count(0)


def test_escape_and_arrows_belong_to_the_input_method_too(daemon, tab):
    ann = connected(tab(daemon, "ann", viewport={"width": 375, "height": 700}))
    ann.get_by_role("button", name="Rooms").click()
    ann.evaluate("""() => document.getElementById("room-field").dispatchEvent(
      new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true }))""")
    expect(ann.locator("#rooms")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(ann.locator("#rooms")).to_be_hidden()


@pytest.mark.parametrize("text", [
    "ping 2001:db8:100::1", "std::ok::value", "x:ok: y", "`a :ok: b`", "a :ok:x",
    "https://a.example/:ok:/x"])
def test_a_short_code_inside_other_text_stays_unchanged(daemon, tab, text):
    ann = connected(tab(daemon, "ann"))
    field = ann.get_by_label("Message", exact=True)
    field.press_sequentially(text)
    expect(field).to_have_value(text)
    ann.keyboard.press("Enter")
    expect(texts(ann)).to_have_text([text])


def test_a_short_code_becomes_a_sign_where_it_ends(daemon, tab):
    ann = connected(tab(daemon, "ann"))
    field = ann.get_by_label("Message", exact=True)
    field.press_sequentially("so :tada:")
    expect(field).to_have_value("so :tada:")
    field.press_sequentially(" or :ok:")
    expect(field).to_have_value("so 🎉 or :ok:")
    ann.keyboard.press("Enter")
    expect(last(ann)).to_have_text("so 🎉 or 👌")


def test_a_name_with_an_accent_is_mentioned_in_either_form(daemon, tab):
    jose, bob = connected(tab(daemon, "Jos\u00e9")), connected(tab(daemon, "bob"))
    say(bob, "@Jose\u0301 https://example.org/a、次 and @Jose")
    expect(jose.locator(".mention .me")).to_have_text("@Jose\u0301")
    expect(jose.locator("#lines a")).to_have_text("https://example.org/a")
