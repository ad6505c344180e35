// The people in a room.

const CROWD = 200; // up to so many members the server tells names

export class People {
  count = 0;
  names = null; // name → how many people have it; null in a crowd

  /** Takes an event `presence`. Returns whether the names have to be asked for. */
  changed({ count, joined, left = [] }) {
    this.count = count;
    if (!joined) return false;
    if (!this.names) return count <= CROWD;
    for (const name of joined) this.#add(name);
    for (const name of left) {
      const others = (this.names.get(name) ?? 0) - 1;
      if (others > 0) this.names.set(name, others);
      else this.names.delete(name);
    }
    return false;
  }

  /** Takes the answer to `members`. */
  counted({ count, usernames }) {
    this.count = count;
    this.names = usernames && count <= CROWD ? new Map() : null;
    if (this.names) for (const name of usernames) this.#add(name);
  }

  /** Whether names are known, but not this one. */
  lacks(name) {
    return this.names && !this.names.has(name);
  }

  /** The first names in alphabetical order, as `[name, times]`. */
  first(most) {
    return [...(this.names ?? [])].sort(([a], [b]) => a.localeCompare(b)).slice(0, most);
  }

  #add(name) {
    this.names.set(name, (this.names.get(name) ?? 0) + 1);
  }
}
