// Commands that end connections.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

const texts = (socket) => socket.heard("message").map(({ message }) => message);

/** Waits until the next connection is open. */
async function reconnect(world) {
  await world.pass(14_000);
  await world.reopened();
}

describe("a line during which the connection ends", () => {
  for (const code of [1002, 1003, 1006, 1007, 1008, 1009]) {
    it(`fails the second time with ${code}, and the next line is sent`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const [bad, next] = [chat.send("go", "bad"), chat.send("go", "next")];
      world.socket.end(code);
      assert.equal(bad.state, "queued");
      await reconnect(world);
      assert.deepEqual(texts(world.socket), ["bad"]);
      world.socket.end(code);
      assert.deepEqual([bad.state, bad.error.code], ["failed", "unconfirmed"]);
      await assert.rejects(bad.done, { code: "unconfirmed" });
      await reconnect(world);
      assert.deepEqual(texts(world.socket), ["next"]);
      assert.equal(next.state, "sending");
    });
  }

  it("fails the second time that no answer comes", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const [bad, next] = [chat.send("go", "bad"), chat.send("go", "next")];
    await world.pass(15_000);
    await reconnect(world);
    await world.pass(15_000);
    assert.equal(bad.error.code, "unconfirmed");
    await reconnect(world);
    assert.deepEqual([texts(world.socket), next.state], [["next"], "sending"]);
  });

  for (const code of [1001, 1011, 1012, 1013]) {
    it(`isn't blamed for ${code}`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const sent = chat.send("go", "hi");
      for (let count = 0; count < 4; count++) {
        world.socket.end(code);
        await reconnect(world);
      }
      assert.equal(sent.state, "sending");
    });
  }

  it("has two more attempts after retry(), with the same id", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const sent = chat.send("go", "hi");
    const { id } = sent;
    for (let count = 0; count < 2; count++) {
      world.socket.end();
      await reconnect(world);
    }
    assert.equal(sent.state, "failed");
    sent.retry();
    world.socket.end();
    await reconnect(world);
    assert.deepEqual([sent.state, sent.id], ["sending", id]);
    world.acknowledge(41);
    await sent.done;
  });
});

describe("a join during which the connection ends", () => {
  /** Ends the connection during the join of `bad`, a number of times. */
  async function ended(code, times) {
    const world = new World();
    const client = await world.joined();
    const join = client.chat.join("bad");
    let reason;
    join.catch((error) => (reason = error));
    for (let count = 0; count < times; count++) {
      world.socket.end(code);
      await world.pass(14_000);
      world.socket.open();
      world.socket.say(WELCOME);
      const { id } = world.socket.heard("join")[0];
      world.socket.say({ type: "joined", id, room: "go", epoch: "e1", seq: 40, members: 1 });
    }
    await settle();
    return { world, reason: () => reason };
  }

  it("fails the second time if it is blamed, and the other room stays", async () => {
    const { world, reason } = await ended(1009, 1);
    assert.equal(reason(), undefined);
    assert.equal(world.socket.heard("join").length, 2);
    world.socket.end(1009);
    await settle();
    assert.equal(reason().code, "unconfirmed");
    await world.pass(14_000);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join").map(({ room }) => room), ["go"]);
  });

  it("is kept if it was not sent yet", async () => {
    const world = new World();
    await world.joined();
    for (let count = 0; count < 4; count++) {
      world.socket.end(1008);
      await world.pass(14_000);
      world.socket.open();
    }
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join").map(({ room }) => room), ["go"]);
  });

  it("is repeated without end if the reason is another one", async () => {
    const { world, reason } = await ended(1006, 6);
    assert.equal(reason(), undefined);
    assert.deepEqual(world.socket.heard("join").map(({ room }) => room), ["go", "bad"]);
  });
});
