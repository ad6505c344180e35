// The reader's position in the log.

const AT_END = 48; // px from the end that still count as the end

export class Scroll {
  /** Whether the reader is at the end, so that the log follows new lines. */
  isFollowing = true;
  /** The direction of the last scrolling: -1 is up. */
  direction = 0;
  #top = 0;
  #height = 0;

  constructor(log) {
    this.log = log;
  }

  /** px of the log below the screen. */
  get below() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Another room is shown, at its end. */
  restart() {
    this.isFollowing = true;
    this.direction = 0;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.#top = this.log.scrollTop;
    this.#height = this.log.clientHeight;
  }

  /** Moves the log. This isn't the reader's scrolling. */
  by(pixels) {
    this.log.scrollTop += pixels;
    this.#top = this.log.scrollTop;
  }

  /** The log was scrolled. `hasLast`: its last row is the room's last line. */
  scrolled(hasLast) {
    const { scrollTop, clientHeight } = this.log;
    const isResized = clientHeight !== this.#height;
    this.direction = Math.sign(scrollTop - this.#top) || this.direction;
    this.#height = clientHeight;
    this.#top = scrollTop;
    // An on-screen keyboard or a turned phone moves the lines, not the reader.
    if (isResized && this.isFollowing) return;
    const isAtEnd = this.below <= AT_END;
    if (!this.isFollowing) this.isFollowing = isAtEnd && hasLast;
    else if (this.direction < 0) this.isFollowing = isAtEnd;
  }
}
