// The library with the real daemon, which HUBBUB_BIN names.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Daemon } from "./daemon.mjs";
import { served } from "./library.mjs";

const missing = !process.env.HUBBUB_BIN ? "HUBBUB_BIN names no daemon"
  : !globalThis.WebSocket ? "this Node has no WebSocket; in the browser the same is tested" : false;

/** A client, all events that it got, and `until`, which waits until something has happened. */
async function client(daemon, username) {
  const { Hubbub } = await served(daemon);
  const chat = new Hubbub({ url: daemon.url, username, random: () => 0.05 });
  const heard = { lines: [], gaps: [], errors: [] };
  const watchers = new Set();
  const look = () => watchers.forEach((watcher) => watcher());
  chat.on("message", (line) => heard.lines.push(line) && look());
  chat.on("gap", (gap) => heard.gaps.push(gap) && look());
  chat.on("error", (error) => heard.errors.push(error.code) && look());
  chat.on("state", look);
  const until = (isSo) => new Promise((resolve) => {
    const watcher = () => isSo() && watchers.delete(watcher) | resolve();
    watchers.add(watcher);
    watcher();
  });
  return { chat: chat.connect(), heard, until };
}

describe("with the daemon", { skip: missing }, () => {
  it("lines, requests and refusals get their replies", async (test) => {
    const daemon = await Daemon.start();
    const [ann, bob] = [await client(daemon, "ann"), await client(daemon, "bob")];
    test.after(async () => {
      ann.chat.close();
      bob.chat.close();
      await daemon.stop();
    });
    const joined = await ann.chat.join("go");
    assert.deepEqual([joined.room, joined.seq], ["go", 0]);
    await bob.chat.join("go");
    const sent = await ann.chat.send("go", "hi bob").done;
    assert.equal(sent.seq, 1);
    await bob.until(() => bob.heard.lines.length === 1);
    const [{ username, message, seq }] = bob.heard.lines;
    assert.deepEqual([username, message, seq], ["ann", "hi bob", 1]);
    await bob.chat.send("go", "hi ann").done;
    const { messages, more } = await ann.chat.history("go", 2);
    assert.deepEqual([messages.map((line) => line.message), more], [["hi bob"], false]);
    const { count, usernames } = await ann.chat.members("go");
    assert.deepEqual([count, [...usernames].sort()], [2, ["ann", "bob"]]);
    await assert.rejects(ann.chat.send("go", " ").done, { code: "message_empty" });
    await assert.rejects(ann.chat.join("No Room"), { code: "invalid_room" });
    assert.equal((await bob.chat.leave("go")).room, "go");
    assert.equal((await ann.chat.members("go")).count, 1);
  });

  it("fast lines are paced, and each arrives once and in order", async (test) => {
    const daemon = await Daemon.start("--lines-per-second", "50", "--line-burst", "5");
    const { chat, heard, until } = await client(daemon, "ann");
    test.after(async () => {
      chat.close();
      await daemon.stop();
    });
    await chat.join("go");
    const texts = Array.from({ length: 40 }, (_, number) => `line ${number}`);
    const sent = await Promise.all(texts.map((text) => chat.send("go", text).done));
    await until(() => heard.lines.length === 40);
    assert.deepEqual(heard.lines.map(({ message }) => message), texts);
    assert.deepEqual(sent.map(({ seq }) => seq), texts.map((_, number) => number + 1));
    assert.deepEqual(heard.errors, []);
  });

  for (const signal of ["SIGTERM", "SIGKILL"]) {
    it(`no line is lost or repeated if a ${signal} interrupts a conversation`, async (test) => {
      const daemon = await Daemon.start("--lines-per-second", "0");
      const names = ["ann", "bob", "cy"];
      const people = await Promise.all(names.map((name) => client(daemon, name)));
      test.after(async () => {
        people.forEach(({ chat }) => chat.close());
        await daemon.stop();
      });
      await Promise.all(people.map(({ chat }) => chat.join("go")));
      const count = 60;
      const all = people.map(async ({ chat }) => {
        for (let number = 0; number < count; number++) {
          await chat.send("go", `${chat.username} ${number}`).done;
        }
      });
      const { heard, until } = people[0];
      await until(() => heard.lines.length > count);
      await daemon.kill(signal);
      await Promise.all(people.map(({ chat, until }) => until(() => chat.state === "waiting")));
      await daemon.restart();
      for (const { chat } of people) chat.connect();
      await Promise.all(all);
      for (const person of people) {
        await person.until(() => person.heard.lines.length >= 3 * count);
        const seqs = person.heard.lines.map(({ seq }) => seq);
        assert.deepEqual(seqs, Array.from({ length: 3 * count }, (_, index) => index + 1));
        assert.equal(new Set(person.heard.lines.map(({ message }) => message)).size, 3 * count);
        assert.deepEqual(person.heard.gaps, []);
      }
    });
  }
});
