// A window of rows on a room's items. The document contains few rows, even for many items.

import { byId } from "../dom.js";

const ROW = 24; // px of the lowest row
const SCREENS = 1.5; // of rows in the document
const MOST_ROWS = 64; // on the largest screen
const STEP = 6; // rows by which the window moves while the reader scrolls

export class RowWindow {
  /** The position of the first item, and the position after the last one. */
  first = 0;
  last = 0;
  #most = MOST_ROWS;
  #lines = byId("lines");
  #scroll;
  #row;

  /** `row(place)` makes the row of the item at a position. */
  constructor(scroll, row) {
    this.#scroll = scroll;
    this.#row = row;
  }

  /** Sets the number of rows for a log of this height. */
  fit(height) {
    this.#most = Math.min(MOST_ROWS, Math.ceil((height * SCREENS) / ROW) + 2);
  }

  /** Draws all rows again, at the window's position or at the room's end. */
  refill(room, isAtEnd) {
    const { base, end } = room;
    this.anchored((item, index) => {
      // The item may have another position, because lines before it are gone.
      const moved = room.items.includes(item) ? room.placeOf(item) - index - this.first : 0;
      this.first += moved;
      this.last += moved;
      if (isAtEnd || this.first < base) {
        this.last = isAtEnd ? end : Math.min(end, base + this.#most);
        this.first = Math.max(base, this.last - this.#most);
      }
      this.first = Math.min(this.first, end);
      this.last = Math.min(end, this.first + this.#most);
      this.#lines.replaceChildren();
      this.#draw(this.first, this.last, null);
    });
  }

  /** Draws the row of an item again, if it is in the window. */
  redraw(item, place) {
    this.#rowWith(item)?.replaceWith(this.#row(place));
  }

  /** Moves up by a step. */
  moveUp(base) {
    this.anchored(() => this.#extendUp(Math.max(base, this.first - STEP)));
  }

  /** Moves down by a step. */
  moveDown(end) {
    this.anchored(() => this.extend(Math.min(end, this.last + STEP)));
  }

  /** Moves the end of the window to a position. Its start follows. */
  extend(end) {
    if (end - this.last >= this.#most) {
      this.first = this.last = end - this.#most;
      this.#lines.replaceChildren();
    }
    if (end > this.last) this.#draw(this.last, end, null);
    this.last = Math.max(this.last, end);
    while (this.last - this.first > this.#most) {
      this.#lines.firstElementChild.remove();
      this.first += 1;
    }
  }

  /** Moves the start of the window to a position. Its end follows. */
  #extendUp(start) {
    this.#draw(start, this.first, this.#lines.firstElementChild);
    // A row's look depends on the row above it.
    const next = this.#lines.children[this.first - start];
    if (next) next.replaceWith(this.#row(this.first));
    this.first = start;
    while (this.last - this.first > this.#most) {
      this.#lines.lastElementChild.remove();
      this.last -= 1;
    }
  }

  #draw(from, to, before) {
    const rows = document.createDocumentFragment();
    for (let place = from; place < to; place++) rows.append(this.#row(place));
    this.#lines.insertBefore(rows, before);
  }

  #rowWith(item) {
    return [...this.#lines.children].find((row) => row.item === item);
  }

  /** Changes rows or their look, but keeps the first visible row in place. */
  anchored(change) {
    const topOf = (node) => node.getBoundingClientRect().top;
    const edge = topOf(this.#lines.parentElement);
    const rows = [...this.#lines.children];
    const row = rows.find((row) => row.getBoundingClientRect().bottom > edge);
    const before = row && topOf(row);
    const item = row?.item;
    change(item, rows.indexOf(row));
    if (!item) return;
    const after = this.#rowWith(item);
    this.#scroll.by(after ? topOf(after) - before : 0);
  }
}
