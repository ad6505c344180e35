// The library that the daemon, which HUBBUB_BIN names, serves; and what old browsers can read.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Daemon } from "./daemon.mjs";
import { servedText, source } from "./library.mjs";

const missing = !process.env.HUBBUB_BIN ? "HUBBUB_BIN names no daemon" : false;

/**
 * The tokens of a script. No semicolon is needed before a closing brace. A line feed is one if it may end a statement: the tokens around it tell.
 * A pattern is told from a division by the token before it.
 */
function tokens(script) {
  const token = new RegExp([
    /"(?:[^"\\\n]|\\.)*"/, /`(?:[^`\\]|\\.)*`/, /\/\/.*/, /\/\*[^]*?\*\//, /\s+/,
    /(?<=[(=:,]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/,
    /[\w$]+/, /=>|\?\?=|\?\.|\?\?|[=!]==|\*\*|&&|\|\||\+\+|--|[-+*/<>]=|\.\.\.|[^]/,
  ].map(({ source }) => source).join("|"), "g");
  const all = [];
  for (const [text] of script.matchAll(token)) {
    if (/^\/[/*]/.test(text)) continue;
    const isGap = /^\s/.test(text);
    if (isGap && text.includes("\n") && !"{([,;\n".includes(all.at(-1) ?? "\n")) all.push("\n");
    if (isGap) continue;
    if (all.at(-1) === "\n" && "})].?:&|".includes(text[0])) all.pop();
    if (all.at(-1) === ";" && text === "}") all.pop();
    all.push(text);
  }
  return all;
}

describe("the served library", { skip: missing }, () => {
  it("is the same program as its source, and small", async (test) => {
    const daemon = await Daemon.start();
    test.after(() => daemon.stop());
    const text = await servedText(daemon);
    assert.deepEqual(tokens(text), tokens(source));
    assert.ok(Buffer.byteLength(text) <= 16_384, `${Buffer.byteLength(text)} bytes`);
    assert.ok(tokens(text).length > 3000);
  });
});

describe("the library", () => {
  it("uses nothing that Safari 15.0 lacks", () => {
    const newer = [
      /\(\?<[=!]/, // look-behind, 16.4
      /\/[a-z]*[vd][a-z]*[,.;)]/, // flags of patterns, 17 and 15.4
      /^\s*static \{/m, /#\w+ in /, // 16.4, 15
      /\.(at|findLast|findLastIndex|toSorted|toReversed|with|replaceAll)\(/, // 15.4 and later
      /\b(structuredClone|randomUUID\(|hasOwn|groupBy|withResolvers|isWellFormed)\b/,
      /\bAbort(Signal\.timeout|Signal\.any)/, /^\s*await /m, // 16 and later
    ];
    const code = tokens(source).join(" ").replaceAll(" . ", ".").replaceAll(" (", "(");
    for (const pattern of newer) assert.doesNotMatch(code, pattern);
    assert.match("a = b.at(1)", newer[4]);
  });
});
