import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { line, settle, WELCOME, World } from "./world.mjs";

const seqs = (client) => client.of("message").map(({ seq }) => seq);

/** Ends the connection, and makes the next one. */
async function reconnect(world) {
  world.socket.end();
  await world.pass(30_000);
}

describe("after a reconnect", () => {
  it("each room continues after its last line", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41), line(42));
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    const [join] = world.socket.heard("join");
    assert.deepEqual(join.after, { epoch: "e1", seq: 42 });
    assert.equal(join.username, "ann");
    assert.equal("history" in join, false);
    await world.reopened({ seq: 44 });
    world.socket.say(line(43), line(44), line(45));
    assert.deepEqual(seqs(client), [41, 42, 43, 44, 45]);
    assert.deepEqual(client.of("gap"), []);
    assert.equal(client.of("joined").at(-1).recovered, true);
  });

  it("a line that arrives twice is emitted once", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41), line(42), line(42), line(41), line(43));
    assert.deepEqual(seqs(client), [41, 42, 43]);
  });

  it("a resume that misses lines reports which", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41));
    await reconnect(world);
    await world.reopened({ seq: 100, recovered: false });
    world.socket.say(line(99), line(100));
    const [gap] = client.of("gap");
    assert.deepEqual([gap.room, gap.from, gap.to, gap.missed], ["go", 42, 98, 57]);
    assert.equal(client.of("joined").at(-1).recovered, false);
    assert.equal(client.of("joined").at(-1).restarted, false);
    assert.deepEqual(seqs(client), [41, 99, 100]);
  });

  it("a room that counts anew is reported, and all its lines are emitted", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41), line(42));
    await reconnect(world);
    await world.reopened({ epoch: "e2", seq: 2, recovered: false });
    world.socket.say(line(1), line(2), line(3));
    assert.deepEqual(seqs(client), [41, 42, 1, 2, 3]);
    assert.deepEqual(client.of("gap"), []);
    assert.equal(client.of("joined").at(-1).restarted, true);
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e2", seq: 3 });
  });

  it("an epoch that the server could continue is accepted without a gap", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41));
    await reconnect(world);
    await world.reopened({ epoch: "e2", seq: 42, recovered: true });
    world.socket.say(line(42));
    assert.deepEqual(seqs(client), [41, 42]);
    assert.equal(client.of("joined").at(-1).restarted, false);
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e2", seq: 42 });
  });

  it("a room without lines continues from where it was joined", async () => {
    const world = new World();
    await world.joined();
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e1", seq: 40 });
  });

  it("an interrupted first replay is continued", async () => {
    const world = new World();
    const { chat } = world.client();
    chat.connect();
    world.socket.open();
    world.socket.say(WELCOME);
    chat.join("go", { history: 20 });
    assert.equal(world.socket.heard("join")[0].history, 20);
    world.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 1 });
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e1", seq: 20 });
  });

  it("a gap from the server moves the position to continue from", async () => {
    const world = new World();
    const client = await world.joined();
    world.socket.say(line(41), { type: "gap", room: "go", from: 42, to: 90, missed: 49 }, line(91));
    assert.equal(client.of("gap").length, 1);
    assert.deepEqual(seqs(client), [41, 91]);
  });

  it("a room that was left is not joined again, and its lines are not emitted", async () => {
    const world = new World();
    const client = await world.joined();
    const left = client.chat.leave("go");
    world.socket.say(line(41));
    world.answer("leave", { type: "left", room: "go" });
    await left;
    assert.deepEqual(seqs(client), []);
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join"), []);
  });

  it("a waiting join isn't repeated after the room was left", async () => {
    const world = new World();
    const { chat } = await world.joined();
    chat.join("slow");
    const error = { type: "error", code: "store_unavailable", reason: "…", retry_after_ms: 700 };
    world.answer("join", error);
    await settle();
    chat.leave("slow");
    await world.pass(5000);
    assert.equal(world.socket.heard("join").length, 2);
  });

  it("a page may resume from a position that it knew before it was loaded", async () => {
    const world = new World();
    const client = world.client();
    client.chat.connect();
    world.socket.open();
    world.socket.say(WELCOME);
    client.chat.join("go", { after: { epoch: "e1", seq: 30 } });
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e1", seq: 30 });
    await world.reopened({ seq: 31 });
    world.socket.say(line(31), line(33));
    assert.deepEqual(seqs(client), [31, 33]);
    assert.equal(client.of("gap")[0].from, 32);
  });
});

describe("a new epoch of a joined room", () => {
  const epoch = (seq, name = "e2") => ({ type: "epoch", room: "go", epoch: name, seq });

  it("is an event, and the next connection continues in it", async () => {
    const world = new World();
    const client = await world.joined({ types: ["epoch"] });
    world.socket.say(line(41), line(42), epoch(42), line(43));
    assert.deepEqual(seqs(client), [41, 42, 43]);
    assert.deepEqual(client.of("gap"), []);
    const [event] = client.of("epoch");
    assert.deepEqual([event.room, event.epoch, event.seq], ["go", "e2", 42]);
    await reconnect(world);
    world.socket.open();
    world.socket.say(WELCOME);
    assert.deepEqual(world.socket.heard("join")[0].after, { epoch: "e2", seq: 43 });
  });

  it("takes lines back that are lost, whose numbers may come again", async () => {
    const world = new World();
    const client = await world.joined({ types: ["epoch", "deleted"] });
    world.socket.say(line(41), line(42), line(43), epoch(41), line(42));
    world.socket.say({ type: "deleted", room: "go", seq: 43 }, line(44));
    assert.deepEqual(seqs(client), [41, 42, 43, 42, 44]);
    assert.deepEqual(client.of("deleted").map(({ seqs }) => seqs), [[43]]);
    assert.deepEqual(client.of("gap"), []);
  });

  it("reports lines before it that were missed", async () => {
    const world = new World();
    const client = await world.joined({ types: ["epoch"] });
    world.socket.say(line(41), epoch(45), line(46));
    const [gap] = client.of("gap");
    assert.deepEqual([gap.room, gap.from, gap.to, gap.missed], ["go", 42, 45, 4]);
    assert.deepEqual(seqs(client), [41, 46]);
    world.socket.say(epoch(3, "e3"), line(4));
    assert.deepEqual(seqs(client), [41, 46, 4]);
  });

  it("before the first line makes no gap, and one of another room is ignored", async () => {
    const world = new World();
    const client = await world.joined({ types: ["epoch"] });
    world.socket.say(epoch(60), { ...epoch(9), room: "other" }, line(61));
    assert.deepEqual(client.of("epoch").length, 1);
    assert.deepEqual(client.of("gap").length, 0);
    assert.deepEqual(seqs(client), [61]);
  });
});
