// Commands over which connections end.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { settle, WELCOME, World } from "./world.mjs";

const texts = (socket) => socket.heard("message").map(({ message }) => message);

/** The next connection is open. */
async function reconnect(world) {
  await world.pass(14_000);
  await world.reopened();
}

describe("a line over which the connection ends", () => {
  for (const code of [1002, 1003, 1006, 1007, 1008, 1009]) {
    it(`with ${code} is given up the second time, and the next one goes on`, async () => {
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

  it("or that has no answer is given up the second time", async () => {
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
    it(`with ${code} is not to blame`, async () => {
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

  it("that is tried again has two tries more, under its id", async () => {
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

describe("a join over which the connection ends", () => {
  /** Ends the connection over the join of `bad`, so many times. */
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

  it("and which is blamed for it is given up the second time; the other room stays", async () => {
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

  it("before it was sent is not given up", async () => {
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

  it("for another reason is tried as long as it takes", async () => {
    const { world, reason } = await ended(1006, 6);
    assert.equal(reason(), undefined);
    assert.deepEqual(world.socket.heard("join").map(({ room }) => room), ["go", "bad"]);
  });
});
