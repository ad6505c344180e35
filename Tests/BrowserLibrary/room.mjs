// A model of a room on the server: its members, and the events that they got.

const MOST_NAMES = 200;

/** Each name as often as its number, as a sorted list. */
const listed = (names) =>
  [...names].flatMap(([name, times]) => Array(Math.max(0, times)).fill(name)).sort();

function count(names, name, step) {
  const times = (names.get(name) ?? 0) + step;
  if (times) names.set(name, times);
  else names.delete(name);
}

export class ModelRoom {
  /** The number of the last event. */
  number = 0;
  #names = new Map();
  #nameless = 0;
  #balances = new Map(); // joins less leaves by name, since the last event
  #balance = 0;

  get count() {
    return this.usernames.length + this.#nameless;
  }

  get usernames() {
    return listed(this.#names);
  }

  /** Somebody joins (`step` 1) or leaves (-1), perhaps without a name. */
  change(name, step) {
    if (name === undefined) this.#nameless += step;
    else {
      count(this.#names, name, step);
      count(this.#balances, name, step);
    }
    this.#balance += step;
  }

  rename(from, to) {
    this.change(from, -1);
    this.change(to, 1);
  }

  get #untold() {
    const left = [...this.#balances].map(([name, times]) => [name, -times]);
    return { joined: listed(this.#balances), left: listed(left) };
  }

  get #isChanged() {
    return this.#balance !== 0 || this.#balances.size > 0;
  }

  /** The event of presence that is due now. Nothing if the changes cancel out. */
  tell() {
    if (!this.#isChanged) return undefined;
    this.number += 1;
    const names = this.count <= MOST_NAMES ? this.#untold : {};
    const event = {
      type: "presence", room: "go", number: this.number, count: this.count, ...names,
    };
    this.#balances = new Map();
    this.#balance = 0;
    return event;
  }

  /** The answer to `members`. */
  answer(id) {
    const names = this.count > MOST_NAMES ? {}
      : { usernames: this.usernames, ...(this.#isChanged && { untold: this.#untold }) };
    return {
      type: "members", id, room: "go", number: this.number, count: this.count, ...names,
    };
  }
}
