// The menu of a line for moderators. Arrow keys lead from line to line, and through the menu.

import { byId, element } from "../dom.js";

const ENTRIES = [
  ["Delete", "delete"], ["Timeout 1 min", "timeout", { seconds: 60 }],
  ["Timeout 10 min", "timeout", { seconds: 600 }], ["Timeout 1 h", "timeout", { seconds: 3600 }],
  ["Ban", "ban"], ["Ban and purge", "ban", { purge: true }], ["Pin", "settings"],
];
const MARGIN = 8; // px between the menu and the edge of the log

/** The command of an entry for the line with this number. */
export function commandFor([, type, fields], seq) {
  const line = type === "settings" ? { pinned: seq } : type === "delete" ? { seq }
    : { by_line: seq };
  return { type, fields: { ...line, ...fields } };
}

export class LineMenu {
  #log = byId("log");
  #menu = element("div", { className: "menu", hidden: true });
  #item; // the line that it is about
  #focused; // the line whose button has the focus, even if its row is drawn again

  /** `act(command, item)` carries out a choice. */
  constructor(act) {
    this.act = act;
    this.#menu.setAttribute("role", "menu");
    this.#log.after(this.#menu);
    this.#log.addEventListener("click", ({ target }) => {
      if (target.matches(".act")) this.#open(target);
    });
    this.#log.addEventListener("keydown", (event) => this.#keyOnLine(event));
    this.#menu.addEventListener("keydown", (event) => this.#keyInMenu(event));
    document.addEventListener("focusin", ({ target }) => {
      this.#focused = target.matches(".act") ? target.closest(".line").item : undefined;
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!target.closest(".menu, .act")) this.#menu.hidden = true;
    });
  }

  /** Adds the button to a line's row. */
  drawn(row) {
    if (!row.item.message) return;
    const button = element("button", { type: "button", className: "icon act", textContent: "⋯" });
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-label", `Moderate the message of ${row.item.username}`);
    if (!row.matches(".first")) button.tabIndex = -1;
    row.append(button);
    if (row.item === this.#focused) {
      setTimeout(() => document.activeElement === document.body && button.focus());
    }
  }

  #open(button) {
    this.#item = button.closest(".line").item;
    const { username } = this.#item;
    this.#menu.setAttribute("aria-label", `Message of ${username}`);
    this.#menu.replaceChildren(
      element("p", { dir: "auto", textContent: username }),
      ...ENTRIES.map((entry) => this.#entry(entry)));
    this.#menu.hidden = false;
    this.#place(button);
    this.#menu.querySelector("button").focus();
  }

  #entry(entry) {
    const button = element("button", { type: "button", textContent: entry[0], tabIndex: -1 });
    button.setAttribute("role", "menuitem");
    button.addEventListener("click", () => {
      const item = this.#item;
      this.#close();
      if (entry[1] === "delete") this.#leave(document.activeElement);
      this.act(commandFor(entry, item.seq), item);
    });
    return button;
  }

  /** Puts the menu beside the button, within the log. */
  #place(button) {
    const [log, { right, top }] = [this.#log.getBoundingClientRect(),
      button.getBoundingClientRect()];
    const frame = this.#log.parentElement.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    const x = Math.max(log.left + MARGIN, right - offsetWidth);
    const y = Math.max(log.top + MARGIN, Math.min(top, log.bottom - offsetHeight - MARGIN));
    this.#menu.style.left = `${x - frame.left}px`;
    this.#menu.style.top = `${y - frame.top}px`;
  }

  #close() {
    this.#menu.hidden = true;
    const row = [...this.#log.querySelectorAll(".line")].find(({ item }) => item === this.#item);
    (row?.querySelector(".act") ?? this.#log).focus();
  }

  #keyOnLine(event) {
    const { key, target } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!target.matches(".act")) return;
    if (key === "Delete") {
      const { item } = target.closest(".line");
      this.#leave(target);
      this.act(commandFor(ENTRIES[0], item.seq), item);
    }
    if (!step) return;
    event.preventDefault();
    this.#beside(target, step)?.focus();
  }

  /** The button `step` lines further down. */
  #beside(button, step) {
    const buttons = [...this.#log.querySelectorAll(".act")];
    return buttons[buttons.indexOf(button) + step];
  }

  /** Moves the focus to another line, because this one will be gone. */
  #leave(button) {
    (this.#beside(button, -1) ?? this.#beside(button, 1) ?? this.#log).focus();
  }

  #keyInMenu(event) {
    const { key, target } = event;
    const buttons = [...this.#menu.querySelectorAll("button")];
    const count = buttons.length;
    const index = buttons.indexOf(target);
    const next = {
      ArrowDown: (index + 1) % count, ArrowUp: (index + count - 1) % count, Home: 0,
      End: count - 1,
    }[key];
    if (key === "Escape" || key === "Tab") this.#close();
    if (key === "Escape") event.stopPropagation();
    if (next === undefined && key !== "Escape" && key !== "Tab") return;
    event.preventDefault();
    buttons[next]?.focus();
  }
}
