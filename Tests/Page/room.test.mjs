import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isRefusal, Room } from "../../Sources/ChatServer/Resources/Page/Rooms/room.js";

const time = "2026-01-31T12:00:00.123Z";
const line = (seq) => ({ seq, time, username: "bob", message: `line ${seq}` });
const lines = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const seqs = (room) => room.items.map(({ seq, gap, note }) => seq ?? (gap ? "gap" : note && "note"));

let count = 0;

/**
 * A room that was joined after `seq` lines. Each has another name, so that each stores its own
 * numbers.
 */
function roomAfter(seq, joined = {}) {
  const room = new Room(`room-${++count}`);
  room.joined({ epoch: "e1", seq, members: 1, restarted: false, ...joined });
  return room;
}

describe("a room's lines", () => {
  it("keep their positions while older ones are added and dropped", () => {
    const room = roomAfter(10);
    assert.ok(!room.isLoadable, "its first line is on its way");
    for (const each of lines(8, 10)) room.add(each);
    assert.ok(room.isLoadable);
    const item = room.itemAt(1);
    assert.equal(item.seq, 9);
    room.prepend(lines(5, 8), true);
    assert.deepEqual(seqs(room), [5, 6, 7, 8, 9, 10], "what it had already comes once");
    assert.deepEqual([room.base, room.end, room.oldest], [-3, 3, 5]);
    assert.equal(room.itemAt(1), item);
    assert.equal(room.placeOf(item), 1);
    assert.ok(room.hasOlder);
    room.prepend([], true);
    assert.ok(!room.hasOlder);
  });

  it("are dropped, but later if the reader is looking at them", () => {
    const [room, patient] = [roomAfter(0), roomAfter(0)];
    for (const each of lines(1, 2201)) {
      room.add(each, false);
      patient.add(each, true);
    }
    assert.deepEqual([room.items.length, room.base, room.oldest], [2000, 201, 202]);
    assert.ok(room.hasOlder);
    assert.equal(patient.items.length, 2201);
  });

  it("are dropped if another epoch doesn't have them", () => {
    const room = roomAfter(0);
    for (const each of lines(1, 5)) room.add(each);
    const [sent, later] = [{ seq: 3, message: "a" }, { seq: 6, message: "b" }];
    room.waiting.add(later);
    room.acknowledged(sent);
    room.began({ epoch: "e2", seq: 5 });
    assert.deepEqual(seqs(room), [1, 2, 3, 4, 5], "nothing is lost");
    assert.equal(room.waiting.size, 0);
    room.began({ epoch: "e3", seq: 2 });
    assert.deepEqual(seqs(room), [1, 2, "note"]);
    room.add(line(3));
    assert.deepEqual(seqs(room), [1, 2, "note", 3]);
    assert.ok(!room.items[3].isOwn);
  });

  it("come after a note if the room has started anew", () => {
    const room = roomAfter(3);
    room.add(line(3));
    room.joined({ epoch: "e2", seq: 1, members: 1, restarted: true });
    room.add(line(1));
    assert.deepEqual(seqs(room), [3, "note", 1]);
    assert.equal(room.before, 1);
  });
});

describe("a gap", () => {
  function roomWithGap() {
    const room = roomAfter(0);
    room.add(line(1));
    room.gap({ from: 2, to: 9, missed: 8 });
    room.add(line(10));
    return room;
  }

  it("is filled from its end", () => {
    const room = roomWithGap();
    room.fill(room.itemAt(1), lines(5, 9), true);
    assert.deepEqual(seqs(room), [1, "gap", 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(room.itemAt(1).gap, { from: 2, to: 4, missed: 3, isLost: false });
    room.fill(room.itemAt(1), lines(1, 4), true);
    assert.deepEqual(seqs(room), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("says so if its lines are no longer stored", () => {
    const room = roomWithGap();
    room.fill(room.itemAt(1), lines(8, 9), false);
    assert.deepEqual(room.itemAt(1).gap, { from: 2, to: 7, missed: 6, isLost: true });
  });

  it("is left unchanged if it has gone", () => {
    const room = roomWithGap();
    const item = room.itemAt(1);
    room.items.splice(1, 1);
    room.fill(item, lines(2, 9), true);
    assert.deepEqual(seqs(room), [1, 10]);
  });
});

describe("a refused line", () => {
  const refused = (message) => ({ message, error: { code: "message_too_long", reason: "Long." } });

  it("becomes the draft again, unless there is another one", () => {
    const room = roomAfter(0);
    const [first, second] = [refused("one"), refused("two")];
    room.waiting.add(first).add(second);
    assert.ok(room.takeBack(first));
    assert.deepEqual([room.draft, room.refusal.reason], ["one", "Long."]);
    assert.ok(!room.takeBack(second));
    assert.deepEqual([...room.waiting], [second]);
    room.edit(second);
    assert.equal(room.draft, "one\ntwo");
    assert.equal(room.waiting.size, 0);
  });

  it("is one that the server would refuse again", () => {
    for (const code of ["message_too_long", "message_empty", "invalid_username"]) {
      assert.ok(isRefusal({ code }), code);
    }
    for (const code of ["unconfirmed", "outbox_full", "not_joined", "store_unavailable"]) {
      assert.ok(!isRefusal({ code }), code);
    }
  });
});

describe("a line of the reader", () => {
  it("waits until it has arrived and its number is known, in either order", () => {
    const room = roomAfter(0);
    const [first, second] = [{ seq: 1 }, { seq: 2 }];
    room.waiting.add(first).add(second);
    assert.equal(room.acknowledged(first), undefined);
    assert.equal(room.waiting.size, 2);
    assert.ok(room.add(line(1)).isOwn);
    const item = room.add({ ...line(2) });
    assert.equal(room.waiting.size, 0);
    assert.ok(!item.isOwn);
    assert.equal(room.acknowledged(second), item);
    assert.ok(item.isOwn);
  });

  it("is recognised after a reload, unless the room counts anew", () => {
    const room = roomAfter(0);
    room.acknowledged({ seq: 7 });
    for (const [epoch, isOwn] of [["e1", true], ["e2", false]]) {
      const again = new Room(room.name);
      again.joined({ epoch, seq: 9, members: 1, restarted: false });
      assert.equal(again.add(line(7)).isOwn, isOwn);
    }
  });
});
