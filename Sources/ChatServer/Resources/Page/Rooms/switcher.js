// The list to switch between rooms.

import { byId, element, hear, oncePerFrame, refuse } from "../dom.js";
import { storage } from "../storage.js";
import { isRoomName, NAME_RULE, nearestName, pathOf } from "./address.js";

const RECENT = 12; // rooms in the list

/** A number in little space. */
export const shortCount = (count) => (count > 99 ? "99+" : count);

export class Switcher {
  #list = byId("room-list");
  #recent = storage.get("rooms", ["lobby"], Array.isArray).filter(isRoomName).slice(-RECENT);
  #current = "";

  /**
   * Hooks: `open(name)` and `leave(name)` carry out the reader's choice; `room(name)` is a room
   * that the reader is in, or undefined; `announce(text)`.
   */
  constructor(hooks) {
    this.hooks = hooks;
    const [field, note] = [byId("room-field"), byId("room-refusal")];
    hear(field, "input", () => refuse(field, note));
    hear(byId("room-form"), "submit", (event) => {
      event.preventDefault();
      const name = nearestName(field.value);
      if (!isRoomName(name)) {
        refuse(field, note, NAME_RULE);
        return hooks.announce(NAME_RULE);
      }
      refuse(field, note);
      field.value = "";
      hooks.open(name);
    });
    hear(this.#list, "click", (event) => {
      const name = event.target.closest("li")?.dataset.name;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (!name || !isPlain) return;
      event.preventDefault();
      if (!event.target.closest("button")) return hooks.open(name);
      hooks.leave(name);
      this.#keep(this.#recent.filter((other) => other !== name));
    });
  }

  /** Marks the room on the screen. An empty name means none. */
  show(name) {
    this.#current = name;
    const isListed = !name || this.#recent.includes(name);
    this.#keep(isListed ? this.#recent : [...this.#recent, name].slice(-RECENT));
  }

  #keep(recent) {
    this.#recent = recent;
    storage.set("rooms", recent);
    this.invalidate();
  }

  invalidate = oncePerFrame(() => {
    const had = document.activeElement?.closest("#room-list li")?.dataset.name;
    this.#list.replaceChildren(...this.#recent.map((name) => this.#row(name)));
    if (had) this.#list.querySelector(`[data-name="${had}"] a`)?.focus();
  });

  #row(name) {
    const isCurrent = name === this.#current;
    const link = element("a", { href: pathOf(name), textContent: name });
    if (isCurrent) link.setAttribute("aria-current", "page");
    const row = element("li", {}, link);
    row.dataset.name = name;
    const { unseen = 0, calls = 0 } = this.hooks.room(name) ?? {};
    if (unseen && !isCurrent) {
      link.append(" ", element("span", {
        className: calls ? "badge at" : "badge", textContent: shortCount(unseen),
        title: calls ? "You are mentioned" : "New messages",
      }));
    }
    if (!isCurrent) {
      const title = `Leave ${name}`;
      const leave = element("button", { className: "icon", textContent: "×", title });
      leave.setAttribute("aria-label", title);
      row.append(leave);
    }
    return row;
  }
}
