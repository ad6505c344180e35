import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { dayText } from "../../Sources/ChatServer/Resources/Page/Text/time.js";

describe("a day", () => {
  it("is named by its distance from today", () => {
    const today = new Date(2026, 2, 1, 0, 5);
    assert.equal(dayText(new Date(2026, 2, 1, 23, 59), today), "Today");
    assert.equal(dayText(new Date(2026, 1, 28, 23, 59), today), "Yesterday");
    assert.match(dayText(new Date(2026, 1, 27, 12), today), /27/);
  });
});
