import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hueOf, initialOf } from "../../Sources/ChatServer/Resources/Page/Text/names.js";

describe("a name", () => {
  it("has the same hue everywhere", () => {
    assert.deepEqual(["ann", "🔥", ""].map(hueOf), [320, 128, 61]);
  });

  it("begins with a whole sign", () => {
    assert.deepEqual(["ann", "🔥x", "ß", ""].map(initialOf), ["A", "🔥", "SS", "?"]);
  });
});
