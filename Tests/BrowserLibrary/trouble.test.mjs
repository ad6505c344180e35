// The reason for a missing connection, as far as a browser tells a page.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

/** A world that answers HTTP requests with this status, and a list of the requests. */
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

/** Tries to connect in vain, a number of times. */
async function tries(world, count) {
  for (let number = 0; number < count; number++) {
    world.socket.end();
    await world.pass(14_000); // less than the time limit for a welcome
  }
}

const codes = (of) => of("error").map(({ code }) => code);

describe("a proxy that drops the upgrade", () => {
  for (const url of ["http://chat.example/ws", "ws://chat.example/ws"]) {
    it(`is distinguished from a missing server: ${url}`, async () => {
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

  it("is forgotten when it passes the upgrade later", async () => {
    const { world } = worldWith(426);
    const { chat } = world.client();
    chat.connect();
    await tries(world, 3);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.equal(chat.trouble, undefined);
  });

  it("is no longer reported when the server is gone", async () => {
    const { world } = worldWith(426);
    const { chat, of } = world.client();
    chat.connect();
    await tries(world, 3);
    world.fetch = async () => ({ status: 502 });
    await tries(world, 2);
    assert.equal(chat.trouble.code, "unreachable");
    assert.deepEqual(codes(of), ["unreachable", "no_upgrade", "unreachable"]);
  });

  it("is also reported while the page reconnects", async () => {
    const { world } = worldWith(426);
    const { chat, of } = await world.joined();
    await tries(world, 3);
    assert.deepEqual(codes(of), ["no_upgrade"]);
    assert.equal(chat.trouble.code, "no_upgrade");
  });
});

describe("a connection that fails", () => {
  for (const status of [undefined, 200, 404, 502, 503]) {
    it(`isn't such a proxy's fault if HTTP answers ${status}`, async () => {
      const { world, asked } = worldWith(status);
      const { chat, of } = world.client();
      chat.connect();
      await tries(world, 4);
      assert.equal(asked.length, 3);
      assert.deepEqual(codes(of), ["unreachable"]);
      assert.equal(chat.trouble.code, "unreachable");
    });
  }

  it("isn't examined on another site, because browsers would not tell", async () => {
    for (const origin of ["https://other.example", "http://chat.example.org", "null"]) {
      const { world, asked } = worldWith(426, origin);
      const { chat, of } = world.client();
      chat.connect();
      await tries(world, 4);
      assert.deepEqual([asked, codes(of)], [[], ["unreachable"]]);
    }
  });

  it("has another cause if the server closes it at once", async () => {
    const { world, asked } = worldWith(426);
    world.client().chat.connect();
    for (let number = 0; number < 3; number++) {
      world.socket.open();
      await tries(world, 1);
    }
    assert.deepEqual(asked, []);
  });

  it("isn't reported after the page has closed it", async () => {
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
