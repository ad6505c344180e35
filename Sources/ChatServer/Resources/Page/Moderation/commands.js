// The commands that a moderator types, as Twitch's users know them.

const UNITS = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
const DURATION = /^(\d{1,9})([smhdw]?)(?:\s+|$)/;

/** The words behind a command. `names` are the users that may be meant. */
class Words {
  constructor(rest, names) {
    this.rest = rest.trim();
    this.names = names;
  }

  /** A name in quotation marks, the longest of the known ones, or a word. Undefined at the end. */
  name() {
    const text = this.rest.replace(/^@/, "");
    const known = this.names.filter((name) => text === name || text.startsWith(`${name} `));
    const [longest] = known.sort((a, b) => b.length - a.length);
    const quoted = text.match(/^\x22([^\x22]+)\x22/);
    const name = quoted?.[1] ?? longest ?? text.match(/^\S+/)?.[0];
    this.rest = text.slice(quoted?.[0].length ?? name?.length).trim();
    return name;
  }

  /** Seconds: `600`, `10m`, `1h`. */
  seconds(otherwise) {
    const [all, count, unit] = this.rest.match(DURATION) ?? [];
    if (!all) return otherwise;
    this.rest = this.rest.slice(all.length);
    return count * (UNITS[unit] ?? 1);
  }

  numbers() {
    const words = this.rest.split(/[\s,]+/).filter(Boolean);
    return words.every((word) => /^\d{1,15}$/.test(word)) ? words.map(Number) : [];
  }

  /** The rest as a text, or undefined. */
  text() {
    return this.rest || undefined;
  }
}

const set = (fields) => ({ type: "settings", fields });
const term = (words, action) => words.text()
  && { type: "terms", fields: { add: [{ term: words.text(), action }] } };
const onTarget = (type, words, place, more) => {
  const name = words.name();
  return name && { type, name, fields: { ...place.targetOf(name), ...more?.() } };
};
const decided = (type, words, place) => {
  const held = words.text() ?? place.held;
  return held && { type, fields: { held } };
};

/** Each returns a command or a view, or something false if words are missing. */
const COMMANDS = new Map(Object.entries({
  ban: ["NAME [REASON]", (words, place) =>
    onTarget("ban", words, place, () => ({ reason: words.text() }))],
  timeout: ["NAME [10m] [REASON]", (words, place) => onTarget("timeout", words, place, () =>
    ({ seconds: words.seconds(600), reason: words.text() }))],
  unban: ["NAME", (words) => {
    const name = words.name();
    return name && { type: "unban", name, fields: { username: name } };
  }],
  delete: ["[NUMBER … or NAME]", (words, place) => {
    const numbers = words.numbers();
    const line = words.rest ? place.targetOf(words.name()).by_line : place.ownLine;
    const seqs = numbers.length > 0 ? numbers : [line].filter(Boolean);
    return seqs.length > 0
      && { type: "delete", fields: seqs.length === 1 ? { seq: seqs[0] } : { seqs } };
  }],
  clear: ["[10m or NAME]", (words, place) => {
    const seconds = words.seconds();
    if (seconds) return { type: "purge", fields: { last_minutes: Math.ceil(seconds / 60) } };
    if (words.rest) return onTarget("purge", words, place);
    return place.latest > 0 && { type: "purge", fields: { from: 1, to: place.latest } };
  }],
  slow: ["[30s]", (words) => set({ slow_seconds: words.seconds(30) })],
  slowoff: ["", () => set({ slow_seconds: 0 })],
  members: ["", () => set({ members_only: true })],
  membersoff: ["", () => set({ members_only: false })],
  followers: ["[10m]", (words) => set({ known_minutes: Math.ceil(words.seconds(600) / 60) })],
  followersoff: ["", () => set({ known_minutes: 0 })],
  unique: ["", () => set({ unique: true })],
  uniqueoff: ["", () => set({ unique: false })],
  links: ["", () => set({ links: true })],
  linksoff: ["", () => set({ links: false })],
  freeze: ["", () => set({ frozen: true })],
  unfreeze: ["", () => set({ frozen: false })],
  hold: ["[10s]", (words) => set({ hold_seconds: words.seconds(10) })],
  holdoff: ["", () => set({ hold_seconds: 0 })],
  pin: ["[NUMBER]", (words, place) => {
    const [pinned = place.latest] = words.numbers();
    return pinned > 0 && set({ pinned });
  }],
  unpin: ["", () => set({ pinned: null })],
  announce: ["TEXT", (words) =>
    words.text() && { type: "announce", fields: { message: words.text() } }],
  block: ["WORD or /PATTERN/", (words) => term(words, "block")],
  review: ["WORD or /PATTERN/", (words) => term(words, "hold")],
  allow: ["WORD or /PATTERN/", (words) =>
    words.text() && { type: "terms", fields: { remove: [words.text()] } }],
  panic: ["", () => ({ type: "panic", fields: { on: true } })],
  panicoff: ["", () => ({ type: "panic", fields: { on: false } })],
  undo: ["[CHANGE]", (words, place) => {
    const [rev = place.change] = words.numbers();
    return rev && { type: "undo", fields: { rev } };
  }],
  approve: ["[ID]", (words, place) => decided("approve", words, place)],
  reject: ["[ID]", (words, place) => decided("reject", words, place)],
  held: ["", () => ({ view: "held" })],
  log: ["", () => ({ view: "log" })],
  help: ["", () => ({ view: "help" })],
}));
for (const [other, name] of [["untimeout", "unban"], ["shield", "panic"], ["shieldoff", "panicoff"],
  ["modlog", "log"], ["uniquechat", "unique"], ["uniquechatoff", "uniqueoff"]]) {
  COMMANDS.set(other, COMMANDS.get(name));
}

/** All commands with their words. */
export const HELP = [...COMMANDS].map(([name, [words]]) => `/${name} ${words}`.trim()).join(" · ");

/**
 * The command in a text: `{type, fields, name}`, `{view}`, or `{reason}` if words are missing.
 * Undefined if it is another text. The `place` knows `names`, the `targetOf` a name, and the
 * numbers of the `latest` line, of the reader's `ownLine`, of the last `change` and of a `held` line.
 */
export function commandIn(text, place) {
  const [, name, rest = ""] = text.match(/^\/([a-z]+)(?:\s+([^]*))?$/) ?? [];
  if (!COMMANDS.has(name)) return undefined;
  const [words, make] = COMMANDS.get(name);
  return make(new Words(rest, place.names), place) || { reason: `Write /${name} ${words}` };
}
