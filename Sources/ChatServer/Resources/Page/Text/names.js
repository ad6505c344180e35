// The look of a person's name.

import { isBlank, signsOf } from "./signs.js";

const MOST_BLANKS = 8; // signs before the first visible one

/** A hue from 0 to 359. A name has the same one on every screen. */
export function hueOf(name) {
  let hash = 2166136261;
  for (const letter of name.normalize("NFC")) {
    hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  }
  return (hash >>> 0) % 360;
}

/** The first letter or sign of a name. */
export function initialOf(name) {
  const first = signsOf(name, MOST_BLANKS).find((sign) => !isBlank(sign)) ?? "?";
  return first.toUpperCase();
}
