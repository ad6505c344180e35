// The pieces of a message: words, links, mentions.

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
const MENTION = /(?<![\p{L}\p{N}_@])@[\p{L}\p{N}_.-]+/gu;
const PIECES = 12; // links and mentions of one message; the rest stays text

/** The text and address of a link, or null. Punctuation of the sentence isn't part of it. */
function linkOf(found) {
  let text = found.replace(/[.,:;!?…]+$/, "");
  while (text.endsWith(")") && !text.includes("(")) text = text.slice(0, -1);
  try {
    const { protocol, href } = new URL(text);
    return /^https?:$/.test(protocol) ? { text, href } : null;
  } catch {
    return null;
  }
}

/** Whether the text calls somebody by name: `@name`, in capitals or not, as a word of its own. */
export function mentions(text, name) {
  if (!name) return false;
  const [all, call] = [text.toLowerCase(), `@${name.toLowerCase()}`];
  for (let at = all.indexOf(call); at >= 0; at = all.indexOf(call, at + 1)) {
    const [before, after] = [all.slice(0, at).at(-1) ?? " ", all.slice(at + call.length)];
    if (!/[\p{L}\p{N}_@]/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

/** The pieces of a text: strings, links `{text, href}` and mentions `{text, isMe}`. */
export function piecesOf(text, me) {
  const found = [];
  for (const { 0: address, index } of text.matchAll(LINK)) {
    const link = linkOf(address);
    if (link) found.push({ index, ...link });
  }
  for (const { 0: call, index } of text.matchAll(MENTION)) {
    const isMe = call.slice(1).toLowerCase() === me?.toLowerCase();
    found.push({ index, text: call, isMe });
  }
  const pieces = [];
  let end = 0;
  for (const { index, ...piece } of found.sort((a, b) => a.index - b.index).slice(0, PIECES)) {
    if (index < end) continue;
    if (index > end) pieces.push(text.slice(end, index));
    pieces.push(piece);
    end = index + piece.text.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}
