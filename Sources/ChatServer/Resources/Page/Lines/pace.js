// The pace of a room.

const FAST = 5; // lines per second
const SPAN = 2000; // ms over which lines are counted
const MOST_TIMES = 64;

export class Pace {
  /** The rate at which a room becomes fast is higher than the one at which it becomes calm. */
  isFast = false;
  #times = []; // the times of the last lines
  #arrivedAt = 0;

  /** Another room is shown. */
  restart() {
    this.#times = [];
  }

  /** A line with this `time` arrived at `now`. Both are in ms, of different clocks. */
  arrived(time, now) {
    this.#times.push(time);
    if (this.#times.length > MOST_TIMES) this.#times.shift();
    this.#arrivedAt = now;
  }

  /** Lines per second, by their times, so that a replay is no flood. */
  rate(now) {
    if (now - this.#arrivedAt > SPAN) return 0;
    const since = this.#times[this.#times.length - 1] - SPAN;
    return this.#times.filter((time) => time > since).length / (SPAN / 1000);
  }

  /** Updates whether the room is fast. */
  update(now) {
    const rate = this.rate(now);
    if (rate >= FAST) this.isFast = true;
    else if (rate < FAST / 3) this.isFast = false;
  }
}
