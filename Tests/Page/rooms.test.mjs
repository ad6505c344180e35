import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Rooms } from "../../Sources/ChatServer/Resources/Page/Rooms/rooms.js";
import { settle, World } from "../BrowserLibrary/world.mjs";

const time = "2026-01-31T12:00:00.123Z";
const LIMITS = { rooms: 2, lines_per_second: 0 };
const line = (room, seq, message = "hi", username = "bob") => ({
  type: "message", room, seq, time, username, message,
});

/** The rooms of a connected client, and the hooks that were called. */
function connected() {
  const world = new World();
  const { chat } = world.client();
  const called = [];
  const note = (hook) => (room) => void called.push(`${hook} ${room.name}`);
  const hooks = {
    isReading: () => false, arrived: (room) => room.name === "seen",
    changed: note("changed"), missed: note("missed"), peopled: note("peopled"),
    sent: note("sent"), revised: note("revised"),
    unsure: (room, seqs) => called.push(`unsure ${room.name} ${seqs ?? "of all"}`),
    refused: (room, { reason }) => called.push(`refused ${room.name}: ${reason}`),
  };
  const rooms = new Rooms(chat, hooks);
  chat.connect();
  world.socket.open();
  world.socket.say({ type: "welcome", limits: LIMITS, ping_interval_ms: 25000 });
  /** Enters a room, and lets the server answer. */
  const enter = (name, shown) => {
    const room = rooms.enter(name, shown);
    world.answer("join", { type: "joined", room: name, epoch: "e1", seq: 5, members: 1 });
    return room;
  };
  const heard = (type) => world.socket.heard(type).map(({ room }) => room);
  return { world, chat, rooms, called, enter, heard };
}

describe("the rooms of the reader", () => {
  it("are joined once, and no more than the server allows", () => {
    const { rooms, enter, heard } = connected();
    const first = enter("a");
    assert.equal(rooms.enter("a"), first);
    enter("b", "a");
    enter("c", "a");
    assert.deepEqual(heard("join"), ["a", "b", "c"]);
    assert.deepEqual(heard("leave"), ["b"], "the first one, except the one that is shown");
    assert.equal(rooms.get("b"), undefined);
    assert.equal(rooms.get("a"), first);
  });

  it("count unseen lines, and those that mention the reader", () => {
    const { world, rooms, enter, called } = connected();
    const room = enter("a");
    const seen = enter("seen");
    world.socket.say(line("a", 5), line("a", 6), line("a", 7, "@Ann!"), line("seen", 6));
    assert.deepEqual([room.unseen, room.calls, seen.unseen], [2, 1, 0], "5 is from before");
    assert.equal(rooms.unseen, 2);
    assert.equal(called.filter((each) => each === "missed a").length, 2);
  });

  it("have the same people as the library", async () => {
    const { world, enter, called } = connected();
    const room = enter("a");
    await world.pass(0);
    world.answer("members", { type: "members", room: "a", count: 1, usernames: ["ann"] });
    await settle();
    assert.deepEqual(room.people.names, [["ann", 1]]);
    assert.ok(called.includes("peopled a"));
  });

  it("get a new name, even one that was chosen during the join", () => {
    const { world, chat, rooms, enter } = connected();
    enter("a");
    chat.username = "anna";
    rooms.renamed();
    const names = () => world.socket.heard("join").map(({ username }) => username);
    assert.deepEqual(names(), ["ann", "anna"]);
    rooms.enter("b");
    chat.username = "annabel";
    world.answer("join", { type: "joined", room: "b", epoch: "e1", seq: 0, members: 1 });
    assert.deepEqual(names(), ["ann", "anna", "anna", "annabel"]);
  });

  it("may be read without a name if the server refuses the name", async () => {
    const { world, chat, rooms, called } = connected();
    rooms.enter("a");
    world.answer("join", { type: "error", code: "invalid_username", reason: "Too long." });
    await settle();
    assert.deepEqual(called, ["refused a: Too long."]);
    assert.equal(chat.username, undefined);
    assert.equal(world.socket.heard("join").at(-1).username, undefined);
    world.answer("join", { type: "error", code: "full", reason: "Full." });
  });

  it("load older lines up to the first one", async () => {
    const { world, rooms, enter } = connected();
    const room = enter("a");
    world.socket.say(line("a", 4), line("a", 5));
    const loaded = rooms.older(room);
    assert.ok(room.isLoading && !room.isLoadable);
    const messages = [line("a", 1), line("a", 2), line("a", 3)];
    world.answer("history", { type: "history", room: "a", messages, more: true });
    await loaded;
    assert.deepEqual([room.oldest, room.isLoading, room.hasOlder], [1, false, true]);
    await rooms.older(room);
    assert.equal(room.hasOlder, false);
    assert.equal(world.socket.heard("history").length, 1, "there is nothing before 1");
  });

  it("fill as much of a gap as one answer can hold", async () => {
    const { world, rooms, enter } = connected();
    const room = enter("a");
    world.socket.say(line("a", 5), line("a", 1000));
    const item = room.itemAt(1);
    const filled = rooms.fill(room, item);
    assert.ok(item.gap.isLoading);
    const { before, limit } = world.socket.heard("history")[0];
    assert.deepEqual([before, limit], [1000, 200]);
    world.answer("history", { type: "error", code: "busy", reason: "Later." });
    await assert.rejects(filled, { code: "busy" });
    assert.ok(!item.gap.isLoading);
  });

  it("change as the moderators say", () => {
    const { world, rooms, enter, called } = connected();
    const room = enter("a");
    const say = (event) => world.socket.say({ room: "a", ...event });
    say(line("a", 6));
    say(line("a", 7));
    say({ type: "deleted", rev: 1, seqs: [6] });
    say({ type: "deleted", seq: 8 });
    assert.deepEqual(room.items.map(({ seq, gone }) => gone ?? seq), [[6], 7, [8]]);
    say({ type: "purged", rev: 2, seqs: [[6, 7]], count: 1 });
    assert.deepEqual(room.items[0].gone, [6, 7, 8]);
    say({ type: "restored", rev: 3, of: 2, messages: [line("a", 7)] });
    assert.equal(room.items[1].message, "hi");
    say({ type: "room", rev: 4, settings: { frozen: true } });
    assert.deepEqual(room.settings, { frozen: true });
    say({ type: "held", held: "h1", username: "bob", message: "hm" });
    assert.ok(room.held.has("h1"));
    called.length = 0;
    say({ type: "restored", rev: 5, of: 2, seqs: [[6, 6]] });
    say({ type: "gap", rev: 9 });
    assert.deepEqual(called, ["unsure a 6,6", "unsure a of all", "changed a"]);
    assert.equal(room.items.filter(({ gap }) => gap).length, 0);
    say({ type: "left", code: "banned" });
    assert.equal(rooms.get("a"), undefined);
  });

  it("are unsure of lines after a resume that isn't complete", async () => {
    const { world, enter, called } = connected();
    enter("a");
    world.socket.end();
    await world.pass(5_000);
    world.socket.open();
    world.socket.say({ type: "welcome", limits: LIMITS, ping_interval_ms: 25000 });
    const joined = { type: "joined", room: "a", epoch: "e1", seq: 9, members: 1 };
    world.answer("join", { ...joined, recovered: false });
    assert.ok(called.includes("unsure a of all"));
  });
});
