
// ---- list.js: a window of rows on a room's items. However many lines there are and come, the
// document holds at most so many rows, and changes once a frame.

const ROW = 24; // px of the lowest row
const WINDOW = 1.5; // screens of rows in the document
const MOST_ROWS = 64; // whatever the screen
const STEP = 6; // rows by which the window moves while somebody scrolls
const NEAR = 250; // px from an edge of the window where it moves
const AT_END = 48; // px from the end that still count as reading the end
const GROUP = 300000; // ms in which lines of one person stand under one name
const BEAT = 45; // ms between two pictures of a fast room: nobody reads more of them
const FAST = 5; // lines a second from which on the room is dense, and holds still under the mouse

class MessageList {
  room = new RoomState("");
  #log = byId("log");
  #lines = byId("lines");
  #waiting = byId("waiting");
  #newer = byId("newer");
  #first = 0; // places of the window: from, and up to but not including
  #last = 0;
  #rows = MOST_ROWS; // how many there may be
  #frame = 0;
  #drawnAt = 0;
  #isFollowing = true;
  #isHovered = false;
  #isStale = false;
  #marker = null; // the first item that wasn't seen
  #arrivals = []; // the times of the last lines
  #arrivedAt = 0;
  #calm = 0;
  #height = 0;
  #top = 0;
  #direction = 0; // of the reader's scrolling: -1 is up

  /** `me()`: the reader's name. `older()`, `fill(item)`: asks for lines. `seen()`: all were. */
  constructor(hooks) {
    this.hooks = hooks;
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.addEventListener("mouseenter", () => (this.#isHovered = true));
    this.#log.addEventListener("mouseleave", () => {
      this.#isHovered = false;
      this.invalidate();
    });
    this.#log.addEventListener("click", (event) => this.#clicked(event));
    this.#newer.addEventListener("click", () => this.toEnd());
    document.addEventListener("visibilitychange", () => this.invalidate());
    const resized = new ResizeObserver(() => this.invalidate());
    resized.observe(this.#log);
  }

  /** Another room; its newest lines. */
  show(room) {
    this.room = room;
    this.#isFollowing = true;
    this.#direction = 0;
    this.#marker = room.unseen > 0 ? room.at(room.end - room.unseen) : null;
    this.#arrivals = [];
    this.rebuild();
  }

  /** A line of ours has another fate, and perhaps a place among the others. */
  acknowledged(item) {
    for (const row of this.#lines.children) {
      if (row.item === item) row.replaceWith(this.#row(this.room.base + this.room.items.indexOf(item)));
    }
    this.invalidate();
  }

  /** Everything is drawn anew with the next frame. */
  rebuild() {
    this.#isStale = true;
    this.invalidate();
  }

  invalidate() {
    this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  /** A line has come; `isNew`, if it was said since we are here. Whether it is seen at once. */
  arrived(item, isNew) {
    this.#arrivals.push(+item.date);
    if (this.#arrivals.length > 64) this.#arrivals.shift();
    this.#arrivedAt = performance.now();
    const isSeen = !this.isReading && !document.hidden;
    if (isSeen) this.#marker = null;
    else if (isNew) this.#marker ??= item;
    this.invalidate();
    return isSeen;
  }

  /** Lines of the last 2 seconds, a second: of the room's time, so that a replay isn't a flood. */
  get #rate() {
    if (performance.now() - this.#arrivedAt > 2000) return 0;
    const since = this.#arrivals.at(-1) - 2000;
    return this.#arrivals.filter((time) => time > since).length / 2;
  }

  get #isPaused() {
    return this.#isFollowing && this.#isHovered && this.#log.classList.contains("fast");
  }

  /** Whether the reader is at old lines, which should stay. */
  get isReading() {
    return !this.#isFollowing || this.#isPaused;
  }

  toEnd() {
    this.#isFollowing = true;
    this.#isHovered = false;
    this.invalidate();
  }

  // ---- The frame

  #render() {
    this.#frame = 0;
    const now = performance.now();
    const isFast = this.#log.classList.contains("fast");
    if (isFast && !this.isReading && now - this.#drawnAt < BEAT) return this.invalidate();
    this.#drawnAt = now;
    const { room } = this;
    // Asked once: after each change of the rows the browser would have to lay them out to answer.
    const screen = this.#log.clientHeight;
    this.#rows = Math.min(MOST_ROWS, Math.ceil((screen * WINDOW) / ROW) + 2);
    this.#pace();
    // Where the window was may be gone meanwhile.
    if (this.#isStale || this.#first < room.base || this.#last > room.end) this.#anchored(() => this.#refill());
    if (!this.isReading) {
      this.#extend(room.end);
      this.#drawWaiting();
      this.#toBottom();
      const isShort = this.#log.scrollHeight <= this.#log.clientHeight;
      if (isShort && room.hasOlder && !room.isLoading) this.hooks.older();
      if (!document.hidden && room.unseen) this.hooks.seen();
    } else {
      this.#drawWaiting();
      if (!this.#isFollowing) this.#fill();
    }
    this.#drawTop();
    this.#drawNewer();
  }

  #toBottom() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#top = this.#log.scrollTop;
    this.#height = this.#log.clientHeight;
  }

  /** A dense room gets a dense look, and calms down later than it speeds up. */
  #pace() {
    const isFast = this.#rate >= FAST;
    clearTimeout(this.#calm);
    if (isFast || this.#log.classList.contains("fast")) {
      this.#calm = setTimeout(() => this.invalidate(), 3000);
    }
    if (isFast) this.#log.classList.add("fast");
    else if (this.#rate < FAST / 3) this.#log.classList.remove("fast");
  }

  /** Draws the window where it is, or at the end. */
  #refill() {
    const { room } = this;
    this.#isStale = false;
    if (this.#isFollowing || this.#first < room.base) {
      this.#last = this.#isFollowing ? room.end : Math.min(room.end, room.base + this.#rows);
      this.#first = Math.max(room.base, this.#last - this.#rows);
    }
    this.#last = Math.min(this.#last, room.end);
    this.#lines.replaceChildren();
    this.#draw(this.#first, this.#last, null);
  }

  #draw(from, to, before) {
    const rows = [];
    for (let place = from; place < to; place++) rows.push(this.#row(place));
    this.#lines.insertBefore(this.#fragment(rows), before);
  }

  #fragment(rows) {
    const fragment = document.createDocumentFragment();
    fragment.append(...rows);
    return fragment;
  }

  /** Moves the end of the window to a place; its start follows. */
  #extend(end) {
    if (end - this.#last >= this.#rows) {
      this.#first = this.#last = end - this.#rows;
      this.#lines.replaceChildren();
    }
    if (end > this.#last) this.#draw(this.#last, end, null);
    this.#last = Math.max(this.#last, end);
    while (this.#last - this.#first > this.#rows) {
      this.#lines.firstElementChild.remove();
      this.#first += 1;
    }
  }

  /** Moves the start of the window up; its end follows. */
  #extendUp(start) {
    this.#draw(start, this.#first, this.#lines.firstElementChild);
    const next = this.#lines.children[this.#first - start];
    if (next) next.replaceWith(this.#row(this.#first));
    this.#first = start;
    while (this.#last - this.#first > this.#rows) {
      this.#lines.lastElementChild.remove();
      this.#last -= 1;
    }
  }

  /** Changes rows, and leaves what the reader looks at where it is. */
  #anchored(change) {
    const edge = this.#log.getBoundingClientRect().top;
    const row = [...this.#lines.children].find((row) => row.getBoundingClientRect().bottom > edge);
    const before = row?.getBoundingClientRect().top;
    const item = row?.item;
    change();
    if (!item) return;
    const after = [...this.#lines.children].find((row) => row.item === item);
    if (after) this.#log.scrollTop += after.getBoundingClientRect().top - before;
    this.#top = this.#log.scrollTop;
  }

  /** Near an edge of the window: it moves, or older lines are asked for. */
  #fill() {
    const { room } = this;
    const log = this.#log;
    const isUpwards = this.#direction <= 0 && log.scrollTop < NEAR;
    if (isUpwards && this.#first > room.base) {
      this.#anchored(() => this.#extendUp(Math.max(room.base, this.#first - STEP)));
    } else if (isUpwards && room.hasOlder && !room.isLoading) {
      this.hooks.older();
    }
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    if (this.#direction >= 0 && below < NEAR && this.#last < room.end) {
      this.#anchored(() => this.#extend(Math.min(room.end, this.#last + STEP)));
    }
  }

  #scrolled() {
    const log = this.#log;
    const isResized = log.clientHeight !== this.#height;
    this.#height = log.clientHeight;
    this.#direction = Math.sign(log.scrollTop - this.#top) || this.#direction;
    this.#top = log.scrollTop;
    // A keyboard on the screen or a turned phone moves the lines, not the reader.
    if (isResized && this.#isFollowing) return this.invalidate();
    const below = log.scrollHeight - log.scrollTop - log.clientHeight;
    const isAtEnd = below <= AT_END && this.#last >= this.room.end;
    if (this.#isFollowing ? this.#direction < 0 && below > AT_END : isAtEnd) {
      this.#isFollowing = isAtEnd;
    }
    this.invalidate();
  }

  // ---- Rows

  #row(place) {
    const item = this.room.at(place);
    const before = this.room.at(place - 1);
    const row = item.note ? element("p", { className: "note", textContent: item.note })
      : item.gap ? this.#gapRow(item)
      : this.#lineRow(item, before);
    row.item = item;
    return row;
  }

  #gapRow(item) {
    const { missed, isLost, isLoading } = item.gap;
    const lines = missed === 1 ? "1 message is" : `${missed.toLocaleString()} messages are`;
    const row = element("p", { className: "note gap" },
      isLost ? `${lines} no longer kept.` : `${lines} missing here. `);
    if (!isLost) {
      row.append(element("button", {
        className: "link fill", disabled: Boolean(isLoading),
        textContent: isLoading ? "Loading…" : "Load missed",
      }));
    }
    return row;
  }

  #lineRow(item, before) {
    const { date, username, message, isOwn } = item;
    const isDay = !before?.date || dayOf(before.date) !== dayOf(date);
    const isMarked = item === this.#marker;
    const isFirst = isDay || isMarked || before.username !== username
      || before.isOwn !== isOwn || date - before.date > GROUP;
    const isCall = !isOwn && mentions(message, this.hooks.me());
    const row = element("div", {
      className: `line${isFirst ? " first" : ""}${isOwn ? " own" : ""}${isCall ? " mention" : ""}`,
    });
    row.style.setProperty("--hue", hueOf(username));
    if (isDay) row.append(element("div", { className: "day", textContent: dayText(date) }));
    if (isMarked) row.append(element("div", { className: "unread", textContent: "New" }));
    if (isFirst) row.dataset.initial = initialOf(username);
    const time = element("time", { dateTime: date.toISOString(), textContent: clock.format(date) });
    time.title = moment.format(date);
    const who = element("bdi", { className: "who", textContent: username });
    const meta = element("div", { className: "meta" }, who);
    if (isOwn) meta.append(element("span", { className: "you", textContent: "you" }));
    meta.append(time);
    row.append(meta, ...this.#say(message));
    return row;
  }

  #say(message) {
    const say = element("div", { className: "say", dir: "auto" }, ...nodesOf(message, this.hooks.me()));
    if (JUMBO.test(message)) say.classList.add("jumbo");
    if (message.length < 700 && message.split("\n", 11).length < 11) return [say];
    say.classList.add("long");
    return [say, element("button", { className: "link more", textContent: "Show all" })];
  }

  /** Lines of ours that aren't in the room yet; the last of them, if they are many. */
  #drawWaiting() {
    const waiting = [...this.room.waiting];
    const key = waiting.map(({ id, state }) => id + state).join();
    if (this.#waiting.dataset.key === this.room.name + key) return;
    this.#waiting.dataset.key = this.room.name + key;
    const failed = waiting.filter(({ state }) => state === "failed").slice(-5);
    const others = waiting.filter(({ state }) => state !== "failed").slice(-5);
    this.#waiting.replaceChildren(...failed.map((sent) => this.#waitingRow(sent)),
      ...others.map((sent) => this.#waitingRow(sent)));
  }

  #waitingRow(sent) {
    const isFailed = sent.state === "failed";
    const row = element("div", { className: `line own ${isFailed ? "failed" : "pending"}` });
    row.sent = sent;
    const fate = element("div", { className: "fate" });
    if (isFailed) {
      fate.append(`Not sent: ${sent.error.reason} `,
        element("button", { className: "link retry", textContent: "Try again" }),
        element("button", { className: "link discard", textContent: "Discard" }));
    } else {
      fate.append(sent.state === "queued" ? "Waiting to be sent…" : "Sending…");
    }
    row.append(...this.#say(sent.message), fate);
    return row;
  }

  #drawTop() {
    const { room } = this;
    const isStart = this.#first === room.base && !room.hasOlder;
    const text = room.isLoading ? "Loading older messages…"
      : !room.isJoined ? ""
      : !isStart ? "Scroll up for older messages"
      : `This is the beginning of #${room.name}.`;
    const top = byId("top");
    if (top.textContent !== text) top.textContent = text;
  }

  #drawNewer() {
    const { unseen } = this.room;
    this.#newer.hidden = !this.isReading || (unseen === 0 && this.#last >= this.room.end && this.#isNearEnd);
    const news = unseen === 1 ? "1 new message" : `${unseen.toLocaleString()} new messages`;
    const text = `${this.#isPaused ? "Paused · " : ""}${unseen ? news : "To the newest messages"} ↓`;
    if (this.#newer.textContent !== text) this.#newer.textContent = text;
  }

  get #isNearEnd() {
    const log = this.#log;
    return log.scrollHeight - log.scrollTop - log.clientHeight < log.clientHeight / 2;
  }

  #clicked({ target }) {
    const row = target.closest(".line, .gap");
    if (!row) return;
    if (target.matches(".fill")) this.hooks.fill(row.item);
    else if (target.matches(".retry")) row.sent.retry();
    else if (target.matches(".who")) this.hooks.call(row.item.username);
    else if (target.matches(".discard")) {
      this.room.waiting.delete(row.sent);
      this.invalidate();
    } else if (target.matches(".more")) {
      target.previousElementSibling.classList.remove("long");
      target.remove();
    }
  }
}
