import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

describe("a connection", () => {
  it("asks for the rich dialect over WebSocket, and is open after the welcome", () => {
    const world = new World();
    const { chat, of } = world.client();
    chat.connect();
    assert.equal(world.socket.url, "ws://chat.example/ws");
    assert.deepEqual(world.socket.protocols, ["hubbub.v1"]);
    world.socket.open();
    assert.equal(chat.state, "connecting");
    world.socket.say(WELCOME);
    assert.deepEqual(of("state").map(({ state }) => state), ["connecting", "open"]);
    assert.deepEqual(chat.limits, WELCOME.limits);
  });

  it("uses TLS if the page does", () => {
    const world = new World();
    world.client({ url: "https://chat.example/ws" }).chat.connect();
    assert.equal(world.socket.url, "wss://chat.example/ws");
  });

  it("comes back after a loss, at random within a window that doubles up to 30 s", async () => {
    const world = new World();
    const { chat, of } = world.client();
    chat.connect();
    for (const window of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
      world.chance = 0.75;
      world.socket.end();
      assert.equal(of("state").at(-1).retryAt, world.now + 0.75 * window);
      const made = world.sockets.length;
      await world.pass(0.75 * window - 1);
      assert.equal(world.sockets.length, made);
      await world.pass(1);
      assert.equal(world.sockets.length, made + 1);
    }
    world.chance = 0;
    world.socket.end();
    assert.equal(of("state").at(-1).retryAt, world.now, "the jitter is full: it may choose no wait");
  });

  it("resets the window if it lasts, but not if it ends soon", async () => {
    const world = new World();
    const { chat, of } = world.client();
    world.chance = 1;
    chat.connect();
    const wait = () => of("state").at(-1).retryAt - world.now;
    const live = async (milliseconds) => {
      world.socket.open();
      world.socket.say(WELCOME);
      await world.pass(milliseconds);
      world.socket.end();
    };
    await live(9_999);
    assert.equal(wait(), 1000);
    await world.pass(1000);
    await live(9_999);
    assert.equal(wait(), 2000);
    await world.pass(2000);
    await live(10_000);
    assert.equal(wait(), 1000);
  });

  it("waits as long as a closing server asks, whatever else happens", async () => {
    const world = new World();
    world.chance = 0;
    const { chat, of } = await world.joined();
    world.socket.say({ type: "closing", reconnect_after_ms: 8450 });
    assert.equal(of("closing")[0].reconnect_after_ms, 8450);
    world.socket.end(1012);
    assert.equal(of("state").at(-1).retryAt, world.now + 8450);
    assert.equal(of("state").at(-1).retryIn, 8450);
    await world.pass(8000);
    world.fire("online");
    assert.equal(world.sockets.length, 1);
    await world.pass(450);
    assert.equal(world.sockets.length, 2);
    assert.equal(chat.state, "connecting");
  });

  it("is tried at once when the network is back, and on request", async () => {
    const world = new World();
    const { chat } = await world.joined();
    world.fire("offline");
    assert.equal(chat.state, "waiting");
    assert.ok(world.socket.isClosed);
    world.fire("online");
    await world.pass(0);
    assert.equal(world.sockets.length, 2);
    world.socket.end();
    chat.connect();
    assert.equal(world.sockets.length, 3);
    chat.connect();
    assert.equal(world.sockets.length, 3, "one that is being made is enough");
    await world.pass(10_000);
    assert.equal(world.sockets.length, 3, "the wait that it cut short is over");
  });

  it("to a server without the protocol is an error, and isn't tried again", async () => {
    const world = new World();
    const { chat, of } = world.client();
    chat.connect();
    world.socket.open("");
    assert.deepEqual(of("error").map(({ code }) => code), ["unsupported"]);
    assert.equal(chat.state, "closed");
    await world.pass(100_000);
    assert.equal(world.sockets.length, 1);
  });

  it("is an error once if it fails, while it goes on trying", async () => {
    const world = new World();
    const { chat, of } = world.client();
    chat.connect();
    world.socket.end();
    await world.pass(2000);
    world.socket.end();
    assert.deepEqual(of("error").map(({ code }) => code), ["unreachable"]);
    assert.equal(chat.state, "waiting");
  });

  it("is dropped without a welcome", async () => {
    const world = new World();
    const { chat } = world.client();
    chat.connect();
    world.socket.open();
    await world.pass(14_999);
    assert.equal(chat.state, "connecting");
    await world.pass(1);
    assert.equal(chat.state, "waiting");
    assert.ok(world.socket.isClosed);
  });

  it("is probed when it is silent, and dropped without an answer", async () => {
    const world = new World();
    const { chat } = await world.joined();
    await world.pass(50_000);
    assert.equal(world.socket.heard("members").length, 1);
    world.answer("members", { type: "members", room: "go", count: 1, usernames: ["ann"] });
    await world.pass(49_999);
    assert.equal(chat.state, "open");
    await world.pass(1);
    assert.equal(world.socket.heard("members").length, 2);
    await world.pass(25_000);
    assert.equal(chat.state, "waiting");
  });

  it("ends for good when it is closed, and emits nothing more", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const { onmessage } = world.socket;
    chat.close();
    assert.ok(onmessage && !world.socket.onmessage && world.socket.isClosed);
    await world.pass(100_000);
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(of("state").map(({ state }) => state), ["connecting", "open", "closed"]);
  });
});

describe("requests", () => {
  it("get their replies, or the server's error", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    const members = chat.members("go");
    const history = chat.history("go", 41, 20);
    assert.deepEqual(world.socket.heard("history").map(({ before, limit }) => [before, limit]), [[41, 20]]);
    world.answer("history", { type: "history", room: "go", messages: [], more: false });
    world.answer("members", { type: "members", room: "go", count: 3, usernames: [] });
    assert.equal((await members).count, 3);
    assert.equal((await history).more, false);
    const refused = chat.members("other");
    world.answer("members", { type: "error", code: "not_joined", reason: "You are not in it." });
    await assert.rejects(refused, { code: "not_joined", reason: "You are not in it." });
    assert.deepEqual(of("error"), []);
  });

  it("fail if the connection ends before the reply, or doesn't exist", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const asked = chat.history("go", 41);
    world.socket.end();
    await assert.rejects(asked, { code: "disconnected" });
    await assert.rejects(chat.members("go"), { code: "disconnected" });
  });

  it("change the name with a second join of a room", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    chat.username = "anna";
    chat.join("go");
    const { room, username, history, after } = world.socket.heard("join").at(-1);
    assert.deepEqual([room, username, history, after], ["go", "anna", undefined, undefined]);
    world.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 2 });
    assert.equal(of("joined").at(-1).restarted, false);
  });

  it("reject a refused join, and don't repeat it", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const refused = chat.join("NO");
    world.answer("join", { type: "error", code: "invalid_room", reason: "No such name." });
    await assert.rejects(refused, { code: "invalid_room" });
    world.socket.end();
    await world.pass(2000);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join").map(({ room }) => room), ["go"]);
  });

  it("repeat a join if the server is too busy", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const slow = chat.join("slow");
    const error = { type: "error", code: "store_unavailable", reason: "…", retry_after_ms: 700 };
    world.answer("join", error);
    await settle();
    await world.pass(699);
    assert.equal(world.socket.heard("join").length, 2);
    await world.pass(1);
    assert.equal(world.socket.heard("join").length, 3);
    world.answer("join", { type: "joined", room: "slow", epoch: "e", seq: 0, members: 1 });
    assert.equal((await slow).room, "slow");
  });
});

describe("listeners", () => {
  it("get events until they are removed", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const heard = [];
    const end = chat.on("presence", ({ count }) => heard.push(count));
    world.socket.say({ type: "presence", room: "go", count: 2, joined: ["bob"], left: [] });
    end();
    world.socket.say({ type: "presence", room: "go", count: 1, joined: [], left: ["bob"] });
    await settle();
    assert.deepEqual(heard, [2]);
  });
});
