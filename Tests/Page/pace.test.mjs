import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Pace } from "../../Sources/ChatServer/Resources/Page/Lines/pace.js";

describe("the pace of a room", () => {
  /** Lines with these times, all of which arrive at `now`. */
  function paceOf(times, now = 5000) {
    const pace = new Pace();
    for (const time of times) pace.arrived(time, now);
    return pace;
  }

  it("is the rate in the two seconds before the last line", () => {
    assert.equal(paceOf([1000, 2500, 3000, 4000]).rate(5000), 1.5);
    assert.equal(paceOf([1000]).rate(7001), 0, "nothing came for two seconds");
    assert.equal(paceOf([]).rate(5000), 0);
  });

  it("doesn't take a replay for a flood", () => {
    const minutes = Array.from({ length: 50 }, (_, index) => index * 60_000);
    assert.equal(paceOf(minutes).rate(5000), 0.5);
  });

  it("becomes fast sooner than it becomes calm", () => {
    const pace = paceOf(Array(9).fill(1000));
    pace.update(5000);
    assert.equal(pace.isFast, false);
    pace.arrived(1000, 5000);
    pace.update(5000);
    assert.equal(pace.isFast, true, "5 lines a second");
    for (const time of [3000, 3500, 4000, 4500]) pace.arrived(time, 6000);
    pace.update(6000);
    assert.equal(pace.isFast, true, "2 lines a second");
    pace.update(8001);
    assert.equal(pace.isFast, false);
  });
});
