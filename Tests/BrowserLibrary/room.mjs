// A model of a room as the server keeps it: who is in it, and what its members were told.

const MOST_NAMES = 200;

/** So many of each name as a list, in order. */
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
  #balances = new Map(); // names that came, less those that went, since the last event
  #balance = 0;

  get count() {
    return this.usernames.length + this.#nameless;
  }

  get usernames() {
    return listed(this.#names);
  }

  /** Somebody comes (`step` 1) or goes (-1), perhaps without a name. */
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

  /** The event of presence that is due now; nothing if all has come to nothing. */
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
