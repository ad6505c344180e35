// The lines that wait for a moderator.

import { element, setText } from "../dom.js";
import { textButton } from "./buttons.js";

const MOST_HELD = 50; // lines in the list

export class HeldLines {
  element = element("ul", { className: "held" });
  title = element("h3");

  /** `act({type, fields})` carries out a decision. */
  constructor(act) {
    this.act = act;
  }

  /** Shows the lines of a room. */
  show({ held }) {
    const lines = [...held.values()];
    setText(this.title, `Held messages: ${lines.length}`);
    const key = lines.map((line) => line.held).join();
    if (this.element.dataset.key === key) return;
    this.element.dataset.key = key;
    const had = this.element.contains(document.activeElement);
    this.element.replaceChildren(...lines.slice(0, MOST_HELD).map((line) => this.#row(line)));
    if (had) (this.element.querySelector("button") ?? this.title).focus();
  }

  #row({ held, username, message, why }) {
    const buttons = [["Approve", "approve"], ["Reject", "reject"]].map(([text, type]) => {
      const button = textButton(text, "link", () => this.act({ type, fields: { held } }));
      button.setAttribute("aria-label", `${text} the message of ${username}`);
      return button;
    });
    return element("li", {}, element("b", { dir: "auto", textContent: username }), " ",
      element("span", { dir: "auto", textContent: message }),
      element("small", {}, why ? ` (${why})` : ""),
      element("div", { className: "row" }, ...buttons));
  }
}
