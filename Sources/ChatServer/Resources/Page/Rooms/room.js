// A room that the reader is in.

import { storage } from "../storage.js";
import { People } from "./people.js";
import { covers, revised, tombstone } from "./tombstones.js";

const MEMORY = 2000; // lines of a room that are kept; older ones can be loaded again
const PATIENT_MEMORY = 8000; // while the reader is at old lines
const SLACK = 200; // lines over the limit before they are dropped together
const MOST_OWN = 200; // numbers of our lines in the storage

const REFUSALS = /^(invalid|message|slow|timed|members|too_new|repeated|links|frozen|term)/;

/** Whether a failed line goes back into its field: it has a flaw, or a rule is against it. */
export const isRefusal = ({ code }) => REFUSALS.test(code);

const isOwnRecord = ({ epoch, seqs }) => typeof epoch === "string" && Array.isArray(seqs);

export class Room {
  /** Lines, tombstones, gaps and notes in order: `{seq, date, …}`, `{gap}`, `{note}`. */
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
  /** The reader's role in the room, if the server says it. */
  role;
  settings = {}; // those that differ from the defaults
  held = new Map(); // events of lines that wait for a moderator
  change; // the number of the last change that the reader made as a moderator
  /** Returns the error if a rule lets the reader say nothing now. */
  rule = () => undefined;
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

  joined({ epoch, seq, restarted, role, settings = {} }) {
    if (!this.isJoined) this.held.clear();
    Object.assign(this, { isJoined: true, role, settings });
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
    if (this.items.length > most + SLACK) this.forget(this.items.length - most);
    return item;
  }

  /** A line of the room itself may have no user name. */
  #item({ seq, time, username = this.name, message, user, role }) {
    const isOwn = this.#own.has(seq);
    return { seq, date: new Date(time), username, message, user, role, isOwn };
  }

  /** The items of an answer of `history`. */
  #itemsOf(lines, deleted) {
    const items = [...lines.map((line) => this.#item(line)),
      ...deleted.map((seq) => tombstone({ seq }))];
    return items.sort((a, b) => a.seq - b.seq);
  }

  /** Adds a line that is deleted already. */
  bury(seq) {
    this.items.push(tombstone({ seq }));
    this.remove([seq]);
  }

  /** Deletes lines. Nothing of them stays. */
  remove(seqs) {
    this.items = revised(this.items,
      (item) => (covers(seqs, item.seq) ? tombstone(item) : item));
    for (const sent of this.waiting) if (covers(seqs, sent.seq)) this.waiting.delete(sent);
  }

  /** Puts lines in the place of their tombstones. */
  restore(lines) {
    this.items = revised(this.items, (item) => {
      const line = item.gone && lines.find(({ seq }) => seq === item.seq);
      return line ? this.#item(line) : item;
    });
  }

  /** Another epoch has begun. Lines after `seq` are lost. */
  began({ epoch, seq }) {
    const isLost = (line) => line.seq > seq;
    if (this.items.some(isLost)) this.items.push({ note: "Messages were lost." });
    this.items = this.items.filter((item) => !isLost(item));
    this.remove([[seq + 1, Infinity]]); // of those that wait
    this.#own.forEach((own) => own > seq && this.#own.delete(own));
    this.#epoch = epoch;
  }

  /** Drops the first items. They can be loaded again. */
  forget(count) {
    this.items.splice(0, count);
    this.base += count;
    this.hasOlder = true;
  }

  /** Adds older lines before the others. */
  prepend(lines, more, deleted = []) {
    const first = this.oldest ?? Infinity;
    const older = revised(this.#itemsOf(lines, deleted).filter(({ seq }) => seq < first));
    this.items.unshift(...older);
    this.base -= older.length;
    this.hasOlder = more && older.length > 0;
  }

  gap({ from, to, missed }) {
    this.items.push({ gap: { from, to, missed } });
  }

  /** Replaces the end of a gap with lines. The rest stays a gap. */
  fill(item, lines, more, deleted = []) {
    const { from, to } = item.gap;
    const found = this.#itemsOf(lines, deleted).filter(({ seq }) => seq >= from && seq <= to);
    const left = found.length ? found[0].seq - from : to - from + 1;
    const index = this.items.indexOf(item);
    if (index < 0) return;
    const isLost = left > 0 && (!more || found.length === 0);
    const rest = left > 0 ? [{ gap: { from, to: from + left - 1, missed: left, isLost } }] : [];
    this.items.splice(index, 1, ...rest, ...revised(found));
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
