// The panel with the number of people in the room and, unless it is a crowd, their names.

import { byId, element, hear, oncePerFrame, setText } from "../dom.js";
import { hueOf } from "../Text/names.js";

const MOST_NAMES = 40; // names; other people are only counted

export class PeoplePanel {
  #people;
  #me;

  /** `call(name)`: the reader wants to mention a person. */
  constructor(call) {
    hear(byId("people-list"), "click", ({ target }) => {
      if (target.matches(".who")) call(target.textContent);
    });
  }

  /** Shows people in the next frame. */
  show(people, me) {
    this.#people = people;
    this.#me = me;
    this.#invalidate();
  }

  #invalidate = oncePerFrame(() => {
    const { count, names } = this.#people;
    const number = count.toLocaleString();
    const what = count === 1 ? "person" : "people";
    setText(byId("count"), number);
    setText(byId("count-what"), ` ${what} here`);
    byId("people-button").title = `${number} ${what} here`;
    const shown = names.slice(0, MOST_NAMES);
    byId("people-list").replaceChildren(...shown.map(([name, times]) => this.#row(name, times)));
    const isNamed = count === names.reduce((sum, [, times]) => sum + times, 0);
    const rest = shown.length < names.length ? `. The first ${MOST_NAMES} names:`
      : shown.length && !isNamed ? ". These have a name:" : "";
    setText(byId("people-note"), `${number} ${what} in this room${rest}`);
  });

  #row(name, times) {
    const note = (name === this.#me ? " (you)" : "") + (times > 1 ? ` ×${times}` : "");
    const row = element("li", {}, element("button", {
      type: "button", className: "who", dir: "auto", textContent: name, title: `Mention ${name}`,
    }), note);
    row.style.setProperty("--hue", hueOf(name));
    return row;
  }
}
