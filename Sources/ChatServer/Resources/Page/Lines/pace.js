// How fast a room is.

const FAST = 5; // lines a second
const SPAN = 2000; // ms in which lines are counted
const MOST_TIMES = 64;

export class Pace {
  /** A room becomes fast at a higher rate than the one at which it becomes calm. */
  isFast = false;
  #times = []; // when the last lines were said
  #arrivedAt = 0;

  /** Another room. */
  restart() {
    this.#times = [];
  }

  /** A line came at `now`. It was said at `time`. Both are in ms, of different clocks. */
  arrived(time, now) {
    this.#times.push(time);
    if (this.#times.length > MOST_TIMES) this.#times.shift();
    this.#arrivedAt = now;
  }

  /** Lines a second, by when they were said: a replay is no flood. */
  rate(now) {
    if (now - this.#arrivedAt > SPAN) return 0;
    const since = this.#times[this.#times.length - 1] - SPAN;
    return this.#times.filter((time) => time > since).length / (SPAN / 1000);
  }

  /** Decides again whether the room is fast. */
  update(now) {
    const rate = this.rate(now);
    if (rate >= FAST) this.isFast = true;
    else if (rate < FAST / 3) this.isFast = false;
  }
}
