import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

const texts = (socket) => socket.heard("message").map(({ message }) => message);

describe("a line", () => {
  it("is sent with a random id and is acknowledged", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const sent = chat.send("go", "hi");
    const [command] = world.socket.heard("message");
    assert.match(command.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(
      [command.room, command.message, command.username, command.id], ["go", "hi", "ann", sent.id]);
    world.acknowledge(41);
    assert.equal(await sent.done, sent);
    assert.deepEqual([sent.state, sent.seq], ["sent", 41]);
    assert.deepEqual(of("send").map(({ state }) => state), ["queued", "sending", "sent"]);
  });

  it("has an equally random id if the page was loaded without TLS", async (test) => {
    const { randomUUID } = globalThis.crypto;
    Object.defineProperty(globalThis.crypto, "randomUUID", { value: undefined, configurable: true });
    test.after(() => Object.defineProperty(
      globalThis.crypto, "randomUUID", { value: randomUUID, configurable: true }));
    const world = new World();
    const { chat } = await world.joined();
    const ids = [chat.send("go", "a").id, chat.send("go", "b").id];
    for (const id of ids) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    assert.notEqual(ids[0], ids[1]);
  });

  it("waits for its connection, and for its room", async () => {
    const world = new World();
    const { chat } = world.client();
    const joined = chat.join("go", { history: 0 });
    const sent = chat.send("go", "early");
    assert.equal(sent.state, "queued");
    chat.connect();
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(texts(world.socket), []);
    world.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 1 });
    await joined;
    assert.deepEqual(texts(world.socket), ["early"]);
  });

  it("is sent again with its id and before later ones if it was not acknowledged", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const first = chat.send("go", "first");
    const second = chat.send("go", "second");
    assert.deepEqual(texts(world.socket), ["first"], "one at a time, so that their order is kept");
    world.socket.end();
    assert.equal(first.state, "queued");
    await world.pass(2000);
    await world.reopened();
    const [again] = world.socket.heard("message");
    assert.deepEqual([again.id, again.message], [first.id, "first"]);
    world.acknowledge(41);
    assert.deepEqual(texts(world.socket), ["first", "second"]);
    world.acknowledge(42);
    await Promise.all([first.done, second.done]);
  });

  it("keeps the name that it was sent with", async () => {
    const world = new World();
    const { chat } = await world.joined();
    chat.send("go", "a");
    chat.send("go", "b");
    chat.username = "anna";
    chat.send("go", "c");
    for (const seq of [41, 42, 43]) world.acknowledge(seq);
    assert.deepEqual(
      world.socket.heard("message").map(({ username }) => username), ["ann", "ann", "anna"]);
  });

  it("shows that the connection is dead if its ack is missing", async () => {
    const world = new World();
    const { chat } = await world.joined();
    chat.send("go", "hi");
    await world.pass(15_000);
    assert.equal(chat.state, "waiting");
  });

  it("is sent again while its id is known, and fails as unconfirmed after that", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const sent = chat.send("go", "hi");
    const { id } = sent;
    world.socket.end();
    await world.pass(240_001);
    await world.reopened();
    assert.deepEqual([sent.state, sent.error.code], ["failed", "unconfirmed"]);
    await assert.rejects(sent.done, { code: "unconfirmed" });
    assert.deepEqual(texts(world.socket), []);
    sent.retry();
    assert.notEqual(sent.id, id);
    assert.deepEqual(texts(world.socket), ["hi"]);
    world.acknowledge(41);
    await sent.done;
  });

  it("may wait forever if it was never sent", async () => {
    const world = new World();
    const { chat } = await world.joined();
    world.socket.end();
    const sent = chat.send("go", "patient");
    await world.pass(1_000_000);
    chat.connect();
    await world.reopened();
    assert.deepEqual(texts(world.socket), ["patient"]);
    assert.equal(sent.state, "sending");
  });

  it("fails with the reason if it is refused, and may be tried again", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const sent = chat.send("go", " ");
    const { id } = sent;
    world.answer("message", { type: "error", code: "message_empty", reason: "It is blank." });
    await assert.rejects(sent.done, { code: "message_empty", reason: "It is blank." });
    assert.equal(sent.state, "failed");
    assert.deepEqual(of("error"), [], "the line itself says it");
    sent.retry();
    assert.equal(sent.state, "sending");
    assert.equal(sent.id, id);
    assert.equal(sent.error, undefined);
    world.acknowledge(41);
    await sent.done;
    assert.equal(sent.retry(), false, "what has arrived is not sent twice");
  });

  it("gets another id on retry() if its id is taken", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const sent = chat.send("go", "hi");
    const { id } = sent;
    world.answer("message", { type: "error", code: "id_reused", reason: "Taken." });
    await settle();
    sent.retry();
    assert.notEqual(sent.id, id);
  });

  it("fails if its room was left or never joined", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const stray = chat.send("elsewhere", "hi");
    assert.deepEqual([stray.state, stray.error.code], ["failed", "not_joined"]);
    const [first, second] = [chat.send("go", "a"), chat.send("go", "b")];
    chat.leave("go");
    assert.deepEqual([first.error.code, second.error.code], ["not_joined", "not_joined"]);
  });

  it("fails at once if a hundred wait", async () => {
    const world = new World();
    const { chat } = world.client();
    chat.join("go");
    const lines = Array.from({ length: 101 }, (_, number) => chat.send("go", `${number}`));
    assert.ok(lines.slice(0, 100).every(({ state }) => state === "queued"));
    assert.equal(lines[100].error.code, "outbox_full");
  });
});

describe("the limits", () => {
  it("let a burst pass, and then the allowed lines per second", async () => {
    const world = new World();
    const { chat } = await world.joined();
    for (let number = 0; number < 20; number++) chat.send("go", `${number}`);
    for (let count = 1; count <= 10; count++) {
      assert.equal(texts(world.socket).length, count);
      world.acknowledge(40 + count);
    }
    for (let count = 11; count <= 20; count++) {
      await world.pass(199);
      assert.equal(texts(world.socket).length, count - 1);
      await world.pass(1);
      assert.equal(texts(world.socket).length, count);
      world.acknowledge(40 + count);
    }
    await world.pass(2000);
    for (let number = 0; number < 11; number++) chat.send("go", "again");
    for (let count = 21; count <= 30; count++) world.acknowledge(40 + count);
    assert.equal(texts(world.socket).length, 30, "the burst is there again after 2 s");
  });

  it("stop nothing if they are switched off", async () => {
    const world = new World();
    const limits = { ...WELCOME.limits, lines_per_second: 0 };
    const { chat } = await world.joined({ welcome: { limits } });
    for (let number = 0; number < 90; number++) chat.send("go", `${number}`);
    for (let seq = 41; seq < 131; seq++) world.acknowledge(seq);
    assert.equal(texts(world.socket).length, 90);
  });

  it("delay a line that the server refused, which is then sent first", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const first = chat.send("go", "first");
    chat.send("go", "second");
    world.answer("message", {
      type: "error", code: "rate_limited", reason: "Too fast.", retry_after_ms: 330,
    });
    assert.equal(first.state, "queued");
    await world.pass(329);
    assert.deepEqual(texts(world.socket), ["first"]);
    await world.pass(1);
    assert.deepEqual(texts(world.socket), ["first", "first"]);
    assert.equal(new Set(world.socket.heard("message").map(({ id }) => id)).size, 1);
    world.acknowledge(41);
    assert.deepEqual(texts(world.socket), ["first", "first", "second"]);
    assert.deepEqual(of("error"), []);
  });

  it("send a line again with its id if the outcome is unknown", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const sent = chat.send("go", "first");
    const error = {
      type: "error", code: "store_unavailable", reason: "Unknown.", retry_after_ms: 1000,
      unknown: true,
    };
    world.answer("message", error);
    assert.equal(sent.state, "queued");
    await world.pass(1000);
    world.answer("message", error);
    await world.pass(1000);
    assert.deepEqual(texts(world.socket), ["first", "first", "first"]);
    assert.equal(new Set(world.socket.heard("message").map(({ id }) => id)).size, 1);
    world.acknowledge(41);
    assert.deepEqual([sent.state, sent.seq], ["sent", 41]);
    assert.deepEqual(of("error"), []);
  });
});
