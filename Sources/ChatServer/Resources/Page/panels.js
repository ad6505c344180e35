// The panels of rooms and people, which a narrow screen shows on demand.

import { byId, hear } from "./dom.js";

export class Panels {
  #ids = ["rooms", "people"];

  constructor() {
    for (const id of this.#ids) {
      hear(byId(`${id}-button`), "click", () => this.#toggle(id));
    }
    hear(document, "pointerdown", ({ target }) => {
      if (!target.closest(".panel, header")) this.close();
    });
    hear(window, "keydown", ({ key }) => {
      if (key !== "Escape") return;
      const open = document.querySelector(".panel.open");
      this.close();
      if (open) byId(`${open.id}-button`).focus();
    });
  }

  close() {
    for (const id of this.#ids) this.#set(id, false);
  }

  #toggle(id) {
    const isOpen = byId(id).classList.contains("open");
    this.close();
    if (isOpen) return;
    this.#set(id, true);
    byId(id).querySelector("a, input")?.focus();
  }

  #set(id, isOpen) {
    byId(id).classList.toggle("open", isOpen);
    byId(`${id}-button`).setAttribute("aria-expanded", isOpen);
  }
}
