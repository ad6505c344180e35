"""The chat page for people who don't see it, don't use a mouse, or can't bear motion."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from page import Speaker, browser, connected, last, meddle, say, tab, texts  # noqa: F401

SCHEMES = ["light", "dark"]


def violations(page):
    """The violations that axe-core finds against WCAG 2.2 AA and its best practices."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


def furnished(page, count=1):
    """The page with everything that a room can have on it, and `count` lines."""
    connected(page)
    say(page, "a link: https://example.org, a call: @ann, and a sign :tada:")
    expect(texts(page)).to_have_count(count)
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(daemon, tab, scheme, width):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 740}, "bypass_csp": True}
    bob = connected(tab(daemon, "bob", "/r/go"))
    ann = furnished(tab(daemon, "ann", "/r/go", **options))
    say(bob, "@ann hello")
    say(ann, "x" * 2001)
    expect(ann.locator("#refusal")).to_be_visible()
    expect(texts(ann)).to_have_count(2)
    assert violations(ann) == []
    ann.get_by_role("button", name="Emoji").click()
    assert violations(ann) == []
    ann.keyboard.press("Escape")
    if width < 500:
        ann.get_by_role("button", name="Rooms").click()
        assert violations(ann) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_of_a_name_is_readable(daemon, tab, scheme):
    ann = furnished(tab(daemon, "ann", color_scheme=scheme))
    worst = ann.evaluate("""() => {
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const luminance = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
          .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const row = document.querySelector("#lines .line");
      const who = row.querySelector(".who");
      const grounds = ["--surface", "--own", "--mention", "--hover", "--ground", "--raised"]
        .map((name) => getComputedStyle(document.documentElement).getPropertyValue(name));
      const ratios = [];
      for (let hue = 0; hue < 360; hue++) {
        row.style.setProperty("--hue", hue);
        const mine = luminance(getComputedStyle(who).color);
        for (const ground of grounds) {
          const other = luminance(ground);
          ratios.push((Math.max(mine, other) + 0.05) / (Math.min(mine, other) + 0.05));
        }
      }
      return Math.min(...ratios);
    }""")
    assert worst >= 4.5


# For every visible element with text, an icon or a placeholder of its own: the contrast with its
# background. For every field: also the contrast of its border with the surroundings.
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const drawn = (...colours) => {
    for (const colour of ["#f0f", ...colours]) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    const colours = [];
    for (let each = element; each; each = each.parentElement) {
      colours.unshift(getComputedStyle(each).backgroundColor);
    }
    return colours;
  };
  const contrasts = [];
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    const name = `${element.tagName} ${element.id || element.className} ${element.textContent}`;
    const note = (what, ratio, least) => contrasts.push([name.trim().slice(0, 80), what, ratio, least]);
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    if (style.clipPath !== "none" || element.closest("[aria-hidden=true]")) continue;
    const grounds = behind(element);
    const opacity = Number(style.opacity);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isField = element.matches("input, textarea");
    if (hasText || isField || element.querySelector(":scope > svg")) {
      canvas.globalAlpha = 1;
      const ground = drawn(...grounds);
      canvas.globalAlpha = opacity;
      note("text", ratio(drawn(...grounds, style.color), ground), 4.5);
      canvas.globalAlpha = 1;
      if (element.placeholder) {
        const colour = getComputedStyle(element, "::placeholder").color;
        note("placeholder", ratio(drawn(...grounds, colour), ground), 4.5);
      }
      if (isField) {
        const outside = behind(element.parentElement);
        note("rim", ratio(drawn(...outside, style.borderTopColor), drawn(...outside)), 3);
      }
    }
  }
  return contrasts;
}"""


def poor(page):
    """The elements on the page with too little contrast."""
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 10
    return [each for each in contrasts if each[2] < each[3]]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 375])
def test_every_control_and_text_has_enough_contrast(daemon, tab, scheme, width):
    def said(command):
        if command["type"] == "message" and command["message"] == "fails":
            return {"type": "error", "id": command["id"], "code": "store_unavailable", "reason": "Full."}
        if command["type"] == "message" and command["message"] == "waits":
            return {"type": "presence", "room": "go", "count": 2}

    bob = connected(tab(daemon, "bob", "/r/go"))
    say(bob, "@ann hello")
    expect(texts(bob)).to_have_count(1)
    ann = tab(daemon, "ann", "/r/go", color_scheme=scheme, viewport={"width": width, "height": 740})
    furnished(meddle(ann, said=said), count=2)
    say(ann, "fails")
    expect(ann.locator("#waiting .failed")).to_be_visible()
    say(ann, "waits")
    expect(ann.locator("#waiting .pending")).to_be_visible()
    assert poor(ann) == []
    say(ann, "x" * 2001)
    ann.get_by_role("button", name="Rooms").click() if width < 500 else None
    ann.get_by_label("Go to a room").fill("NO/")
    ann.keyboard.press("Enter")
    assert poor(ann) == []
    if width < 500:
        ann.keyboard.press("Escape")
        ann.get_by_role("button", name="people here").click()
        assert poor(ann) == []
        ann.keyboard.press("Escape")
    ann.get_by_role("button", name="Emoji").click()
    assert poor(ann) == []
    for control in ann.locator("button:visible, a:visible:not(#skip)").all()[:40]:
        control.hover(force=True, no_wait_after=True)
        faint = [each for each in poor(ann) if each[1] == "text"]
        assert faint == []
    ann.keyboard.press("Escape")
    ann.context.set_offline(True)
    expect(ann.locator("#notice")).to_be_visible()
    assert poor(ann) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_test_of_contrast_sees_a_blank_picker(daemon, tab, scheme):
    """White on white, as in an earlier version."""
    ann = connected(tab(daemon, "ann", color_scheme=scheme, bypass_csp=True))
    ann.get_by_role("button", name="Emoji").click()
    assert poor(ann) == []
    ann.add_style_tag(content="#picker button { color: var(--on-accent); }")
    assert any("💯" in name for name, *_ in poor(ann))


def test_a_long_name_leaves_room_for_you(daemon, tab):
    name = "Maximilianes"
    ann, other = connected(tab(daemon, name)), connected(tab(daemon, name))
    for page in (ann, other):
        say(page, "hi")
    row = ann.locator("#people-list li")
    expect(row).to_have_text(f"{name} (you) ×2")
    assert row.evaluate("""row => {
      const who = row.querySelector(".who");
      return who.scrollWidth <= who.clientWidth && row.scrollWidth <= row.clientWidth;
    }""")


def test_the_panel_says_whose_names_it_has(daemon, tab, join):
    ann = connected(tab(daemon, "ann"))
    note = ann.locator("#people-note")
    say(ann, "hi")
    expect(note).to_have_text("1 person in this room")
    join(daemon)  # Without a name.
    expect(note).to_have_text("2 people in this room. These have a name:")


def test_tab_reaches_names_and_mentions_them(daemon, tab):
    ann, bob = furnished(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    say(bob, "one")
    say(bob, "two")
    expect(texts(ann)).to_have_count(3)
    ann.locator("#log").focus()
    ann.keyboard.press("Tab")
    ann.keyboard.press("Tab")
    ann.keyboard.press("Tab")
    assert ann.evaluate("document.activeElement.textContent") == "bob"
    ann.keyboard.press("Enter")
    field = ann.get_by_label("Message", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("@bob ")
    ann.locator("#people-list").get_by_role("button", name="bob").press("Enter")
    expect(field).to_have_value("@bob @bob ")


def test_each_element_has_a_role_and_a_name(daemon, tab):
    ann = furnished(tab(daemon, "ann"))
    for role, name in [
        ("heading", "Welcome to the Chat Room!"), ("log", "Messages in lobby"),
        ("navigation", "Rooms"), ("complementary", "People"), ("form", "Your message"),
        ("textbox", "Name"), ("textbox", "Message"), ("textbox", "Go to a room"),
        ("button", "Send"), ("button", "Emoji"), ("button", "Go"), ("button", "1 person here"),
    ]:
        expect(ann.get_by_role(role, name=name, exact=True)).to_be_visible()
    expect(ann.get_by_role("link", name="Skip to your message")).to_have_count(1)
    assert ann.evaluate("document.documentElement.lang") == "en"


def test_the_keyboard_reaches_everything_in_its_order(daemon, tab):
    ann = furnished(tab(daemon, "ann"))
    ann.locator("#skip").focus()
    order = []
    for _ in range(10):
        ann.keyboard.press("Tab")
        order.append(ann.evaluate("document.activeElement.id || document.activeElement.textContent"))
        width = ann.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, f"the focus on {order[-1]} can't be seen"
    assert order == [
        "people-button", "lobby", "room-field", "Go", "log", "ann", "https://example.org", "name",
        "text", "emoji"]
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("button", name="smile")).to_be_focused()
    ann.keyboard.press("ArrowRight")
    ann.keyboard.press("Enter")
    expect(ann.get_by_label("Message", exact=True)).to_be_focused()
    expect(ann.get_by_label("Message", exact=True)).to_have_value("😁")
    ann.keyboard.press("Shift+Enter")
    ann.keyboard.type("second row")
    ann.keyboard.press("Enter")
    expect(last(ann)).to_have_text("😁\nsecond row")


def test_the_skip_link_leads_to_the_message(daemon, tab):
    ann = furnished(tab(daemon, "ann", "/#/go"))
    skip = ann.get_by_role("link", name="Skip to your message")
    expect(skip).not_to_be_in_viewport()
    skip.focus()
    expect(skip).to_be_in_viewport()
    ann.keyboard.press("Enter")
    expect(ann.get_by_label("Message", exact=True)).to_be_focused()
    expect(ann.locator("#room-name")).to_have_text("go")


def test_lines_are_announced_and_a_flood_is_summarised(start, tab):
    daemon = start("--lines-per-second", "0")
    ann, bob = connected(tab(daemon, "ann")), connected(tab(daemon, "bob"))
    expect(ann.locator("#log")).to_have_attribute("aria-live", "off")
    say(bob, "hello ann")
    expect(ann.get_by_role("status")).to_have_text(re.compile("bob: hello ann$"))
    ann.evaluate("""() => {
      window.announcements = [];
      new MutationObserver(() => announcements.push(document.getElementById("announcer").textContent))
        .observe(document.getElementById("announcer"), { childList: true });
    }""")
    with Speaker(daemon, 900, per_second=300):
        pass
    expect(ann.get_by_role("status")).to_have_text(re.compile("line 900 of 900$"))
    announcements = ann.evaluate("announcements")
    assert len(announcements) <= 4
    assert any(re.match(r"\d+ new messages\. speaker \d+: line", each) for each in announcements)


def test_nothing_moves_if_the_user_prefers_reduced_motion(daemon, tab):
    ann = furnished(tab(daemon, "ann", reduced_motion="reduce"))
    moving = ann.evaluate("""() => [...document.querySelectorAll("*")].filter((each) => {
      const style = getComputedStyle(each);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
        || style.scrollBehavior === "smooth";
    }).length""")
    assert moving == 0


def test_the_text_can_be_twice_as_large(daemon, tab):
    # For a page that is magnified to 200 %, a window of 640 × 720 is one of 320 × 360.
    ann = furnished(tab(daemon, "ann", viewport={"width": 320, "height": 360}, device_scale_factor=2))
    for element in ("#name", "#text", "#send"):
        expect(ann.locator(element)).to_be_in_viewport(ratio=1)
    expect(last(ann)).to_be_in_viewport()
    assert ann.evaluate("document.documentElement.scrollWidth") <= 320
