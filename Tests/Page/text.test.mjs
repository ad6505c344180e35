import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isJumbo, withEmoji } from "../../Sources/ChatServer/Resources/Page/Text/emoji.js";
import { mentions, piecesOf } from "../../Sources/ChatServer/Resources/Page/Text/text.js";

describe("short codes", () => {
  for (const [text, expected] of [
    [":tada: :+1: :-1: :100:", "🎉 👍 👎 💯"],
    [":smile::smile:", "😄😄"],
    [":lol: is :joy:", "😂 is 😂"],
    [":nope: :constructor: :Smile: : smile :", ":nope: :constructor: :Smile: : smile :"],
    ["at 10:30:00", "at 10:30:00"],
  ]) {
    it(`${text} → ${expected}`, () => assert.equal(withEmoji(text), expected));
  }

  it("up to five signs alone are large", () => {
    for (const text of ["🔥", "❤️", "👍🏽 👍", "🎉🎉🎉🎉🎉"]) assert.ok(isJumbo(text), text);
    for (const text of ["", "7", "🔥!", "🎉🎉🎉🎉🎉🎉"]) assert.ok(!isJumbo(text), text);
  });
});

describe("links", () => {
  const link = (text, href = text) => ({ text, href });
  for (const [text, ...expected] of [
    ["no link: example.org, ftp://a.example, javascript:alert(1), http://"],
    ["https://a.example/b", link("https://a.example/b")],
    ["HTTP://A.example", link("HTTP://A.example", "http://a.example/")],
    ["go to http://a.example/.", "go to ", link("http://a.example/"), "."],
    ["(http://a.example/x)", "(", link("http://a.example/x"), ")"],
    ["https://a.example/b_(c)?d=e#f!", link("https://a.example/b_(c)?d=e#f"), "!"],
    ['http://a.example/"onclick="x', link("http://a.example/"), '"onclick="x'],
  ]) {
    it(text, () => assert.deepEqual(piecesOf(text), expected.length ? expected : [text]));
  }

  it("an @ in an address is no mention", () => {
    assert.deepEqual(piecesOf("https://a.example/@ann", "ann"), [link("https://a.example/@ann")]);
  });

  it("and mentions are twelve at most; the rest stays text", () => {
    const pieces = piecesOf("@a ".repeat(14));
    assert.equal(pieces.filter(({ text }) => text).length, 12);
    assert.equal(pieces.at(-1), " @a @a ");
  });
});

describe("mentions", () => {
  it("are pieces of their own, and those of the reader are marked", () => {
    assert.deepEqual(piecesOf("hi @Ann, @bob", "ann"),
      ["hi ", { text: "@Ann", isMe: true }, ", ", { text: "@bob", isMe: false }]);
  });

  for (const [text, name, isCalled] of [
    ["hi @ann", "ann", true],
    ["hi @ANN!", "ann", true],
    ["(@ann)", "ann", true],
    ["@ann.", "ann", true],
    ["@ann b. there?", "ann b.", true],
    ["@annabel and @ann", "ann", true],
    ["ann", "ann", false],
    ["@annabel", "ann", false],
    ["ann@ann.example", "ann", false],
    ["@@ann", "ann", false],
    ["@ann_", "ann", false],
    ["@", "", false],
    ["@ann", undefined, false],
  ]) {
    it(`${text} ${isCalled ? "calls" : "doesn't call"} ${name}`,
      () => assert.equal(mentions(text, name), isCalled));
  }
});
