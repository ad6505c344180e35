import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isJumbo } from "../../Sources/ChatServer/Resources/Page/Text/emoji.js";
import { piecesOf } from "../../Sources/ChatServer/Resources/Page/Text/text.js";

describe("signs", () => {
  it("up to five signs alone are large", () => {
    for (const text of ["🔥", "❤️", "👍🏽 👍", "🎉🎉🎉🎉🎉", "👩‍👩‍👧 🇩🇪 7️⃣"]) assert.ok(isJumbo(text), text);
    for (const text of ["", "7", "🔥!", "🎉🎉🎉🎉🎉🎉", "🇩"]) assert.ok(!isJumbo(text), text);
  });
});

describe("links", () => {
  it("may have an @ that is no mention", () => {
    const [text, href] = ["https://a.example/@ann", "https://a.example/@ann"];
    assert.deepEqual(piecesOf(text, "ann"), [{ text, href }]);
  });

  it("and mentions are at most twelve, and the rest stays text", () => {
    const pieces = piecesOf("@a ".repeat(14));
    assert.equal(pieces.filter(({ text }) => text).length, 12);
    assert.equal(pieces.at(-1), " @a @a ");
  });
});

describe("mentions", () => {
  it("are separate pieces, and those of the reader are marked", () => {
    assert.deepEqual(piecesOf("hi @Ann, @bob", "ann"),
      ["hi ", { text: "@Ann", isMe: true }, ", ", { text: "@bob", isMe: false }]);
  });
});
