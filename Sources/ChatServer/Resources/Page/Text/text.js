// The pieces of a message: words, links, mentions.

import { folded } from "./signs.js";

// A link ends at white space, at quotation marks and at the punctuation of Chinese and Japanese.
const LINK = new RegExp(String.raw`https?:\/\/[^\s\p{Cc}<>"\x60«»\u200B\u200E\u200F\u201C-\u201F`
  + String.raw`\u202A-\u202E\u2060\u2066-\u2069\u3001-\u3004\u3008-\u3020\u3030\u303D\uFF01-\uFF0F`
  + String.raw`\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]+`, "giu");
const CLOSING = { ")": "(", "]": "[", "}": "{" };
const LAST = /[\p{Term}\p{QMark}\p{Ps}…‥]/u; // may be in a link, but not at its end
const CALL = /@\p{XIDC}+(?:[.-]\p{XIDC}+)*/uy;
const BEFORE = /[\p{XIDC}@]$/u; // an @ after these is no mention
const BEHIND = /^(?:[\p{XIDC}\p{M}\p{Emoji_Modifier}\u200D\uFE0F]|[.-]\p{XIDC})/u; // longer
const PIECES = 12; // links and mentions of one message; the rest stays text

/** The text and address of a link, or null. The punctuation of the sentence isn't part of it. */
function linkOf(found) {
  const text = withoutEnd(found);
  try {
    const { protocol, href } = new URL(text);
    return /^https?:$/.test(protocol) ? { text, href } : null;
  } catch {
    return null;
  }
}

/** The link up to a closing bracket that it doesn't open, without punctuation at its end. */
function withoutEnd(link) {
  const open = [];
  let end = 0;
  for (; end < link.length; end++) {
    const sign = link[end];
    if ("([{".includes(sign)) open.push(sign);
    else if (CLOSING[sign] && open.pop() !== CLOSING[sign]) break;
  }
  while (end && LAST.test(link[end - 1])) end--;
  return link.slice(0, end);
}

/** The length of the name after the @ at this position, or 0 if another name is there. */
function lengthOfName(text, at, name) {
  const rest = text.slice(at + 1, at + 1 + 4 * name.length);
  if (!folded(rest).startsWith(name)) return 0;
  for (let length = 1; length <= rest.length; length++) {
    if (folded(rest.slice(0, length)) !== name) continue;
    if (!BEHIND.test(text.slice(at + 1 + length))) return length;
  }
  return 0;
}

/** Links `{index, text, href}` and mentions `{index, text, isMe}`, in their order. */
function findIn(text, me) {
  const found = [];
  for (const { 0: address, index } of text.includes("://") ? text.matchAll(LINK) : []) {
    const link = !/[a-z0-9]/i.test(text[index - 1] ?? "") && linkOf(address);
    if (link) found.push({ index, ...link });
  }
  const name = me && folded(me);
  const isInLink = (at) => found.some(({ index, href, text }) => (
    href && at >= index && at < index + text.length));
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (BEFORE.test(text.slice(Math.max(0, at - 2), at)) || isInLink(at)) continue;
    const length = name ? lengthOfName(text, at, name) : 0;
    CALL.lastIndex = at;
    const call = length ? text.slice(at, at + 1 + length) : CALL.exec(text)?.[0];
    if (call) found.push({ index: at, text: call, isMe: length > 0 });
  }
  return found.sort((a, b) => a.index - b.index);
}

/** Whether the text mentions a person: `@name` as a separate word, in any case. */
export function mentions(text, name) {
  return Boolean(name) && text.includes("@") && findIn(text, name).some(({ isMe }) => isMe);
}

/** The pieces of a text: strings, links `{text, href}` and mentions `{text, isMe}`. */
export function piecesOf(text, me) {
  const pieces = [];
  let end = 0;
  for (const { index, ...piece } of findIn(text, me).slice(0, PIECES)) {
    if (index < end) continue;
    if (index > end) pieces.push(text.slice(end, index));
    pieces.push(piece);
    end = index + piece.text.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}
