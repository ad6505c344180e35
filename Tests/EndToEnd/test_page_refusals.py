"""Input that the page or the server refuses. The reader sees the reason where it happened."""

import json

import pytest
from playwright.sync_api import expect

from page import browser, connected, meddle, say, tab, texts  # noqa: F401

BLANK = "\u2800"  # A Braille pattern without dots, which is invisible.


def message(page):
    return page.get_by_label("Message", exact=True)


def refused(page, field, text):
    """The field is marked, and the reason is on the screen and is announced with the field."""
    note = page.locator("#refusal")
    expect(note).to_contain_text(text)
    expect(note).to_be_in_viewport(ratio=1)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "refusal" in field.get_attribute("aria-describedby").split()


@pytest.mark.parametrize("name", ["", "  ", BLANK, "\u3164", "\u200b\ufe0f"])
def test_an_invisible_name_is_refused_at_its_field(daemon, tab, name):
    ann = connected(tab(daemon, name))
    say(ann, "anonymous?")
    refused(ann, ann.get_by_label("Name"), "Choose a name first")
    expect(ann.get_by_label("Name")).to_be_focused()
    expect(message(ann)).to_have_value("anonymous?")
    ann.get_by_label("Name").fill("ann")
    expect(ann.locator("#refusal")).to_be_hidden()
    ann.keyboard.press("Enter")
    ann.keyboard.press("Enter")
    expect(texts(ann)).to_have_text(["anonymous?"])


def test_a_name_is_counted_as_the_server_counts(daemon, tab):
    name = "😀" * 32
    ann = connected(tab(daemon, name + "x"))
    refused(ann, ann.get_by_label("Name"), "1 character")
    say(ann, "too long?")
    expect(ann.get_by_label("Name")).to_be_focused()
    expect(message(ann)).to_have_value("too long?")
    ann.get_by_label("Name").fill(name)
    expect(ann.locator("#refusal")).to_be_hidden()
    say(ann, "it fits")
    expect(texts(ann)).to_have_text(["it fits"])
    expect(ann.locator("#lines .who")).to_have_text([name])


def test_an_invalid_room_is_refused_at_its_field(daemon, tab):
    ann = connected(tab(daemon, "ann"))
    field, note = ann.get_by_label("Go to a room"), ann.locator("#room-refusal")
    field.fill("no/room")
    ann.keyboard.press("Enter")
    expect(note).to_contain_text("A room's name has 1 to 64")
    expect(note).to_be_in_viewport(ratio=1)
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("room")
    expect(note).to_be_hidden()
    ann.keyboard.press("Enter")
    expect(ann.locator("#room-name")).to_have_text("room")


def test_an_invisible_message_is_refused(daemon, tab):
    ann = connected(tab(daemon, "ann"))
    say(ann, BLANK)
    refused(ann, message(ann), "nothing to see")
    message(ann).fill("something")
    expect(ann.locator("#refusal")).to_be_hidden()


def test_text_that_is_too_long_stays_in_the_field_and_can_be_shortened(daemon, tab):
    ann = connected(tab(daemon, "ann"))
    expect(ann.locator("#left")).to_be_empty()
    message(ann).focus()
    ann.keyboard.insert_text("😀" * 3000)
    expect(ann.locator("#left")).to_have_text("1,000 too many")
    ann.keyboard.press("Enter")
    refused(ann, message(ann), "1000")
    expect(message(ann)).to_have_value("😀" * 3000)
    expect(ann.locator("#waiting .line")).to_have_count(0)
    message(ann).fill("😀" * 1990)
    expect(ann.locator("#refusal")).to_be_hidden()
    expect(ann.locator("#left")).to_have_text("10 left")
    ann.keyboard.press("Enter")
    expect(texts(ann)).to_have_text(["😀" * 1990])
    expect(ann.locator("#left")).to_be_empty()


def unlimited(event):
    """The page gets no limit, so that the server is the one that refuses."""
    if event["type"] == "welcome":
        event["limits"]["text_characters"] = 0
    return event


def test_a_line_that_the_server_refuses_goes_back_into_the_field(start, tab):
    ann = connected(meddle(tab(start("--max-text-characters", "20"), "ann"), unlimited))
    say(ann, "x" * 21)
    refused(ann, message(ann), "at most 20 are allowed")
    expect(message(ann)).to_have_value("x" * 21)
    expect(ann.locator("#waiting .line")).to_have_count(0)
    ann.keyboard.press("Backspace")
    ann.keyboard.press("Enter")
    expect(texts(ann)).to_have_text(["x" * 20])
    say(ann, "and another")
    expect(texts(ann)).to_have_text(["x" * 20, "and another"])


def refused_late(start, tab):
    """A page whose line of 21 characters was refused, and what lets the page hear of it."""
    answers, sockets = [], []

    def late(event):
        if event["type"] != "error":
            return unlimited(event)
        answers.append(event)

    ann = meddle(tab(start("--max-text-characters", "20"), "ann"), late, sockets=sockets)
    say(connected(ann), "x" * 21)
    while not answers:
        ann.wait_for_timeout(20)  # The time that the server needs.
    return ann, lambda: sockets[-1].send(json.dumps(answers[0]))


def test_a_refused_line_waits_while_another_is_being_written(start, tab):
    ann, tell = refused_late(start, tab)
    message(ann).fill("half a word")
    tell()
    failed = ann.locator("#waiting .failed")
    expect(failed).to_contain_text("Not sent: The message has 21 characters")
    expect(message(ann)).to_have_value("half a word")
    expect(failed.get_by_role("button", name="Try again")).to_have_count(0)
    failed.get_by_role("button", name="Edit").click()
    expect(failed).to_have_count(0)
    expect(message(ann)).to_have_value(f"half a word\n{'x' * 21}")
    expect(message(ann)).to_be_focused()
    refused(ann, message(ann), "at most 20 are allowed")
    message(ann).fill("short")
    ann.keyboard.press("Enter")
    expect(texts(ann)).to_have_text(["short"])


def test_a_refused_line_goes_back_to_the_room_where_it_was_written(start, tab):
    ann, tell = refused_late(start, tab)
    ann.get_by_label("Go to a room").fill("go")
    ann.keyboard.press("Enter")
    expect(message(ann)).to_have_attribute("placeholder", "Message #go")
    tell()
    say(ann, "in go")
    expect(texts(ann)).to_have_text(["in go"])
    ann.get_by_role("link", name="lobby").click()
    expect(message(ann)).to_have_value("x" * 21)
    refused(ann, message(ann), "at most 20 are allowed")


def test_a_line_that_may_be_accepted_later_can_be_retried(daemon, tab):
    refusals = iter([True])

    def said(command):
        if command["type"] == "message" and next(refusals, False):
            return {"type": "error", "id": command["id"], "code": "store_unavailable",
                    "reason": "Lines can't be stored at present."}

    ann = connected(meddle(tab(daemon, "ann"), said=said))
    say(ann, "hello")
    failed = ann.locator("#waiting .failed")
    expect(failed).to_contain_text("Not sent: Lines can't be stored at present.")
    expect(failed.get_by_role("button", name="Edit")).to_have_count(0)
    failed.get_by_role("button", name="Try again").click()
    expect(texts(ann)).to_have_text(["hello"])
    expect(failed).to_have_count(0)
