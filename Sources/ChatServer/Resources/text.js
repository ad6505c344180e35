
// ---- text.js: what people wrote, made visible. Text of others only ever becomes text nodes.

const byId = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** 0 to 359: the same for the same name, whoever looks. */
function hueOf(name) {
  let hash = 2166136261;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return (hash >>> 0) % 360;
}

/** The first letter or sign of a name, as people see it. */
function initialOf(name) {
  const [first = "?"] = name;
  return first.toUpperCase();
}

const EMOJI = Object.fromEntries(`smile😄 grin😁 joy😂 rofl🤣 wink😉 blush😊 heart_eyes😍 kiss😘 cool😎
think🤔 neutral😐 roll_eyes🙄 smirk😏 sleepy😴 sad😢 cry😭 angry😠 rage😡 scream😱 shock😮 party🥳 nerd🤓 hug🤗
shrug🤷 facepalm🤦 wave👋 ok👌 thumbsup👍 thumbsdown👎 clap👏 raise🙌 pray🙏 muscle💪 point👉 eyes👀 heart❤️
broken💔 fire🔥 star⭐ sparkles✨ tada🎉 hundred💯 check✅ cross❌ question❓ warning⚠️ rocket🚀 trophy🏆 goal⚽ music🎵
pizza🍕 coffee☕ beer🍺 cake🎂 cat🐱 dog🐶 sun☀️ rainbow🌈 skull💀 ghost👻`.split(/\s+/).map((word) => {
  const [, name, sign] = word.match(/^([a-z_]+)(.+)$/u);
  return [name, sign];
}));
const ALIASES = { 100: "hundred", "+1": "thumbsup", "-1": "thumbsdown", lol: "joy", love: "heart", gg: "trophy" };

/** The text with signs in place of `:names:` that are known. */
function withEmoji(text) {
  return text.replace(/:([a-z_]+|100|[+-]1):/g, (code, name) => EMOJI[ALIASES[name] ?? name] ?? code);
}

const JUMBO = /^(?:\p{Extended_Pictographic}[\u{FE0F}\u{200D}\p{Emoji_Modifier}]*\s*){1,5}$/u;
const LINK = /https?:\/\/[^\s<>"'`]+/gi;
const MENTION = /(?<![\p{L}\p{N}_@])@[\p{L}\p{N}_.-]+/gu;
const PIECES = 12; // links and mentions in one line; more of them stay text

/** An address that may be clicked: http or https, without the punctuation of the sentence. */
function linkOf(text) {
  let address = text.replace(/[.,:;!?…]+$/, "");
  while (address.endsWith(")") && !address.includes("(")) address = address.slice(0, -1);
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) ? { address, url } : null;
  } catch {
    return null;
  }
}

function anchor({ address, url }) {
  return element("a", {
    href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", textContent: address,
  });
}

/** Whether the text calls somebody by name: `@name`, in capitals or not, as a word of its own. */
function mentions(text, name) {
  if (!name) return false;
  const [all, call] = [text.toLowerCase(), `@${name.toLowerCase()}`];
  for (let at = all.indexOf(call); at >= 0; at = all.indexOf(call, at + 1)) {
    const [before, after] = [all.slice(0, at).at(-1) ?? " ", all.slice(at + call.length)];
    if (!/[\p{L}\p{N}_@]/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

/** The nodes of a text: its words, its links, its mentions. */
function nodesOf(text, me) {
  const found = [];
  for (const match of text.matchAll(LINK)) {
    const link = linkOf(match[0]);
    if (link) found.push({ at: match.index, text: link.address, node: () => anchor(link) });
  }
  for (const match of text.matchAll(MENTION)) {
    const isMe = me && match[0].slice(1).toLowerCase() === me.toLowerCase();
    const node = () => element("b", { className: isMe ? "me" : "", textContent: match[0] });
    found.push({ at: match.index, text: match[0], node });
  }
  const nodes = [];
  let end = 0;
  for (const piece of found.sort((a, b) => a.at - b.at).slice(0, PIECES)) {
    if (piece.at < end) continue;
    if (piece.at > end) nodes.push(text.slice(end, piece.at));
    nodes.push(piece.node());
    end = piece.at + piece.text.length;
  }
  if (end < text.length) nodes.push(text.slice(end));
  return nodes;
}

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });

/** Days are those of the reader's place. */
const dayOf = (date) => date.toDateString();

function dayText(date) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (dayOf(date) === dayOf(today)) return "Today";
  if (dayOf(date) === dayOf(yesterday)) return "Yesterday";
  return calendar.format(date);
}

/** What the browser keeps for this site; where it keeps nothing, as long as the page lives. */
const kept = {
  values: {},
  get(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`hubbub.${key}`)) ?? this.values[key] ?? otherwise;
    } catch {
      return this.values[key] ?? otherwise;
    }
  },
  set(key, value) {
    this.values[key] = value;
    try {
      localStorage.setItem(`hubbub.${key}`, JSON.stringify(value));
    } catch {} // Full, or switched off.
  },
};
