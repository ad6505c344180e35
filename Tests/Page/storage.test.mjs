import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Room } from "../../Sources/ChatServer/Resources/Page/Rooms/room.js";
import { storage } from "../../Sources/ChatServer/Resources/Page/storage.js";

const isText = (value) => typeof value === "string";

describe("a stored value", () => {
  const kept = new Map();
  beforeEach(() => {
    kept.clear();
    storage.values = {};
    globalThis.localStorage = {
      getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value),
    };
  });

  it("is returned", () => {
    storage.set("name", "ann");
    assert.equal(storage.get("name", "", isText), "ann");
    storage.values = {};
    assert.equal(storage.get("name", "", isText), "ann");
  });

  for (const value of ["", "{", "null", "5", "[]", "{}", "true", '{"length":3}']) {
    it(`is dropped if it doesn't fit: ${value}`, () => {
      kept.set("hubbub.name", value);
      assert.equal(storage.get("name", "nobody", isText), "nobody");
    });
  }

  it("is also kept without a storage", () => {
    globalThis.localStorage = undefined;
    storage.set("name", "ann");
    assert.equal(storage.get("name", "", isText), "ann");
  });

  for (const value of ["5", '"x"', "[]", '{"epoch":"e1"}', '{"epoch":"e1","seqs":5}',
    '{"epoch":5,"seqs":[7]}', '{"epoch":"e1","seqs":["7",null,{}]}']) {
    it(`marks no line if it isn't a list of numbers: ${value}`, () => {
      kept.set("hubbub.own.go", value);
      const room = new Room("go");
      room.joined({ epoch: "e1", seq: 9, restarted: false });
      const line = { seq: 7, time: "2026-01-31T12:00:00Z", username: "bob", message: "hi" };
      assert.equal(room.add(line).isOwn, false);
    });
  }
});
