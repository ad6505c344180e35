// Commands that the server can't accept, or can't even read.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

const HALF = "😀".slice(0, 1);
const texts = (socket) => socket.heard("message").map(({ message }) => message);
const withLimits = (limits) => ({ welcome: { limits: { ...WELCOME.limits, ...limits } } });

/** Ends the connection, and opens the next one. */
async function reconnect(world, code) {
  world.socket.end(code);
  await world.pass(30_000);
  await world.reopened();
}

describe("a line that can't be sent", () => {
  const lines = [
    ["half a surrogate pair", HALF, {}, "invalid_command", /half a character/],
    ["the other half", "a😀".slice(2), {}, "invalid_command", /half a character/],
    ["too many characters", "x".repeat(2001), {}, "message_too_long", / 1 characters too many/],
    ["too many, and half of one", `${"x".repeat(2000)}${HALF}`, {}, "message_too_long", / 1 char/],
    ["70 000 characters", "x".repeat(70_000), { text_characters: 0 },
      "message_too_long", / bytes too many/],
    ["many bytes in few characters", "😀".repeat(300), { message_bytes: 1024 },
      "message_too_long", / bytes too many/],
    ["many bytes when escaped", "\u0001".repeat(200), { message_bytes: 1024 },
      "message_too_long", / bytes too many/],
  ];
  for (const [what, text, limits, code, reason] of lines) {
    it(`fails at once, and others are sent: ${what}`, async () => {
      const world = new World();
      const { chat, of } = await world.joined(withLimits(limits));
      const before = chat.send("go", "before");
      const bad = chat.send("go", text);
      const after = chat.send("go", "after");
      assert.deepEqual([bad.state, bad.error.code], ["failed", code]);
      assert.match(bad.error.reason, reason);
      await assert.rejects(bad.done, { code });
      assert.deepEqual(chat.check("go", text).error.code, code);
      world.acknowledge(41);
      world.acknowledge(42);
      assert.deepEqual([before.state, after.state], ["sent", "sent"]);
      assert.deepEqual(texts(world.socket), ["before", "after"]);
      assert.deepEqual(of("error"), []);
      assert.equal(world.sockets.length, 1);
    });
  }

  it("fails if its name is bad", async () => {
    const world = new World();
    const { chat } = await world.joined();
    for (const name of [HALF, "n".repeat(33), "n".repeat(70_000)]) {
      chat.username = name;
      assert.equal(chat.send("go", "hi").error.code, "invalid_username");
      assert.equal(chat.check("go", "hi").error.code, "invalid_username");
      assert.equal(chat.checkName(name).error.code, "invalid_username");
    }
    chat.username = undefined;
    assert.equal(chat.send("go", "hi").state, "sending", "the room may know the name");
  });

  it("fails after a restart with lower limits", async () => {
    const world = new World();
    const { chat } = await world.joined();
    world.socket.end();
    const [long, short] = [chat.send("go", "x".repeat(100)), chat.send("go", "short")];
    await world.pass(30_000);
    world.socket.open();
    world.socket.say({ ...WELCOME, ...withLimits({ text_characters: 50 }).welcome });
    world.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 1 });
    assert.deepEqual([long.error.code, short.state], ["message_too_long", "sending"]);
  });

  it("fails before the first welcome if no server could read it", () => {
    const { chat } = new World().client();
    chat.join("go");
    assert.equal(chat.send("go", HALF).state, "failed");
    assert.equal(chat.send("go", "x".repeat(70_000)).state, "queued", "limits aren't known yet");
  });

  it("is left to the server if it isn't even text", async () => {
    const world = new World();
    const { chat } = await world.joined();
    for (const text of [undefined, null, 7, {}]) {
      const sent = chat.send("go", text);
      world.answer("message", { type: "error", code: "invalid_command", reason: "No text." });
      assert.equal(sent.error.code, "invalid_command");
    }
  });
});

describe("the rest until a limit", () => {
  it("is counted in characters, like the server does", async () => {
    const world = new World();
    const { chat } = world.client();
    assert.deepEqual(chat.check("go", "hi"), { left: Infinity, error: undefined });
    chat.connect();
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(chat.check("go", ""), { left: 2000, error: undefined });
    assert.equal(chat.check("go", "😀e\u0301").left, 1997);
    assert.equal(chat.check("go", "😀".repeat(2000)).left, 0);
    assert.equal(chat.check("go", "😀".repeat(2000)).error, undefined);
    assert.equal(chat.check("go", "😀".repeat(2003)).left, -3);
    assert.deepEqual(chat.checkName("  😀  "), { left: 31, error: undefined });
    assert.deepEqual(chat.checkName("😀".repeat(32)), { left: 0, error: undefined });
    assert.equal(chat.checkName("n".repeat(34)).left, -2);
    assert.deepEqual(chat.checkName(), { left: 32, error: undefined });
  });

  it("is smaller if the whole command would have too many bytes", async () => {
    const world = new World();
    const { chat } = await world.joined(withLimits({ message_bytes: 300 }));
    const { left } = chat.check("go", "");
    assert.ok(left > 100 && left < 300);
    assert.deepEqual(chat.check("go", "x".repeat(left)), { left: 0, error: undefined });
    assert.equal(chat.check("go", "x".repeat(left + 1)).error.code, "message_too_long");
    chat.send("go", "x".repeat(left));
    assert.equal(JSON.stringify(world.socket.heard("message")[0]).length, 300);
  });
});

describe("a join that can't be sent", () => {
  for (const name of [HALF, "n".repeat(33), "n".repeat(70_000)]) {
    it(`rejects at once: a name of ${name.length} units`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      chat.username = name;
      await assert.rejects(chat.join("other"), { code: "invalid_username" });
      await assert.rejects(chat.join("go"), { code: "invalid_username" }, "a rename, too");
      assert.equal(world.socket.heard("join").length, 1);
    });
  }

  it("rejects if it has too many bytes", async () => {
    const world = new World();
    const { chat } = await world.joined();
    await assert.rejects(chat.join("x".repeat(70_000)), { code: "message_too_long" });
    assert.equal(world.sockets.length, 1);
  });

  it("is repeated without the name after a reconnect, and an error is emitted", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    chat.username = HALF;
    world.socket.end();
    await world.pass(30_000);
    world.socket.open();
    world.socket.say(WELCOME);
    await settle();
    const [join] = world.socket.heard("join");
    assert.deepEqual([join.room, join.username, join.after.seq], ["go", undefined, 40]);
    assert.deepEqual(of("error").map(({ code }) => code), ["invalid_username"]);
  });
});

describe("an error without an id", () => {
  const error = { type: "error", code: "invalid_json", reason: "This is no JSON." };

  it("is for the line with its number", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const members = chat.members("go");
    const [bad, next] = [chat.send("go", "bad"), chat.send("go", "next")];
    world.socket.say({ ...error, frame: 3 });
    assert.deepEqual([bad.state, bad.error.code], ["failed", "invalid_json"]);
    assert.equal(next.state, "sending");
    world.socket.say({ ...error, frame: 2 });
    await assert.rejects(members, { code: "invalid_json" });
    assert.deepEqual(of("error"), []);
    await reconnect(world);
    assert.equal(next.state, "sending");
    world.socket.say({ ...error, frame: 2 });
    assert.equal(next.error.code, "invalid_json", "each connection counts from 1");
  });

  it("is emitted if nothing waits for it", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const sent = chat.send("go", "hi");
    world.socket.say(error, { ...error, frame: 1 }, { ...error, frame: 9 });
    assert.equal(of("error").length, 3);
    assert.equal(sent.state, "sending");
  });
});
