// The panel that shows how many are in the room and, if it is no crowd, their names.

import { byId, element, oncePerFrame, setText } from "../dom.js";
import { hueOf } from "../Text/names.js";

const NAMES = 40; // rows; the other people are a number

export class PeoplePanel {
  #people;
  #me;

  /** Shows people with the next frame. */
  show(people, me) {
    this.#people = people;
    this.#me = me;
    this.#invalidate();
  }

  #invalidate = oncePerFrame(() => {
    const { count } = this.#people;
    const text = count.toLocaleString();
    setText(byId("count"), text);
    byId("people-button").title = count === 1 ? "1 person here" : `${text} people here`;
    const names = this.#people.first(NAMES);
    byId("people-list").replaceChildren(...names.map(([name, times]) => this.#row(name, times)));
    const isPart = names.length && count > names.reduce((sum, [, times]) => sum + times, 0);
    byId("people-note").textContent = `${text} in the room${isPart ? ", these among them" : ""}`;
  });

  #row(name, times) {
    const row = element("li", {}, element("bdi", { className: "who", textContent: name }),
      `${name === this.#me ? " (you)" : ""}${times > 1 ? ` ×${times}` : ""}`);
    row.style.setProperty("--hue", hueOf(name));
    return row;
  }
}
