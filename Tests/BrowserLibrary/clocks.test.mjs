// Changes of clocks, devices that sleep, and durations beyond a timer's range.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { World } from "./world.mjs";

const HOUR = 3_600_000;
const MONTH = 30 * 24 * HOUR;
const texts = (socket) => socket.heard("message").map(({ message }) => message);

describe("time in a browser", () => {
  it("is performance.now for durations, and the wall clock for moments", async (test) => {
    const world = new World();
    test.mock.method(performance, "now", () => world.now);
    test.mock.method(Date, "now", () => 5 * HOUR);
    const { chat, of } = await world.joined({ now: undefined, clock: undefined });
    for (let number = 0; number < 11; number++) chat.send("go", `${number}`);
    for (let seq = 41; seq < 51; seq++) world.acknowledge(seq);
    await world.pass(200);
    assert.equal(texts(world.socket).length, 11);
    world.socket.end(1001);
    const { retryAt, retryIn } = of("state").at(-1);
    assert.deepEqual([retryAt, retryIn], [5 * HOUR + 500, 500]);
  });
});

describe("a wall clock that is set back an hour", () => {
  it("delays no line", async () => {
    const world = new World();
    const { chat } = await world.joined();
    for (let number = 0; number < 12; number++) chat.send("go", `${number}`);
    for (let seq = 41; seq < 51; seq++) world.acknowledge(seq);
    world.shift = -HOUR;
    await world.pass(200);
    assert.equal(texts(world.socket).length, 11);
    world.acknowledge(51);
    await world.pass(200);
    assert.equal(texts(world.socket).length, 12);
    assert.equal(world.sockets.length, 1);
  });

  it("delays neither a wait that the server asked for nor a reconnect", async () => {
    const world = new World();
    const { chat } = await world.joined();
    chat.send("go", "hi");
    world.answer("message", {
      type: "error", code: "rate_limited", reason: "Too fast.", retry_after_ms: 330,
    });
    world.shift = -HOUR;
    await world.pass(330);
    assert.equal(texts(world.socket).length, 2);
    world.socket.say({ type: "closing", reconnect_after_ms: 8000 });
    world.shift = -2 * HOUR;
    world.socket.end(1001);
    await world.pass(7999);
    assert.equal(world.sockets.length, 1);
    await world.pass(1);
    assert.equal(world.sockets.length, 2);
  });
});

describe("a page that slept", () => {
  const naps = [
    ["while its own clock stood still", (world, time) => (world.shift += time)],
    ["while both clocks went on", (world, time) => world.freeze(time)],
  ];
  for (const [how, nap] of naps) {
    it(`connects anew at once when it wakes: ${how}`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      nap(world, HOUR);
      await world.pass(2000);
      assert.equal(world.sockets.length, 2);
      assert.ok(world.sockets[0].isClosed);
      assert.equal(chat.state, "connecting");
      await world.reopened();
      await world.pass(20_000);
      assert.equal(world.sockets.length, 2, "once");
    });

    it(`tries at once if it was waiting to reconnect: ${how}`, async () => {
      const world = new World();
      await world.joined();
      world.socket.say({ type: "closing", reconnect_after_ms: HOUR });
      world.socket.end(1001);
      nap(world, 2 * HOUR);
      await world.pass(2000);
      assert.equal(world.sockets.length, 2);
    });

    it(`doesn't repeat a line if its id is forgotten: ${how}`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const sent = chat.send("go", "hi");
      nap(world, HOUR);
      world.socket.end();
      await world.pass(30_000);
      await world.reopened();
      assert.equal(sent.error.code, "unconfirmed");
      assert.deepEqual(texts(world.socket), []);
    });
  }

  it("connects anew after a minute in which its own clock stood still", async () => {
    const world = new World();
    await world.joined();
    world.shift += 60_000;
    await world.pass(2000);
    assert.equal(world.sockets.length, 2);
  });

  it("stays connected if it was only in the background, or its clock was corrected", async () => {
    const world = new World();
    const { chat } = await world.joined();
    for (let minute = 0; minute < 20; minute++) {
      world.freeze(60_000);
      world.shift += minute % 2 ? 5000 : -HOUR;
      await world.pass(0);
      world.socket.say({ type: "presence", room: "go", count: 1, number: minute + 1 });
    }
    assert.deepEqual([world.sockets.length, chat.state], [1, "open"]);
  });

  it("connects anew when it comes out of a browser's cache of pages", async () => {
    const world = new World();
    const { chat } = await world.joined();
    world.fire("pageshow", { persisted: false });
    assert.equal(chat.state, "open");
    world.fire("pageshow", { persisted: true });
    await world.pass(0);
    assert.deepEqual([world.sockets.length, chat.state], [2, "connecting"]);
    chat.close();
    world.fire("pageshow", { persisted: true });
    await world.pass(HOUR);
    assert.deepEqual([world.sockets.length, chat.state], [2, "closed"]);
  });
});

describe("a duration", () => {
  it("is waited for in parts if it is too long for a timer", async () => {
    const world = new World();
    const { of } = await world.joined();
    world.socket.say({ type: "closing", reconnect_after_ms: MONTH });
    world.socket.end(1001);
    assert.equal(of("state").at(-1).retryIn, MONTH);
    const [longest] = world.waits.sort((a, b) => b - a);
    assert.equal(longest, 2 ** 31 - 1);
    await world.pass(MONTH / 1000);
    assert.equal(world.sockets.length, 1);
  });

  it("ends on time", async () => {
    // Ticks every two seconds of a month would take too long: only the wait is tested.
    const world = new World();
    const { setTimeout } = world;
    world.setTimeout = (act, delay) => (delay === 2000 ? 0 : setTimeout(act, delay));
    await world.joined();
    world.socket.say({ type: "closing", reconnect_after_ms: MONTH });
    world.socket.end(1001);
    await world.pass(MONTH - 1);
    assert.equal(world.sockets.length, 1);
    await world.pass(1);
    assert.equal(world.sockets.length, 2);
  });

  for (const value of [undefined, null, -5000, "soon", {}, "1e999"]) {
    const text = value === "1e999" ? value : JSON.stringify(value);
    it(`is no wait if it is not valid: ${text}`, async () => {
      const world = new World();
      const { of } = await world.joined();
      const { onmessage } = world.socket;
      onmessage({ data: `{"type":"closing"${text ? `,"reconnect_after_ms":${text}` : ""}}` });
      world.socket.end(1001);
      assert.equal(of("state").at(-1).retryIn, 500, "the jitter alone");
      assert.ok(world.waits.every((wait) => wait >= 0 && wait < 2 ** 31));
    });

    it(`causes no loop of a line or join if it is not valid: ${text}`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const sent = chat.send("go", "hi");
      const join = chat.join("other");
      const error = (id) => `{"type":"error","id":${JSON.stringify(id)},"code":"rate_limited",`
        + `"reason":"Too fast."${text ? `,"retry_after_ms":${text}` : ""}}`;
      for (const type of ["message", "join"]) {
        world.socket.onmessage({ data: error(world.socket.heard(type).at(-1).id) });
      }
      assert.equal(sent.error.code, "rate_limited");
      await assert.rejects(join, { code: "rate_limited" });
    });
  }

  it("between pings has a default if it is not valid", async () => {
    for (const interval of [-1, 0, undefined, "x"]) {
      const world = new World();
      await world.joined({ welcome: { ping_interval_ms: interval } });
      await world.pass(49_999);
      assert.equal(world.socket.heard("members").length, 0);
      await world.pass(1);
      assert.equal(world.socket.heard("members").length, 1);
    }
  });
});
