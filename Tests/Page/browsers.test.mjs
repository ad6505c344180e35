// Features that the oldest browsers in BrowserLibrary.md lack.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const folder = new URL("../../Sources/ChatServer/Resources/", import.meta.url);
const scripts = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));

const UNKNOWN = [
  ["a look-behind (Safari 16.4)", /\(\?<[=!]/],
  ["the flags v and d of patterns", /\/[gimsuy]*[vd][gimsuy]*[.,);]/],
  ["at and findLast (Safari 15.4)", /\.(at|findLast|findLastIndex)\(/],
  ["copies of arrays (Safari 16)", /\.(toSorted|toReversed|toSpliced|with)\(/],
  ["Object.hasOwn, groupBy", /Object\.(hasOwn|groupBy)|Map\.groupBy/],
  ["structuredClone", /structuredClone/],
  ["isWellFormed without a look whether it is there", /\.(isWellFormed|toWellFormed)\(/],
  ["blocks and await at the top", /static \{|^await /m],
  ["Promise.withResolvers, AbortSignal.timeout", /withResolvers|AbortSignal\.(timeout|any)/],
];

describe("scripts", () => {
  it("are found", () => assert.ok(scripts.length > 20));
  for (const [what, pattern] of UNKNOWN) {
    it(`don't need ${what}`, () => {
      for (const name of scripts) {
        const source = readFileSync(new URL(name, folder), "utf8");
        assert.doesNotMatch(source.replace(/^ *(\/\/|\*|\/\*).*$/gm, ""), pattern, name);
      }
    });
  }
});
