import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { hueOf } from "../../Sources/ChatServer/Resources/Page/Text/names.js";

describe("a name", () => {
  it("has the same hue everywhere", () => {
    assert.deepEqual(["ann", "🔥", ""].map(hueOf), [320, 128, 61]);
    assert.equal(hueOf("Jose\u0301"), hueOf("Jos\u00e9"));
  });
});
