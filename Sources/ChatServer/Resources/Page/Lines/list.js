// The room's lines on the screen. They are drawn at most once per frame.

import { byId, hear, oncePerFrame, setText } from "../dom.js";
import { onNewDay } from "../Text/time.js";
import { Pace } from "./pace.js";
import { RowWindow } from "./row-window.js";
import { rowOf, waitingRow } from "./rows.js";
import { Scroll } from "./scroll.js";

const NEAR = 250; // px: nearer to an edge of the rows, more are drawn
const BEAT = 45; // ms between two updates of a fast room
const CALM = 3000; // ms before the pace of a fast room is checked again
const MOST_WAITING = 5; // the largest number of rows of failed lines, and of others

export class MessageList {
  #room;
  #log = byId("log");
  #waiting = byId("waiting");
  #newer = byId("newer");
  #pace = new Pace();
  #scroll = new Scroll(this.#log);
  #window = new RowWindow(this.#scroll, (place) => this.#row(place));
  #drawnAt = 0;
  #isHovered = false;
  #isStale = false;
  #marker = null; // the first item that the reader has not seen
  #calm = 0;

  /**
   * Hooks: `me()` is the reader's name; `drawn(row)` may add to a row; `older()` and
   * `fill(item)` load lines and return promises;
   * `seen()`: all lines were seen; `call(name)`: the reader wants to mention a person;
   * `edit(sent)`: the reader wants to change a refused line.
   */
  constructor(hooks) {
    this.hooks = hooks;
    this.invalidate = oncePerFrame(() => this.#render());
    hear(this.#log, "scroll", () => {
      this.#scroll.scrolled(this.#window.last >= this.#room.end);
      this.invalidate();
    }, { passive: true });
    hear(this.#log, "mouseenter", () => (this.#isHovered = true));
    hear(this.#log, "mouseleave", () => {
      this.#isHovered = false;
      this.invalidate();
    });
    hear(this.#log, "click", (event) => this.#clicked(event));
    hear(this.#newer, "click", () => this.toEnd());
    hear(document, "visibilitychange", this.invalidate);
    onNewDay(() => this.rebuild());
    new ResizeObserver(() => this.#resized()).observe(this.#log);
  }

  /** Shows another room, at its end. */
  show(room) {
    this.#room = room;
    this.#scroll.restart();
    this.#pace.restart();
    this.#marker = room.unseen > 0 ? room.itemAt(room.end - room.unseen) : null;
    this.rebuild();
  }

  /** The state of a line of ours has changed. `item` is the line in the room, if it is there. */
  acknowledged(item) {
    this.#window.redraw(item, this.#room.placeOf(item));
    this.invalidate();
  }

  /** Draws all rows again in the next frame. */
  rebuild() {
    this.#isStale = true;
    this.invalidate();
  }

  /**
   * A line has arrived. `isNew` if it was sent after we joined. Returns whether the reader sees it.
   */
  arrived(item, isNew) {
    this.#pace.arrived(+item.date, performance.now());
    const isSeen = !this.isReading && !document.hidden;
    if (isSeen) this.#marker = null;
    else if (isNew) this.#marker ??= item;
    this.invalidate();
    return isSeen;
  }

  /** Whether a fast room is held still because the mouse is over it, or a line's menu is open. */
  get #isPaused() {
    const isHeld = this.#isHovered || document.activeElement?.matches(".act, .menu *");
    return this.#scroll.isFollowing && isHeld && this.#pace.isFast;
  }

  /** Whether the reader is at old lines, which should stay in place. */
  get isReading() {
    return !this.#scroll.isFollowing || this.#isPaused;
  }

  toEnd() {
    this.#scroll.isFollowing = true;
    this.#isHovered = false;
    this.invalidate();
  }

  #render() {
    const now = performance.now();
    const isEarly = now - this.#drawnAt < BEAT;
    if (this.#pace.isFast && !this.isReading && isEarly) return this.invalidate();
    this.#drawnAt = now;
    const room = this.#room;
    // This comes before rows change. Afterwards the browser would need a new layout to answer.
    this.#window.fit(this.#log.clientHeight);
    this.#setPace(now);
    // The room may have dropped items in the window.
    if (this.#isStale || this.#window.first < room.base || this.#window.last > room.end) {
      this.#isStale = false;
      this.#window.refill(room, this.#scroll.isFollowing);
    }
    const { isReading } = this;
    if (!isReading) this.#window.extend(room.end);
    this.#drawWaiting();
    if (!isReading) {
      this.#scroll.toEnd();
      const isShort = this.#log.scrollHeight <= this.#log.clientHeight;
      if (isShort && room.isLoadable) this.#older();
      if (!document.hidden && room.unseen) this.hooks.seen();
    } else if (!this.#scroll.isFollowing) this.#fill();
    this.#drawTop();
    this.#drawNewer();
  }

  /** Sets a fast room densely. Each row has another height then. */
  #setPace(now) {
    const wasFast = this.#pace.isFast;
    this.#pace.update(now);
    const { isFast } = this.#pace;
    clearTimeout(this.#calm);
    if (wasFast || isFast) this.#calm = setTimeout(this.invalidate, CALM);
    if (wasFast !== isFast) this.#window.anchored(() => this.#log.classList.toggle("fast"));
  }

  /** Moves the window, or requests older lines, if the reader is near an edge. */
  #fill() {
    const [room, rows] = [this.#room, this.#window];
    const { direction } = this.#scroll;
    const isUpwards = direction <= 0 && this.#log.scrollTop < NEAR;
    if (isUpwards && rows.first > room.base) rows.moveUp(room.base);
    else if (isUpwards && room.isLoadable) this.#older();
    if (direction >= 0 && this.#scroll.below < NEAR && rows.last < room.end) {
      rows.moveDown(room.end);
    }
  }

  async #older() {
    const asked = this.hooks.older();
    this.invalidate();
    await asked;
    this.invalidate();
  }

  async #fillGap(item) {
    const asked = this.hooks.fill(item);
    this.rebuild();
    await asked;
    this.rebuild();
  }

  #row(place) {
    const item = this.#room.itemAt(place);
    const before = this.#room.itemAt(place - 1);
    const row = rowOf(item, before, item === this.#marker, this.hooks.me());
    this.hooks.drawn(row);
    return row;
  }

  /** Draws the last of our waiting lines. */
  #drawWaiting() {
    const waiting = [...this.#room.waiting];
    const key = this.#room.name + waiting.map(({ id, state }) => id + state).join();
    if (this.#waiting.dataset.key === key) return;
    this.#waiting.dataset.key = key;
    const last = (isFailed) =>
      waiting.filter(({ state }) => (state === "failed") === isFailed).slice(-MOST_WAITING);
    this.#waiting.replaceChildren(...[...last(true), ...last(false)]
      .map((sent) => waitingRow(sent, this.hooks.me())));
  }

  #drawTop() {
    const room = this.#room;
    const isStart = this.#window.first === room.base && !room.hasOlder;
    setText(byId("top"), room.isLoading ? "Loading older messages…"
      : !room.isJoined ? ""
      : !isStart ? "Scroll up for older messages"
      : `This is the beginning of #${room.name}.`);
  }

  #drawNewer() {
    const { unseen } = this.#room;
    this.#newer.hidden = !this.isReading || (unseen === 0 && this.#isNearEnd);
    const news = unseen === 1 ? "1 new message" : `${unseen.toLocaleString()} new messages`;
    const text = unseen ? news : "To the newest messages";
    setText(this.#newer, `${this.#isPaused ? "Paused · " : ""}${text} ↓`);
  }

  get #isNearEnd() {
    const isLast = this.#window.last >= this.#room.end;
    return isLast && this.#scroll.below < this.#log.clientHeight / 2;
  }

  /** Keeps the button for newer lines above everything below the log. */
  #resized() {
    const { offsetTop, offsetHeight, parentElement } = this.#log;
    parentElement.style.setProperty("--log-bottom", `${offsetTop + offsetHeight}px`);
    this.invalidate();
  }

  #clicked({ target }) {
    const row = target.closest(".line, .gap");
    if (!row) return;
    if (target.matches(".fill")) this.#fillGap(row.item);
    else if (target.matches(".retry")) row.sent.retry();
    else if (target.matches(".edit")) this.hooks.edit(row.sent);
    else if (target.matches(".who")) this.hooks.call(row.item.username);
    else if (target.matches(".discard")) {
      this.#room.waiting.delete(row.sent);
      this.invalidate();
    } else if (target.matches(".more")) {
      target.previousElementSibling.classList.remove("long");
      target.remove();
    }
  }
}
