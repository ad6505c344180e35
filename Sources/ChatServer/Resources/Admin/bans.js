// The bans and timeouts of a room, or of the whole server.

import { element } from "../Page/dom.js";
import { textButton } from "../Page/Moderation/buttons.js";
import { spanText } from "../Page/Moderation/room-rules.js";

const BANS = 100; // at a time

export class Bans {
  element = element("div");
  #list = element("ol", { className: "entries" });
  #more = textButton("Show the bans", "link", () => this.#load());
  #last;

  constructor(desk, room) {
    Object.assign(this, { desk, room });
    this.element.append(this.#list, this.#more);
  }

  /** Something was done: a list that is shown is loaded again. */
  acted() {
    if (this.#last === undefined) return;
    this.#last = undefined;
    this.#list.replaceChildren();
    this.#load();
  }

  async #load() {
    const after = this.#last ?? 0;
    try {
      const { bans, more } = await this.desk.chat.bans(this.room, { after, limit: BANS });
      if (after !== (this.#last ?? 0)) return;
      this.#last = bans[bans.length - 1]?.rev ?? after;
      this.#list.append(...bans.map((ban) => this.#row(ban)));
      this.#more.textContent = more ? "Show more bans" : "Nobody is banned";
      this.#more.hidden = !more && this.#list.hasChildNodes();
    } catch (error) {
      this.desk.fail(error);
    }
  }

  #row({ rev, action, by, user, username, seconds, reason }) {
    const who = username ?? user ?? "an address";
    const words = [who, action, seconds && `for ${spanText(seconds)}`, `by ${by}`, reason && `· ${reason}`];
    const end = textButton("End", "link", () => this.desk.act("unban", this.room, { rev }));
    end.setAttribute("aria-label", `End: ${action} of ${who}`);
    return element("li", {}, `${words.filter(Boolean).join(" ")} `, end);
  }
}
