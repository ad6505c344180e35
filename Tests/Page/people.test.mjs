import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { People } from "../../Sources/ChatServer/Resources/Page/Rooms/people.js";

function peopleOf(...usernames) {
  const people = new People();
  people.counted({ count: usernames.length, usernames });
  return people;
}

describe("people", () => {
  it("are listed by name, with how many have it", () => {
    const people = peopleOf("cy", "ann", "bob", "ann");
    assert.equal(people.count, 4);
    assert.deepEqual(people.first(2), [["ann", 2], ["bob", 1]]);
    assert.equal(people.lacks("dan"), true);
    assert.equal(people.lacks("bob"), false);
  });

  it("come and go", () => {
    const people = peopleOf("ann", "ann", "bob");
    assert.equal(people.changed({ count: 2, joined: ["cy"], left: ["ann", "bob"] }), false);
    assert.deepEqual(people.first(9), [["ann", 1], ["cy", 1]]);
    people.changed({ count: 1, joined: [], left: ["ann"] });
    assert.deepEqual([people.count, people.first(9)], [1, [["cy", 1]]]);
  });

  it("have no names in a crowd, and get them back when it is gone", () => {
    const people = new People();
    people.counted({ count: 201 });
    assert.deepEqual(people.first(9), []);
    assert.ok(!people.lacks("ann"), "nobody knows");
    assert.equal(people.changed({ count: 202 }), false);
    assert.equal(people.changed({ count: 201, joined: ["ann"] }), false);
    assert.equal(people.changed({ count: 200, joined: [], left: ["ann"] }), true);
  });
});
