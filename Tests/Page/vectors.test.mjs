// The table of texts that the Swift tests also read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { withEmoji } from "../../Sources/ChatServer/Resources/Page/Text/emoji.js";
import { initialOf } from "../../Sources/ChatServer/Resources/Page/Text/names.js";
import { isBlank, trimmed } from "../../Sources/ChatServer/Resources/Page/Text/signs.js";
import { mentions, piecesOf } from "../../Sources/ChatServer/Resources/Page/Text/text.js";
import { World } from "../BrowserLibrary/world.mjs";

const table = JSON.parse(readFileSync(new URL("../text-vectors.json", import.meta.url), "utf8"));

/** Runs a test for each row of a part of the table. */
function each(part, check) {
  describe(part, () => {
    for (const row of table[part]) it(JSON.stringify(row), () => check(...row));
  });
}

each("names", (text, name) => {
  assert.equal(isBlank(text), name === null);
  if (name !== null) assert.equal(trimmed(text), name);
});
each("messages", (text, isVisible) => assert.equal(isBlank(text), !isVisible));
each("counts", (text, count) => {
  const world = new World();
  const { chat } = world.client();
  chat.connect();
  world.socket.open();
  const limits = { username_characters: 9, text_characters: 9, lines_per_second: 0 };
  world.socket.say({ type: "welcome", limits, ping_interval_ms: 25000 });
  assert.equal(chat.check("a", text).left, 9 - count);
  assert.equal(chat.checkName(` ${text}\u3000`).left, 9 - count);
});
each("initials", (name, initial) => assert.equal(initialOf(name), initial));
each("codes", (text, expected) => assert.equal(withEmoji(text), expected));
each("links", (text, link, href) => {
  const pieces = piecesOf(text);
  assert.deepEqual(pieces.filter((piece) => piece.href), link ? [{ text: link, href }] : []);
  assert.equal(pieces.map((piece) => piece.text ?? piece).join(""), text);
});
each("mentions", (text, name, call) => {
  assert.equal(mentions(text, name), call !== null);
  const calls = piecesOf(text, name).filter(({ isMe }) => isMe).map((piece) => piece.text);
  assert.deepEqual(calls, call === null ? [] : [call]);
});
