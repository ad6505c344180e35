import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { noteOn } from "../../Sources/ChatServer/Resources/Page/Moderation/desk.js";
import { commandFor } from "../../Sources/ChatServer/Resources/Page/Moderation/line-menu.js";
import { textOf } from "../../Sources/ChatServer/Resources/Page/Moderation/mod-log.js";
import { modesOf, spanText } from "../../Sources/ChatServer/Resources/Page/Moderation/room-rules.js";
import { changedFields } from "../../Sources/ChatServer/Resources/Page/Moderation/settings-form.js";
import { isRefusal, Room } from "../../Sources/ChatServer/Resources/Page/Rooms/room.js";
import { covers, revised } from "../../Sources/ChatServer/Resources/Page/Rooms/tombstones.js";

const line = (seq, more) =>
  ({ seq, time: "2026-01-31T12:00:00.123Z", username: "bob", message: `line ${seq}`, ...more });
/** A room with lines 1 to `count`, and what it shows: numbers, and lists of deleted ones. */
function roomOf(count) {
  const room = new Room("go");
  room.joined({ epoch: "e1", seq: 0 });
  for (let seq = 1; seq <= count; seq += 1) room.add(line(seq), false);
  return room;
}
const shown = (room) => room.items.map(({ seq, gone, note }) => gone ?? seq ?? note);

describe("deleted lines", () => {
  it("are tombstones without a text, and neighbours are one", () => {
    const room = roomOf(6);
    const kept = room.items[0];
    room.remove([3, [5, 6]]);
    assert.deepEqual(shown(room), [1, 2, [3], 4, [5, 6]]);
    room.remove([4]);
    assert.deepEqual(shown(room), [1, 2, [3, 4, 5, 6]]);
    assert.equal(room.items[0], kept);
    assert.ok(!JSON.stringify(room.items[2]).includes("line"));
    assert.ok(room.items[2].date instanceof Date, "no new day begins below them");
  });

  it("may arrive deleted", () => {
    const room = roomOf(1);
    room.bury(2);
    room.bury(3);
    room.add(line(4), false);
    assert.deepEqual(shown(room), [1, [2, 3], 4]);
    assert.equal(room.oldest, 1);
  });

  it("may come back", () => {
    const room = roomOf(4);
    room.remove([[1, 3]]);
    room.restore([line(2), line(9)]);
    assert.deepEqual(shown(room), [[1], 2, [3], 4]);
    assert.equal(room.items[1].message, "line 2");
    room.restore([line(1), line(3)]);
    assert.deepEqual(shown(room), [1, 2, 3, 4]);
  });

  it("are in older lines and in gaps, too", () => {
    const room = new Room("go");
    room.joined({ epoch: "e1", seq: 9 });
    room.add(line(5), false);
    room.prepend([line(2), line(4)], true, [1, 3]);
    assert.deepEqual(shown(room), [[1], 2, [3], 4, 5]);
    assert.equal(room.base, -4);
    room.gap({ from: 6, to: 8, missed: 3 });
    room.fill(room.items.at(-1), [line(7)], false, [6, 8]);
    assert.deepEqual(shown(room), [[1], 2, [3], 4, 5, [6], 7, [8]]);
  });

  it("of ours wait no longer", () => {
    const room = roomOf(1);
    const sent = { seq: 2, state: "sent" };
    room.waiting.add(sent);
    room.bury(2);
    assert.equal(room.waiting.size, 0);
  });

  it("leave notes and gaps alone", () => {
    const items = [{ note: "a" }, { gap: {} }, { seq: 1 }];
    assert.deepEqual(revised(items, () => ({ seq: 1, gone: [1] })).slice(0, 2), items.slice(0, 2));
    assert.ok(covers([7, [17, 40]], 17) && covers([7, [17, 40]], 7) && !covers([[17, 40]], 41));
  });
});

describe("a room", () => {
  it("knows who said a line, and its own lines", () => {
    const room = roomOf(0);
    const item = room.add(line(1, { user: "u1", role: "vip" }), false);
    assert.deepEqual([item.user, item.role], ["u1", "vip"]);
    assert.equal(room.add(line(2, { username: undefined, role: "system" })).username, "go");
  });

  it("takes its settings from the join", () => {
    const room = roomOf(0);
    room.joined({ epoch: "e1", seq: 0, role: "moderator", settings: { frozen: true } });
    assert.deepEqual([room.role, room.settings], ["moderator", { frozen: true }]);
    room.joined({ epoch: "e1", seq: 0 });
    assert.deepEqual([room.role, room.settings], [undefined, {}]);
  });

  it("puts a line that breaks a rule back into the field", () => {
    const codes = [
      "slow_mode", "timed_out", "members_only", "too_new", "repeated", "links_refused", "frozen",
      "term_blocked", "message_empty", "invalid_command",
    ];
    for (const code of codes) assert.ok(isRefusal({ code }), code);
    for (const code of ["unconfirmed", "rejected", "not_joined"]) assert.ok(!isRefusal({ code }));
  });

  it("says its modes", () => {
    assert.deepEqual(modesOf({}), []);
    assert.deepEqual(modesOf({ slow_seconds: 10, links: false, known_minutes: 10 }), [
      "Slow mode: one message every 10 s", "Only people who have been here for 10 min", "No links",
    ]);
    assert.deepEqual([59.2, 120, 7200, 0.1].map(spanText), ["60 s", "2 min", "2 h", "1 s"]);
  });
});

describe("a moderator", () => {
  it("acts on a line by its number", () => {
    assert.deepEqual(commandFor(["", "ban", { purge: true }], 7),
      { type: "ban", fields: { by_line: 7, purge: true } });
    assert.deepEqual(commandFor(["", "delete"], 7), { type: "delete", fields: { seq: 7 } });
    assert.deepEqual(commandFor(["", "settings"], 7), { type: "settings", fields: { pinned: 7 } });
  });

  it("changes only what differs", () => {
    const values = {
      slow_seconds: 10, known_minutes: 0, hold_seconds: 0, members_only: false, unique: false,
      links: true, frozen: true,
    };
    assert.deepEqual(changedFields(values, { slow_seconds: 10 }), { frozen: true });
    assert.deepEqual(changedFields(values, {}), { slow_seconds: 10, frozen: true });
  });

  it("is told what was done, and how to undo it", () => {
    const command = { type: "timeout", name: "bob", fields: { seconds: 600 } };
    assert.equal(noteOn(command, { rev: 4 }), "Timed out bob for 10 min. /undo 4 takes it back.");
    assert.match(noteOn({ type: "terms", fields: {} }, { rev: 5 }), /\/undo 5 /);
    assert.equal(noteOn({ type: "delete", name: "bob", fields: {} }, { rev: 4 }), undefined);
  });

  it("reads the log", () => {
    const entry = { by: "ann", action: "timeout", username: "bob", seconds: 60, reason: "spam" };
    assert.equal(textOf(entry), "ann timeout bob for 60 s · spam");
    const terms = { by: "ann", action: "terms", add: [{ term: "a", action: "block" }],
      remove: ["b"], count: 2 };
    assert.equal(textOf(terms), "ann terms +a, −b");
  });
});
