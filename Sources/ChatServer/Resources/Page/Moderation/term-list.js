// The words that are not allowed in the room, with a button to allow each again.

import { element } from "../dom.js";
import { textButton } from "./buttons.js";

const WORDS = 200; // words at a time

export class TermList {
  element = element("div");
  #list = element("ol", { className: "entries" });
  #more = textButton("Show the words", "link", () => this.#load());
  #room;
  #last;

  /** `act({type, fields})` carries out a change; `fail(error)` shows why there is no list. */
  constructor(chat, act, fail) {
    Object.assign(this, { chat, act, fail });
    this.element.append(this.#list, this.#more);
  }

  /** Forgets the list of another room. */
  show(room) {
    if (room !== this.#room) this.#clear();
    this.#room = room;
  }

  /** Something was done: a list that is shown is loaded again. */
  acted() {
    if (!this.#last) return;
    this.#clear();
    this.#load();
  }

  #clear() {
    this.#last = undefined;
    this.#list.replaceChildren();
    this.#more.hidden = false;
    this.#more.textContent = "Show the words";
  }

  async #load() {
    const [room, after] = [this.#room, this.#last];
    try {
      const { terms, more } = await this.chat.terms(room.name, { after, limit: WORDS });
      if (room !== this.#room || after !== this.#last) return;
      this.#last = terms[terms.length - 1]?.term ?? after ?? "";
      this.#list.append(...terms.map((term) => this.#row(term)));
      this.#more.textContent = more ? "Show more words" : "No word is blocked";
      this.#more.hidden = !more && this.#list.hasChildNodes();
    } catch (error) {
      this.fail(error);
    }
  }

  #row({ term, action }) {
    const allow = textButton("Allow", "link", () =>
      this.act({ type: "terms", fields: { remove: [term] } }));
    allow.setAttribute("aria-label", `Allow: ${term}`);
    return element("li", {}, `${term} ${action === "hold" ? "(held) " : ""}`, allow);
  }
}
