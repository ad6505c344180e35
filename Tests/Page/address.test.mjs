import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  isRoomName, nearestName, pathOf, roomAt,
} from "../../Sources/ChatServer/Resources/Page/Rooms/address.js";

const at = (address) => roomAt(new URL(address, "https://chat.example"));

describe("a room's name", () => {
  it("has 1 to 64 characters of a few kinds", () => {
    for (const name of ["a", "go-room_1.x", "x".repeat(64)]) assert.ok(isRoomName(name), name);
    for (const name of [5, null, ["go"], "", "Go", "a b", "ä", "a/b", "x".repeat(65)]) {
      assert.ok(!isRoomName(name), name);
    }
  });

  it("is guessed from typed text", () => {
    assert.equal(nearestName(" #Go  Room "), "go-room");
  });
});

describe("an address", () => {
  for (const [address, name] of [
    ["/", "lobby"], ["/r/go", "go"], ["/#/go", "go"], ["/?room=go", "go"],
    ["/r/a?room=b#/c", "c"], ["/r/a/", "a"], ["/#/a/", "a"], ["/r/a?room=b", "a"],
    ["/#/a%20b", "a b"], ["/#/%E0%A4%A", "%E0%A4%A"], ["/?room=%25", "%"], ["/?room=", ""],
  ]) {
    it(`${address} leads to ${JSON.stringify(name)}`, () => assert.equal(at(address), name));
  }

  it("leads to its room", () => assert.equal(at(pathOf("go")), "go"));
});
