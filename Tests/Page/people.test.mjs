import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { People } from "../../Sources/ChatServer/Resources/Page/Rooms/people.js";

describe("people", () => {
  it("are listed by name, with the number of people for each", () => {
    const people = new People();
    people.counted({ count: 5, usernames: ["ann", "ann", "Émile", "eve"] });
    assert.equal(people.count, 5);
    assert.deepEqual(people.names, [["ann", 2], ["Émile", 1], ["eve", 1]]);
    people.counted({ count: 1, usernames: ["ann"] });
    assert.deepEqual([people.count, people.names], [1, [["ann", 1]]]);
  });

  it("have no names in a crowd", () => {
    const people = new People();
    people.counted({ count: 1, usernames: ["ann"] });
    people.counted({ count: 201 });
    assert.deepEqual([people.count, people.names], [201, []]);
  });
});
