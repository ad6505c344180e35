// A room that the reader is in.

import { storage } from "../storage.js";
import { People } from "./people.js";

const MEMORY = 2000; // lines of a room that are kept; older ones can be loaded again
const PATIENT_MEMORY = 8000; // while the reader is at old lines
const SLACK = 200; // lines over the limit before they are dropped together
const MOST_OWN = 200; // numbers of our lines in the storage

/** Whether a failed line can be sent only if it, or the name, is changed. */
export const isRefusal = ({ code }) => /^(invalid|message)_/.test(code);

const isOwnRecord = ({ epoch, seqs }) => typeof epoch === "string" && Array.isArray(seqs);

export class Room {
  /** Lines, gaps and notes in order: `{seq, date, …}`, `{gap}`, `{note}`. */
  items = [];
  /** The position of the first item. Items keep theirs when older ones are added or dropped. */
  base = 0;
  /** Results of `send()` whose lines aren't among the items yet. */
  waiting = new Set();
  people = new People();
  /** The number of the last line before we joined. */
  before = 0;
  /** Whether the server may have older lines. */
  hasOlder = false;
  isLoading = false;
  isJoined = false;
  unseen = 0; // lines since the reader was at the end
  calls = 0; // the number of them that mention the reader
  draft = ""; // the text in the field for a message
  refusal; // the error of a refused line that became the draft
  /** The reader's name in the room. */
  as;
  #epoch = "";
  #own = new Set(); // numbers of our lines

  constructor(name) {
    this.name = name;
  }

  /** The position after the last item. */
  get end() {
    return this.base + this.items.length;
  }

  itemAt(place) {
    return this.items[place - this.base];
  }

  placeOf(item) {
    return this.base + this.items.indexOf(item);
  }

  /** The number of the first line in memory. */
  get oldest() {
    return this.items.find(({ seq }) => seq)?.seq;
  }

  /** Whether older lines can be loaded now. */
  get isLoadable() {
    return this.hasOlder && !this.isLoading && this.oldest !== undefined;
  }

  joined({ epoch, seq, restarted }) {
    this.isJoined = true;
    if (restarted) {
      this.items.push({ note: "The room has started anew. What was said before is above." });
    }
    if (epoch !== this.#epoch) {
      const own = storage.get(`own.${this.name}`, {}, isOwnRecord);
      this.#own = new Set(own.epoch === epoch ? own.seqs : []);
      this.hasOlder = !restarted && seq > 0;
      this.before = seq;
    }
    this.#epoch = epoch;
  }

  /** Adds a new line. `isReading`: the reader is at old lines, so more of them are kept. */
  add(line, isReading) {
    const item = this.#item(line);
    this.items.push(item);
    for (const sent of this.waiting) if (sent.seq === line.seq) this.waiting.delete(sent);
    const most = isReading ? PATIENT_MEMORY : MEMORY;
    if (this.items.length > most + SLACK) this.#forget(this.items.length - most);
    return item;
  }

  #item({ seq, time, username, message }) {
    return { seq, date: new Date(time), username, message, isOwn: this.#own.has(seq) };
  }

  #forget(count) {
    this.items.splice(0, count);
    this.base += count;
    this.hasOlder = true;
  }

  /** Adds older lines before the others. */
  prepend(lines, more) {
    const first = this.oldest ?? Infinity;
    const older = lines.filter(({ seq }) => seq < first).map((line) => this.#item(line));
    this.items.unshift(...older);
    this.base -= older.length;
    this.hasOlder = more && older.length > 0;
  }

  gap({ from, to, missed }) {
    this.items.push({ gap: { from, to, missed } });
  }

  /** Replaces the end of a gap with lines. The rest stays a gap. */
  fill(item, lines, more) {
    const { from, to } = item.gap;
    const found = lines.filter(({ seq }) => seq >= from && seq <= to);
    const left = found.length ? found[0].seq - from : to - from + 1;
    const index = this.items.indexOf(item);
    if (index < 0) return;
    const isLost = left > 0 && (!more || found.length === 0);
    const rest = left > 0 ? [{ gap: { from, to: from + left - 1, missed: left, isLost } }] : [];
    this.items.splice(index, 1, ...rest, ...found.map((line) => this.#item(line)));
  }

  /** Makes a refused line the draft, unless there is another one. Returns whether it did. */
  takeBack(sent) {
    if (this.draft.trim()) return false;
    this.edit(sent);
    return true;
  }

  /** Adds a refused line to the draft. */
  edit(sent) {
    this.draft += `${this.draft && "\n"}${sent.message}`;
    this.refusal = sent.error;
    this.waiting.delete(sent);
  }

  /** A line of ours got its number. Returns its item, if that has arrived already. */
  acknowledged(sent) {
    this.#own.add(sent.seq);
    const seqs = [...this.#own].slice(-MOST_OWN);
    storage.set(`own.${this.name}`, { epoch: this.#epoch, seqs });
    const item = [...this.items].reverse().find(({ seq }) => seq === sent.seq);
    // Otherwise the line waits until its item arrives.
    if (item) {
      item.isOwn = true;
      this.waiting.delete(sent);
    }
    return item;
  }
}
