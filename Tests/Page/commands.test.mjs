import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { commandIn, HELP } from "../../Sources/ChatServer/Resources/Page/Moderation/commands.js";

const place = {
  names: ["bob", "Mad Max", "Mad"], latest: 50, ownLine: 41, change: 9, held: "h1",
  targetOf: (name) => (name === "cy" ? { username: name } : { by_line: 7 }),
};
const command = (text) => {
  const { name, ...rest } = commandIn(text, place) ?? {};
  return JSON.parse(JSON.stringify(rest));
};
const settings = (fields) => ({ type: "settings", fields });

describe("a command of a moderator", () => {
  for (const [text, expected] of [
    ["/ban bob", { type: "ban", fields: { by_line: 7 } }],
    ["/ban @bob  spam, again", { type: "ban", fields: { by_line: 7, reason: "spam, again" } }],
    ["/ban cy", { type: "ban", fields: { username: "cy" } }],
    ["/ban Mad Max spam", { type: "ban", fields: { by_line: 7, reason: "spam" } }],
    ["/ban \"bob\" spam", { type: "ban", fields: { by_line: 7, reason: "spam" } }],
    ["/timeout bob", { type: "timeout", fields: { by_line: 7, seconds: 600 } }],
    ["/timeout bob 1h spam", { type: "timeout", fields: { by_line: 7, seconds: 3600, reason: "spam" } }],
    ["/timeout bob 30", { type: "timeout", fields: { by_line: 7, seconds: 30 } }],
    ["/timeout bob 3 times now",
      { type: "timeout", fields: { by_line: 7, seconds: 3, reason: "times now" } }],
    ["/unban bob", { type: "unban", fields: { username: "bob" } }],
    ["/untimeout bob", { type: "unban", fields: { username: "bob" } }],
    ["/delete", { type: "delete", fields: { seq: 41 } }],
    ["/delete 7", { type: "delete", fields: { seq: 7 } }],
    ["/delete bob", { type: "delete", fields: { seq: 7 } }],
    ["/delete 7, 8", { type: "delete", fields: { seqs: [7, 8] } }],
    ["/clear", { type: "purge", fields: { from: 1, to: 50 } }],
    ["/clear 90s", { type: "purge", fields: { last_minutes: 2 } }],
    ["/clear bob", { type: "purge", fields: { by_line: 7 } }],
    ["/slow", settings({ slow_seconds: 30 })], ["/slow 5", settings({ slow_seconds: 5 })],
    ["/slowoff", settings({ slow_seconds: 0 })], ["/members", settings({ members_only: true })],
    ["/membersoff", settings({ members_only: false })],
    ["/followers 1h", settings({ known_minutes: 60 })],
    ["/followersoff", settings({ known_minutes: 0 })],
    ["/unique", settings({ unique: true })], ["/uniqueoff", settings({ unique: false })],
    ["/links", settings({ links: true })], ["/linksoff", settings({ links: false })],
    ["/freeze", settings({ frozen: true })], ["/unfreeze", settings({ frozen: false })],
    ["/hold 20", settings({ hold_seconds: 20 })], ["/holdoff", settings({ hold_seconds: 0 })],
    ["/pin", settings({ pinned: 50 })], ["/pin 3", settings({ pinned: 3 })],
    ["/unpin", settings({ pinned: null })],
    ["/announce Hello, all", { type: "announce", fields: { message: "Hello, all" } }],
    ["/block bad word",
      { type: "terms", fields: { add: [{ term: "bad word", action: "block" }] } }],
    ["/review /b.d/", { type: "terms", fields: { add: [{ term: "/b.d/", action: "hold" }] } }],
    ["/allow bad", { type: "terms", fields: { remove: ["bad"] } }],
    ["/panic", { type: "panic", fields: { on: true } }],
    ["/shieldoff", { type: "panic", fields: { on: false } }],
    ["/undo", { type: "undo", fields: { rev: 9 } }],
    ["/undo 4", { type: "undo", fields: { rev: 4 } }],
    ["/approve", { type: "approve", fields: { held: "h1" } }],
    ["/reject h2", { type: "reject", fields: { held: "h2" } }],
    ["/held", { view: "held" }], ["/modlog", { view: "log" }], ["/help", { view: "help" }],
  ]) {
    it(`is ${text}`, () => assert.deepEqual(command(text), expected));
  }

  for (const text of ["/ban", "/timeout ", "/announce", "/block", "/delete cy", "/unban"]) {
    it(`lacks words: ${text}`, () => assert.match(command(text).reason, /^Write \/[a-z]+ /));
  }

  for (const text of ["hi", "/shrug", "/home/ann", "/ Ban", "/constructor x", "/BAN bob"]) {
    it(`isn't ${text}`, () => assert.equal(commandIn(text, place), undefined));
  }

  it("is listed in the help", () => {
    for (const name of ["/ban NAME [REASON]", "/timeout NAME [10m] [REASON]", "/shield"]) {
      assert.ok(HELP.includes(name));
    }
  });
});
