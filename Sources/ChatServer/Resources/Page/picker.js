// The table of emoji.

import { byId, element, hear } from "./dom.js";
import { EMOJI } from "./Text/emoji.js";

export class Picker {
  #table = byId("picker");
  #button = byId("emoji");

  /** `pick(sign)`: the reader has chosen a sign. */
  constructor(pick) {
    const [table, button] = [this.#table, this.#button];
    hear(button, "click", () => (table.hidden ? this.#open() : this.#close()));
    hear(table, "click", ({ target }) => {
      if (!target.matches("button")) return;
      this.#close();
      pick(target.textContent);
    });
    hear(table, "keydown", (event) => this.#step(event));
    hear(document, "pointerdown", ({ target }) => {
      if (!table.hidden && !target.closest("#picker, #emoji")) this.#close();
    });
    hear(window, "keydown", ({ key }) => {
      if (key !== "Escape" || table.hidden) return;
      this.#close();
      button.focus();
    });
  }

  #open() {
    this.#table.replaceChildren(...Object.entries(EMOJI).map(([name, sign]) => {
      const button = element("button", { type: "button", textContent: sign, title: `:${name}:` });
      button.setAttribute("aria-label", name.replaceAll("_", " "));
      return button;
    }));
    this.#table.hidden = false;
    this.#button.setAttribute("aria-expanded", true);
    this.#table.firstElementChild.focus();
  }

  #close() {
    this.#table.hidden = true;
    this.#table.replaceChildren();
    this.#button.setAttribute("aria-expanded", false);
  }

  /** Moves the focus with the arrow keys. */
  #step(event) {
    const columns = getComputedStyle(this.#table).gridTemplateColumns.split(" ").length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.#table.children];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  }
}
