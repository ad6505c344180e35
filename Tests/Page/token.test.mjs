import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  forgetToken, isTokenLink, takeToken,
} from "../../Sources/ChatServer/Resources/Page/token.js";

/** What a browser has at this address. */
function page(path, hash, kept = {}) {
  return {
    location: { pathname: path, search: "", hash },
    history: { replaceState(state, title, address) { this.address = address; } },
    sessionStorage: {
      getItem: (key) => kept[key] ?? null,
      setItem: (key, value) => { kept[key] = value; },
      removeItem: (key) => { delete kept[key]; },
    },
    kept,
  };
}

describe("the token of a link", () => {
  it("is taken out of the address bar, and kept for the tab", () => {
    const window = page("/r/go", "#token=a.b-c_D");
    assert.equal(takeToken(window), "a.b-c_D");
    assert.equal(window.history.address, "/r/go");
    assert.equal(takeToken(page("/", "", window.kept)), "a.b-c_D");
  });

  it("counts before a kept one", () => {
    assert.equal(takeToken(page("/", "#token=new", { "hubbub.token": "old" })), "new");
  });

  it("is forgotten when it is dead", () => {
    const window = page("/", "#token=a");
    takeToken(window);
    forgetToken(window);
    assert.equal(takeToken(page("/", "", window.kept)), undefined);
  });

  it("isn't a room, nor any other text", () => {
    for (const hash of ["", "#/go", "#token=", "#token=a b", "#token=<b>", "#x&token=a"]) {
      const window = page("/", hash);
      assert.equal(isTokenLink(window.location), false);
      assert.equal(takeToken(window), undefined);
      assert.equal(window.history.address, undefined);
    }
  });

  it("works without storage", () => {
    const window = page("/", "#token=a");
    Object.defineProperty(window, "sessionStorage", { get() { throw new Error("blocked"); } });
    assert.equal(takeToken(window), "a");
    forgetToken(window);
  });
});
