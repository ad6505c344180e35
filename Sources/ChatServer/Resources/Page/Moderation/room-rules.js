// The rules of the room as everybody sees them: modes, the pinned line, the time to wait.

import { byId, element, setText } from "../dom.js";

const TICK = 250; // ms between two updates of the countdown

/** A time as people say it: 8 s, 10 min, 2 h. */
export function spanText(seconds) {
  const isHours = seconds >= 7200 || (seconds > 0 && seconds % 3600 === 0);
  const [size, unit] = isHours ? [3600, "h"] : seconds < 120 ? [1, "s"] : [60, "min"];
  return `${Math.ceil(seconds / size)} ${unit}`;
}

/** The modes of a room in words. */
export function modesOf(settings) {
  const { slow_seconds: slow, known_minutes: known, hold_seconds: hold } = settings;
  return [
    settings.frozen && "Only moderators can write", settings.members_only && "Members only",
    slow > 0 && `Slow mode: one message every ${spanText(slow)}`,
    known > 0 && `Only people who have been here for ${spanText(known * 60)}`,
    settings.unique && "No repeated messages", settings.links === false && "No links",
    hold > 0 && `Messages appear after ${spanText(hold)}`,
  ].filter(Boolean);
}

export class RoomRules {
  #modes = element("p", { id: "modes" });
  #wait = element("p", { id: "wait" });
  #pin = element("p", { id: "pin", hidden: true });
  #timer = 0;
  #room;

  constructor(chat) {
    this.chat = chat;
    this.#wait.setAttribute("role", "timer");
    this.#pin.setAttribute("role", "note");
    byId("composer").append(this.#modes, this.#wait);
    byId("log").before(this.#pin);
  }

  /** Shows the rules of a room. */
  show(room) {
    this.#room = room;
    setText(this.#modes, modesOf(room.settings).join(" · "));
    this.#tick();
    this.#showPin(room);
  }

  /** Lets the reader of a room wait. `reason` is a sentence. */
  hold(room, milliseconds, reason) {
    const until = performance.now() + milliseconds;
    room.rule = () => {
      const rest = (until - performance.now()) / 1000;
      if (rest <= 0) return undefined;
      return { reason: `${reason} You can write again in ${spanText(rest)}.` };
    };
    this.#tick();
  }

  #tick() {
    clearTimeout(this.#timer);
    const rule = this.#room?.rule();
    setText(this.#wait, rule?.reason ?? "");
    if (rule) this.#timer = setTimeout(() => this.#tick(), TICK);
  }

  async #showPin(room) {
    const { pinned } = room.settings;
    const line = pinned && await this.#lineAt(room, pinned);
    if (room !== this.#room || pinned !== room.settings.pinned) return;
    this.#pin.hidden = !line;
    if (!line) return;
    const { username, message } = line;
    this.#pin.replaceChildren(element("b", { dir: "auto", textContent: username }), " ",
      element("span", { dir: "auto", textContent: message }));
    this.#pin.setAttribute("aria-label", `Pinned message of ${username}`);
  }

  async #lineAt(room, seq) {
    const item = room.items.find((each) => each.seq === seq && each.message);
    if (item) return item;
    const answer = await this.chat.history(room.name, seq + 1, 1).catch(() => ({ messages: [] }));
    return answer.messages.find((each) => each.seq === seq);
  }
}
