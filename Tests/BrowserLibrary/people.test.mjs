// The list of people is made from answers to `members` and events of presence.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ModelRoom } from "./room.mjs";
import { settle, WELCOME, World } from "./world.mjs";

/** A client in the room `go` that listens to `people`. */
async function curious(options = {}) {
  const world = new World();
  const client = await world.joined({ types: ["people"], ...options });
  await world.pass(0);
  const people = () => client.of("people").map(({ count, usernames }) => [count, usernames]);
  return { world, ...client, people };
}

const members = (number, usernames, more = {}) =>
  ({ type: "members", room: "go", number, count: usernames.length, usernames, ...more });
const presence = (number, count, joined, left) =>
  ({ type: "presence", room: "go", number, count, joined, left });

describe("the list of people", () => {
  it("is requested after a join, if there is a listener", async () => {
    const { world, people } = await curious();
    assert.equal(world.socket.heard("members").length, 1);
    world.answer("members", members(0, ["ann"]));
    assert.deepEqual(people(), [[1, ["ann"]]]);
    const quiet = new World();
    await quiet.joined();
    quiet.socket.say(presence(1, 2, ["bob"], []));
    await quiet.pass(5000);
    assert.equal(quiet.socket.heard("members").length, 0);
  });

  it("is requested when a listener is added later", async () => {
    const world = new World();
    const { chat } = await world.joined();
    chat.on("people", () => {});
    await world.pass(0);
    assert.equal(world.socket.heard("members").length, 1);
  });

  it("follows each event once", async () => {
    const { world, people } = await curious();
    world.socket.say(presence(3, 9, ["zoe"], []));
    world.answer("members", members(3, ["ann", "ann", "zoe"]));
    world.socket.say(presence(3, 9, ["zoe"], []), presence(4, 3, ["bob"], ["ann"]));
    world.socket.say(presence(5, 1, [], ["ann", "bob"]));
    assert.deepEqual(people(), [
      [3, ["ann", "ann", "zoe"]], [3, ["ann", "bob", "zoe"]], [1, ["zoe"]],
    ]);
    await world.pass(5000);
    assert.equal(world.socket.heard("members").length, 1, "there was nothing to ask");
  });

  it("counts nobody twice if the answer came before the event", async () => {
    const { world, people } = await curious();
    world.answer("members", members(7, ["ann", "bob"], {
      untold: { joined: ["ann"], left: ["cy"] },
    }));
    world.socket.say(presence(8, 3, ["ann", "dee"], ["cy"]));
    assert.deepEqual(people(), [[2, ["ann", "bob"]], [3, ["ann", "bob", "dee"]]]);
  });

  it("is requested again if untold changes come to nothing", async () => {
    const { world, people } = await curious();
    world.answer("members", members(7, ["ann", "bob"], { untold: { joined: ["bob"], left: [] } }));
    await world.pass(3000);
    assert.equal(world.socket.heard("members").length, 2);
    world.answer("members", members(7, ["ann"]));
    assert.deepEqual(people().at(-1), [1, ["ann"]]);
  });

  for (const [what, event] of [
    ["an event was lost", presence(3, 2, ["bob"], [])],
    ["an event has no names", presence(2, 2)],
    ["somebody went who wasn't there", presence(2, 1, [], ["bob"])],
  ]) {
    it(`is requested again if ${what}`, async () => {
      const { world, people } = await curious();
      world.answer("members", members(1, ["ann"]));
      world.socket.say(event);
      await world.pass(0);
      assert.equal(world.socket.heard("members").length, 2);
      world.answer("members", members(3, ["ann", "bob"]));
      assert.deepEqual(people(), [[1, ["ann"]], [2, ["ann", "bob"]]]);
    });
  }

  it("has no names in a crowd, and has them again after it", async () => {
    const { world, people } = await curious();
    world.answer("members", { type: "members", room: "go", number: 4, count: 201 });
    world.socket.say(presence(5, 202));
    assert.deepEqual(people(), [[201, undefined], [202, undefined]]);
    await world.pass(1000);
    assert.equal(world.socket.heard("members").length, 1);
    world.socket.say(presence(6, 200, [], ["bob", "cy"]));
    await world.pass(0);
    assert.equal(world.socket.heard("members").length, 2);
  });

  it("isn't requested for a room that was left in the meantime", async () => {
    const world = new World();
    const { chat } = await world.joined({ types: ["people"] });
    chat.leave("go");
    await world.pass(5000);
    assert.equal(world.socket.heard("members").length, 0);
  });

  it("starts anew with each connection", async () => {
    const { world, people } = await curious();
    world.answer("members", members(9, ["ann", "bob"]));
    world.socket.end();
    await world.pass(14_000);
    await world.reopened();
    world.socket.say(presence(1, 2, ["cy"], []));
    await world.pass(0);
    world.answer("members", members(1, ["ann", "cy"]));
    assert.deepEqual(people().at(-1), [2, ["ann", "cy"]]);
  });
});

/** Random numbers below a bound, from a seed. */
function random(seed) {
  let state = seed + 1;
  return (bound) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) % bound;
  };
}

/** A room with random events, and a library that follows its people. */
async function storm(seed, crowd) {
  const below = random(seed);
  const { world, chat, of } = await curious();
  let room = new ModelRoom();
  const here = [];
  const name = () => (below(6) ? `n${below(crowd ? 300 : 8)}` : undefined);
  const come = () => room.change(here[here.push(name()) - 1], 1);
  for (let count = below(crowd || 5) + (crowd ?? 0); count > 0; count--) come();
  const answered = new Set();
  /** What the library must show after this event. */
  const say = (event) => {
    const told = of("people").length;
    world.socket.say(event);
    const shown = of("people").slice(told);
    assert.ok(shown.length <= 1);
    for (const { count, usernames } of shown) {
      assert.equal(count, room.count);
      assert.deepEqual(usernames, room.count > 200 ? undefined : room.usernames);
    }
  };
  const question = () => world.socket.heard("members").find(({ id }) => !answered.has(id));
  const answer = () => {
    const asked = question();
    if (!asked) return false;
    answered.add(asked.id);
    say(room.answer(asked.id));
    return true;
  };
  const tell = () => {
    const event = room.tell();
    if (!event) return;
    // Some events are lost, or lose their names, because the client is behind.
    if (below(12) === 0) return;
    if (below(12) === 0) event.joined = event.left = undefined;
    say(event);
  };
  const leave = () => {
    if (here.length > 1) room.change(here.splice(below(here.length), 1)[0], -1);
  };
  const steps = [
    come, come, leave, leave, tell, answer, answer,
    () => {
      if (!here.length) return;
      const [index, to] = [below(here.length), `n${below(8)}`];
      room.rename(here[index], to);
      here[index] = to;
    },
    () => {
      if (below(4) === 0) chat.members("go");
    },
    () => world.pass(below(1500)),
    async () => {
      if (below(25)) return;
      world.socket.end();
      await world.pass(1000);
      world.socket.open();
      answered.clear();
      // If a room without history is empty for a moment, it counts anew.
      if (below(2)) {
        room = new ModelRoom();
        for (const each of here) room.change(each, 1);
      }
      world.socket.say(WELCOME);
      world.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 1 });
    },
  ];
  for (let count = 0; count < 150; count++) {
    await steps[below(steps.length)]();
    if (below(20)) continue;
    // At random moments everything settles, and the list must be the server's.
    come();
    const event = room.tell();
    if (event) say(event);
    do await world.pass(3000);
    while (answer());
    await settle();
    const { count: shown, usernames } = of("people").at(-1);
    assert.equal(shown, room.count);
    assert.deepEqual(usernames, room.count > 200 ? undefined : room.usernames);
  }
}

describe("in a storm", () => {
  it("the list matches the server's messages, and its state", async () => {
    for (let seed = 0; seed < 150; seed++) {
      await storm(seed).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  });

  it("the same is true around two hundred members", async () => {
    for (let seed = 0; seed < 20; seed++) {
      await storm(seed, 100).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  });
});
