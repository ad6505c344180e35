import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

const offered = (world) => world.sockets.map(({ protocols }) => protocols[1]);

describe("a token", () => {
  it("goes along as a subprotocol", () => {
    const world = new World();
    world.client({ token: "a.b-c_d" }).chat.connect();
    assert.deepEqual(world.socket.protocols, ["hubbub.v1", "bearer.a.b-c_d"]);
  });

  it("may be fetched, before each connection", async () => {
    const world = new World();
    let count = 0;
    const { chat } = world.client({ token: async () => `t${++count}` });
    chat.connect().connect();
    assert.deepEqual(world.sockets, []);
    await settle();
    assert.deepEqual(offered(world), ["bearer.t1"]);
    world.socket.end();
    await world.pass(60_000);
    assert.equal(offered(world).at(1), "bearer.t2");
  });

  it("is no longer wanted after close()", async () => {
    const world = new World();
    const { chat } = world.client({ token: async () => "t" });
    chat.connect();
    chat.close();
    await settle();
    assert.deepEqual(world.sockets, []);
    chat.connect();
    await settle();
    assert.equal(world.sockets.length, 1);
  });

  it("that can't be fetched is fetched again later", async () => {
    const world = new World();
    let count = 0;
    const { chat } = world.client({
      token: () => { if (++count === 1) throw new Error("no network"); return "t"; },
    });
    chat.connect();
    await settle();
    assert.equal(chat.state, "waiting");
    await world.pass(2_000);
    assert.deepEqual(offered(world), ["bearer.t"]);
  });

  for (const [code, name] of [[3000, "invalid_token"], [3001, "token_expired"]]) {
    it(`that is dead (${code}) isn't tried again`, async () => {
      const world = new World();
      const { chat, of } = world.client({ token: "t" });
      chat.connect();
      world.socket.open();
      world.socket.end(code);
      await world.pass(120_000);
      assert.equal(world.sockets.length, 1);
      assert.equal(chat.state, "closed");
      assert.deepEqual(of("error").map((error) => error.code), [name]);
    });
  }

  it("that is dead is fetched anew, and given up if it is the same", async () => {
    const world = new World();
    const tokens = ["t1", "t2", "t2"];
    const { chat, of } = world.client({ token: () => tokens.shift() });
    chat.connect();
    await settle();
    for (let round = 0; round < 2; round += 1) {
      world.socket.open();
      world.socket.end(3000);
      await world.pass(5_000);
    }
    assert.deepEqual(offered(world), ["bearer.t1", "bearer.t2"]);
    assert.equal(chat.state, "closed");
    assert.equal(of("error").at(-1).code, "invalid_token");
  });

  it("is renewed on the same connection", async () => {
    const world = new World();
    let count = 0;
    const { of } = await world.fetched({ token: () => `t${++count}`, types: ["authenticated"] });
    world.socket.say({ type: "auth_expiring", ttl_ms: 60_000 });
    await settle();
    assert.deepEqual(world.socket.heard("auth").map(({ token }) => token), ["t2"]);
    world.answer("auth", { type: "authenticated", sub: "u", role: "member", ttl_ms: 1 });
    await settle();
    assert.equal(of("authenticated").length, 1);
    world.socket.say({ type: "error", code: "token_expired", reason: "It has expired." });
    await settle();
    assert.equal(world.socket.heard("auth").at(-1).token, "t3");
    world.answer("auth", { type: "error", code: "invalid_token", reason: "No." });
    await settle();
    assert.equal(of("error").at(-1).code, "invalid_token");
    assert.equal(world.sockets.length, 1);
  });

  it("that closes a room makes the client leave it", async () => {
    const world = new World();
    const { chat, of } = await world.joined();
    world.socket.say({ type: "left", room: "go", code: "forbidden" });
    assert.equal(of("error").at(-1).code, "forbidden");
    const line = chat.send("go", "hi");
    assert.equal(line.error.code, "not_joined");
    world.socket.end();
    await world.pass(5_000);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join"), []);
  });
});
