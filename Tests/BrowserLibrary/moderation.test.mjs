import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { line, settle, WELCOME, World } from "./world.mjs";

const types = ["deleted", "purged", "restored", "room", "held", "released", "rejected"];
const deleted = (rev, ...seqs) => ({ type: "deleted", room: "go", rev, seqs });
const tombstone = (seq) => ({ type: "deleted", room: "go", seq });

/** The number of the last change that the next connection names. */
async function revOfNextJoin(world) {
  world.socket.end();
  await world.pass(5_000);
  world.socket.open();
  world.socket.say(WELCOME);
  return world.socket.heard("join")[0].rev;
}

describe("changes of a room", () => {
  it("are asked for from the start", async () => {
    const world = new World();
    const { chat } = await world.joined();
    assert.equal(world.socket.heard("join")[0].rev, 0);
    chat.join("go");
    assert.equal(world.socket.heard("join")[1].rev, 0, "a new name ends nothing");
  });

  it("are asked for after the last one", async () => {
    const world = new World();
    const { of } = await world.joined({ types });
    world.socket.say(line(41), deleted(7, 41), { type: "room", room: "go", rev: 8, settings: {} });
    assert.deepEqual(of("deleted").map(({ seqs }) => seqs), [[41]]);
    assert.equal(of("room")[0].rev, 8);
    assert.equal(await revOfNextJoin(world), 8);
  });

  it("that may have further events are asked for again", async () => {
    const world = new World();
    const { of } = await world.joined({ types });
    world.socket.say({ type: "purged", room: "go", rev: 9, seqs: [[17, 40]], count: 24 });
    assert.deepEqual(of("purged")[0].seqs, [[17, 40]]);
    assert.equal(await revOfNextJoin(world), 8);
  });

  it("follow a resume, and are known after the next line", async () => {
    const world = new World();
    await world.joined();
    world.socket.end();
    await world.pass(5_000);
    await world.reopened({ rev: 12 });
    assert.equal(await revOfNextJoin(world), 0, "they may not have arrived");
    world.answer("join", {
      type: "joined", room: "go", epoch: "e1", seq: 40, members: 1, recovered: true, rev: 12,
    });
    world.socket.say(line(41));
    assert.equal(await revOfNextJoin(world), 12);
  });

  it("that are missing have a gap", async () => {
    const world = new World();
    const { of } = await world.joined();
    world.socket.say({ type: "gap", room: "go", rev: 30 }, line(41));
    assert.equal(of("gap").length, 1);
    assert.equal(of("message").length, 1);
    assert.equal(await revOfNextJoin(world), 30);
  });

  it("start anew if the past is lost", async () => {
    const world = new World();
    await world.joined();
    world.socket.say(deleted(7, 1));
    world.socket.end();
    await world.pass(5_000);
    await world.reopened({ recovered: false, rev: 3 });
    assert.equal(await revOfNextJoin(world), 3);
  });

  it("are unknown to an older server", async () => {
    const world = new World();
    await world.joined();
    world.socket.say(line(41));
    assert.equal(await revOfNextJoin(world), 0);
  });
});

describe("a deleted line", () => {
  it("keeps its place", async () => {
    const world = new World();
    const { of } = await world.joined({ types });
    world.socket.say(line(41), tombstone(42), line(43));
    assert.deepEqual(of("deleted").map(({ seq, seqs }) => [seq, seqs]), [[42, [42]]]);
    assert.deepEqual(of("message").map(({ seq }) => seq), [41, 43]);
    assert.deepEqual(of("gap"), []);
  });

  it("may have been seen", async () => {
    const world = new World();
    const { of } = await world.joined({ types });
    world.socket.say(line(41), tombstone(41));
    assert.deepEqual(of("deleted").map(({ seq, seqs }) => [seq, seqs]), [[undefined, [41]]]);
  });

  it("of history is a number", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const asked = chat.history("go", 4);
    const messages = [line(1), tombstone(2), line(3)];
    world.answer("history", { type: "history", room: "go", messages, more: false });
    const answer = await asked;
    assert.deepEqual(answer.messages.map(({ seq }) => seq), [1, 3]);
    assert.deepEqual(answer.deleted, [2]);
  });
});

describe("a command of a moderator", () => {
  const commands = [
    "delete", "purge", "timeout", "ban", "unban", "bans", "settings", "panic", "terms", "approve",
    "reject", "announce", "undo", "modlog",
  ];
  for (const type of commands) {
    it(`${type} is sent, and acknowledged`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const done = chat[type]("go", { by_line: 7 });
      const [{ id, ...command }] = world.socket.heard(type);
      assert.deepEqual(command, { type, room: "go", by_line: 7 });
      assert.match(id, /^[0-9a-f-]{36}$/, "ids are kept over connections");
      world.answer(type, { type: "ack", room: "go", rev: 5 });
      assert.equal((await done).rev, 5);
    });
  }

  it("may be refused, even unread", async () => {
    const world = new World();
    const { chat } = await world.joined();
    const refused = chat.ban("go", { user: "u1" });
    world.answer("ban", { type: "error", code: "forbidden", reason: "No." });
    await assert.rejects(refused, { code: "forbidden" });
    const unread = chat.ban("go", { user: "\ud800" });
    const frame = world.socket.sent.length;
    world.socket.say({ type: "error", frame, code: "invalid_json", reason: "What?" });
    await assert.rejects(unread, { code: "invalid_json" });
  });

  it("fails without a connection", async () => {
    const { chat } = new World().client();
    await assert.rejects(chat.panic("go", { on: true }), { code: "disconnected" });
  });
});

describe("a line of ours", () => {
  const held = async () => {
    const world = new World();
    const client = await world.joined();
    const sent = client.chat.send("go", "a");
    client.chat.send("go", "b");
    world.answer("message", { type: "ack", room: "go", held: "h1" });
    return { world, sent, ...client };
  };

  it("that is held doesn't stop others, and may be released", async () => {
    const { world, sent } = await held();
    assert.equal(sent.state, "held");
    assert.deepEqual(world.socket.heard("message").map(({ message }) => message), ["a", "b"]);
    world.socket.say({ type: "released", room: "go", held: "h1", seq: 44 });
    assert.equal((await sent.done).seq, 44);
    assert.equal(sent.state, "sent");
  });

  it("that is held may be rejected", async () => {
    const { world, sent } = await held();
    world.socket.say({ type: "rejected", held: "h1" }, { type: "rejected", held: "h2" });
    await assert.rejects(sent.done, { code: "rejected" });
    assert.equal(sent.state, "failed");
  });

  for (const code of ["slow_mode", "timed_out", "too_new"]) {
    it(`isn't sent again by itself after ${code}`, async () => {
      const world = new World();
      const { chat } = await world.joined();
      const sent = chat.send("go", "a");
      chat.send("go", "b");
      world.answer("message", { type: "error", code, reason: "Wait.", retry_after_ms: 30_000 });
      assert.equal(sent.state, "failed");
      assert.equal(sent.error.retryAfter, 30_000);
      assert.equal(world.socket.heard("message").length, 2, "other rooms may have other rules");
    });
  }
});

describe("a ban", () => {
  it("from a room is final", async () => {
    const world = new World();
    const { of } = await world.joined();
    world.socket.say({ type: "left", room: "go", code: "banned", reason: "Spam." });
    assert.deepEqual(of("error").map(({ code, reason }) => [code, reason]), [["banned", "Spam."]]);
  });

  it("ends a join that would wait", async () => {
    const world = new World();
    const { chat } = world.client();
    chat.connect();
    world.socket.open();
    world.socket.say(WELCOME);
    const join = chat.join("go");
    world.answer("join", {
      type: "error", code: "banned", reason: "Spam.", retry_after_ms: 3_600_000,
    });
    await assert.rejects(join, { code: "banned", retryAfter: 3_600_000 });
  });

  it("from the server stops it, whatever the token", async () => {
    const world = new World();
    const { chat, of } = await world.fetched({ token: async () => "t" });
    world.socket.onclose({ code: 3003, reason: "Spam." });
    await world.pass(120_000);
    assert.equal(world.sockets.length, 1);
    assert.equal(chat.state, "closed");
    assert.deepEqual(of("error").map(({ code, reason }) => [code, reason]), [["banned", "Spam."]]);
  });
});

describe("who we are", () => {
  const claimed = async (claims) => {
    const payload = Buffer.from(JSON.stringify({ name: "Änn~~~", ...claims })).toString("base64url");
    const { of } = await new World().joined({ token: `e30.${payload}.c2ln` });
    return of("joined")[0].role;
  };

  it("may differ from room to room", async () => {
    assert.equal(await claimed({ role: "vip" }), "vip");
    assert.equal(await claimed({ rooms: { go: "moderator", "g*": "none" } }), "moderator");
    assert.equal(await claimed({ rooms: { "*": "member", "g*": "owner" } }), "owner");
    assert.equal(await claimed({ role: "owner", rooms: { lobby: "owner" } }), undefined);
    const { of } = await new World().joined({ token: "t" });
    assert.equal(of("joined")[0].role, undefined);
  });

  it("is known as long as the token is good", async () => {
    const world = new World();
    const you = { sub: "u1", name: "Ann", role: "moderator", ttl_ms: 1000 };
    const { chat } = await world.joined({ token: "t", welcome: { ...WELCOME, you } });
    assert.equal(chat.you.role, "moderator");
    world.socket.say({ type: "error", code: "token_expired", reason: "It has expired." });
    assert.equal(chat.you, undefined);
    world.socket.say({ type: "authenticated", sub: "u1", role: "member", ttl_ms: 1000 });
    await settle();
    assert.equal(chat.you.role, "member");
  });
});
