// Why there is no connection, as far as a browser lets its page know.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

/** A world that answers requests over HTTP with this status, and what was asked for. */
function worldWith(status, origin = "http://chat.example") {
  const world = new World();
  const asked = [];
  world.location = { origin };
  world.fetch = async (url) => {
    asked.push(url);
    if (!status) throw new TypeError("There is no network.");
    return { status };
  };
  return { world, asked };
}

/** Tries to connect in vain, so many times. */
async function tries(world, count) {
  for (let number = 0; number < count; number++) {
    world.socket.end();
    await world.pass(14_000); // less than a connection without a welcome lasts
  }
}

const codes = (of) => of("error").map(({ code }) => code);

describe("a proxy that drops the upgrade", () => {
  for (const url of ["http://chat.example/ws", "ws://chat.example/ws"]) {
    it(`is told from a server that isn't there: ${url}`, async () => {
      const { world, asked } = worldWith(426);
      const { chat, of } = world.client({ url });
      chat.connect();
      await tries(world, 1);
      assert.equal(chat.trouble.code, "unreachable");
      await tries(world, 5);
      assert.equal(new Set(asked).size, 1);
      assert.equal(asked[0], "http://chat.example/ws");
      assert.deepEqual(codes(of), ["unreachable", "no_upgrade"]);
      assert.equal(chat.trouble.code, "no_upgrade");
      assert.match(chat.trouble.reason, /proxy/);
    });
  }

  it("that passes it later is forgotten", async () => {
    const { world } = worldWith(426);
    const { chat } = world.client();
    chat.connect();
    await tries(world, 3);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.equal(chat.trouble, undefined);
  });

  it("is no longer told when the server is gone", async () => {
    const { world } = worldWith(426);
    const { chat, of } = world.client();
    chat.connect();
    await tries(world, 3);
    world.fetch = async () => ({ status: 502 });
    await tries(world, 2);
    assert.equal(chat.trouble.code, "unreachable");
    assert.deepEqual(codes(of), ["unreachable", "no_upgrade", "unreachable"]);
  });

  it("is told while the page reconnects, too", async () => {
    const { world } = worldWith(426);
    const { chat, of } = await world.joined();
    await tries(world, 3);
    assert.deepEqual(codes(of), ["no_upgrade"]);
    assert.equal(chat.trouble.code, "no_upgrade");
  });
});

describe("a connection that can't be had", () => {
  for (const status of [undefined, 200, 404, 502, 503]) {
    it(`and HTTP that says ${status} is no such proxy`, async () => {
      const { world, asked } = worldWith(status);
      const { chat, of } = world.client();
      chat.connect();
      await tries(world, 4);
      assert.equal(asked.length, 3);
      assert.deepEqual(codes(of), ["unreachable"]);
      assert.equal(chat.trouble.code, "unreachable");
    });
  }

  it("from another site is not looked into: browsers would not tell", async () => {
    for (const origin of ["https://other.example", "http://chat.example.org", "null"]) {
      const { world, asked } = worldWith(426, origin);
      const { chat, of } = world.client();
      chat.connect();
      await tries(world, 4);
      assert.deepEqual([asked, codes(of)], [[], ["unreachable"]]);
    }
  });

  it("because the server closes it at once has another cause", async () => {
    const { world, asked } = worldWith(426);
    world.client().chat.connect();
    for (let number = 0; number < 3; number++) {
      world.socket.open();
      await tries(world, 1);
    }
    assert.deepEqual(asked, []);
  });

  it("is not told after the page has closed it", async () => {
    const { world } = worldWith(426);
    const { chat, of } = world.client();
    chat.connect();
    await tries(world, 1);
    world.socket.end();
    chat.close();
    await settle();
    assert.deepEqual(codes(of), ["unreachable"]);
    assert.equal(chat.trouble, undefined);
  });
});
