
// ---- people.js: who is in the room.

const NAMES = 40; // rows of the list; the others are a number

/** Shows how many are in the room and, where it is no crowd, who. */
class People {
  #list = byId("people-list");
  #note = byId("people-note");
  #count = byId("count");
  #frame = 0;

  show(room, me) {
    this.room = room;
    this.me = me;
    this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  #render() {
    this.#frame = 0;
    const { count, names } = this.room;
    const text = count.toLocaleString();
    if (this.#count.textContent !== text) this.#count.textContent = text;
    byId("people-button").title = count === 1 ? "1 person here" : `${text} people here`;
    const sorted = [...(names ?? [])].sort(([a], [b]) => a.localeCompare(b));
    const rows = sorted.slice(0, NAMES).map(([name, times]) => {
      const you = name === this.me ? " (you)" : "";
      const row = element("li", {}, element("bdi", { className: "who", textContent: name }),
        `${you}${times > 1 ? ` ×${times}` : ""}`);
      row.style.setProperty("--hue", hueOf(name));
      return row;
    });
    this.#list.replaceChildren(...rows);
    const others = count - sorted.slice(0, NAMES).reduce((sum, [, times]) => sum + times, 0);
    this.#note.textContent = rows.length === 0 ? `${text} in the room`
      : others > 0 ? `${text} in the room, these among them` : `${text} in the room`;
  }
}
