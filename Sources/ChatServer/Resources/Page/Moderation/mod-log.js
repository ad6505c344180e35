// What moderators have done, with a button to take it back.

import { element } from "../dom.js";
import { clockText } from "../Text/time.js";
import { textButton } from "./buttons.js";
import { spanText } from "./room-rules.js";

const LINES = 50; // entries at a time
const UNDONE = ["delete", "purge", "timeout", "ban", "settings", "panic", "terms"];

/** An entry in words. */
export function textOf(entry) {
  const { by, action, user, username, count, seconds, reason, settings } = entry;
  const { add = [], remove = [] } = entry;
  const who = by?.name ?? by ?? "";
  const words = [who, action, username ?? user, count > 1 && action !== "terms" && `(${count} messages)`,
    [...add.map(({ term }) => `+${term}`), ...remove.map((term) => `−${term}`)].join(", "),
    seconds && `for ${spanText(seconds)}`, settings && JSON.stringify(settings),
    reason && `· ${reason}`];
  return words.filter(Boolean).join(" ");
}

export class ModLog {
  element = element("ol", { className: "entries" });
  #room;

  /** `act({type, fields})` carries out an undo; `fail(error)` shows why there is no log. */
  constructor(chat, act, fail) {
    Object.assign(this, { chat, act, fail });
  }

  /** Forgets the log of another room. */
  show(room) {
    if (room !== this.#room) this.element.replaceChildren();
    this.#room = room;
  }

  /** Loads the last entries. */
  async load() {
    const room = this.#room;
    try {
      const { entries } = await this.chat.modlog(room.name, { limit: LINES });
      if (room !== this.#room) return;
      const newest = [...entries].sort((a, b) => b.rev - a.rev);
      this.element.replaceChildren(...newest.map((entry) => this.#row(entry)));
    } catch (error) {
      this.fail(error);
    }
  }

  #row(entry) {
    const { rev, time, action, undone } = entry;
    const row = element("li", {}, `${time ? clockText(new Date(time)) : ""} ${textOf(entry)} `);
    if (undone || !UNDONE.includes(action)) return row;
    const undo = textButton("Undo", "link", () => this.act({ type: "undo", fields: { rev } }));
    undo.setAttribute("aria-label", `Undo: ${textOf(entry)}`);
    row.append(undo);
    return row;
  }
}
