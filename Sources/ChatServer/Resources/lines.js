
// ---- lines.js: what is known of a room, without a thought for the screen.

const MEMORY = 2000; // lines of a room that are kept; older ones can be asked for again
const PATIENT_MEMORY = 8000; // while somebody reads the old ones
const CROWD = 200; // members up to which the server tells names

/** A room: its items (lines, gaps, notes) in their order, what waits to be sent, who is there. */
class RoomState {
  items = [];
  /** Items that were let go of at the start: an item's place is `base` plus its index. */
  base = 0;
  /** Lines of ours that aren't among the items yet, by the object that `send()` returned. */
  waiting = new Set();
  epoch = "";
  /** The number up to which lines were said before we came. */
  before = 0;
  /** Whether older lines may be had: unknown until the room was joined. */
  hasOlder = false;
  isLoading = false;
  isJoined = false;
  count = 0;
  names = null; // name → how many; null in a crowd
  unseen = 0; // lines since the reader was at the end
  calls = 0; // of them, those that call the reader
  draft = "";
  #own = new Set();
  #asking = 0;

  constructor(name) {
    this.name = name;
  }

  get end() {
    return this.base + this.items.length;
  }

  at(place) {
    return this.items[place - this.base];
  }

  /** The number of the first line that is here. */
  get oldest() {
    return this.items.find(({ seq }) => seq)?.seq;
  }

  joined({ epoch, seq, members, restarted }) {
    this.isJoined = true;
    this.count = members;
    if (restarted) this.note("The room has started anew. What was said before is above.");
    if (epoch !== this.epoch) {
      const own = kept.get(`own.${this.name}`, {});
      this.#own = new Set(own.epoch === epoch ? own.seqs : []);
      this.hasOlder = !restarted && seq > 0;
      this.before = seq;
    }
    this.epoch = epoch;
  }

  add(line, isReading) {
    const item = this.#item(line);
    this.items.push(item);
    for (const sent of this.waiting) if (sent.seq === line.seq) this.waiting.delete(sent);
    const most = isReading ? PATIENT_MEMORY : MEMORY;
    if (this.items.length > most + CROWD) this.forget(this.items.length - most);
    return item;
  }

  #item({ seq, time, username, message }) {
    const date = new Date(time);
    return { seq, date, username, message, isOwn: this.#own.has(seq) };
  }

  forget(count) {
    this.items.splice(0, count);
    this.base += count;
    this.hasOlder = true;
  }

  /** Older lines, put before the others. */
  prepend(lines, more) {
    const first = this.oldest ?? Infinity;
    const older = lines.filter(({ seq }) => seq < first).map((line) => this.#item(line));
    this.items.unshift(...older);
    this.base -= older.length;
    this.hasOlder = more && older.length > 0;
  }

  note(text) {
    this.items.push({ note: text });
  }

  gap({ from, to, missed }) {
    this.items.push({ gap: { from, to, missed } });
  }

  /** Puts lines in the place of the end of a gap. What is still missing stays a gap. */
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

  /** A line that we said has its number. Returns its item, if that is here already. */
  acknowledged(sent) {
    this.#own.add(sent.seq);
    const seqs = [...this.#own].slice(-200);
    kept.set(`own.${this.name}`, { epoch: this.epoch, seqs });
    const item = this.items.findLast(({ seq }) => seq === sent.seq);
    // If not, it comes: until then the line stays where it waits.
    if (item) {
      item.isOwn = true;
      this.waiting.delete(sent);
    }
    return item;
  }

  presence({ count, joined, left }) {
    this.count = count;
    if (!joined || !this.names) return;
    for (const name of joined) this.names.set(name, (this.names.get(name) ?? 0) + 1);
    for (const name of left ?? []) {
      const others = (this.names.get(name) ?? 0) - 1;
      if (others > 0) this.names.set(name, others);
      else this.names.delete(name);
    }
  }

  /** Asks who is there, at most every few seconds. */
  askAgain(ask) {
    this.#asking ||= setTimeout(() => {
      this.#asking = 0;
      ask(this);
    }, 3000);
  }

  members({ count, usernames }) {
    this.count = count;
    this.names = usernames && count <= CROWD ? new Map() : null;
    for (const name of usernames ?? []) this.names?.set(name, (this.names.get(name) ?? 0) + 1);
  }
}
