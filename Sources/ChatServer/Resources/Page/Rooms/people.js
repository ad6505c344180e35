// The people in a room.

export class People {
  count = 0;
  names = []; // `[name, times]` in alphabetical order; none in a crowd

  /** Handles an event `people` of the library. */
  counted({ count, usernames = [] }) {
    this.count = count;
    const times = new Map();
    for (const name of usernames) times.set(name, (times.get(name) ?? 0) + 1);
    this.names = [...times].sort(([a], [b]) => a.localeCompare(b));
  }
}
