// The panel of a moderator: panic, the settings, the held lines, the log.

import { byId, element, setText } from "../dom.js";
import { textButton } from "./buttons.js";
import { HeldLines } from "./held-lines.js";
import { ModLog } from "./mod-log.js";
import { SettingsForm } from "./settings-form.js";
import { TermList } from "./term-list.js";

export class DeskPanel {
  #panel = element("aside", { id: "desk", className: "panel" });
  #toggle = textButton("Moderate", "icon", () => this.#set(!this.#isOpen));
  #confirm = element("div", { id: "confirm", hidden: true });
  #question = element("p", { id: "question" });
  #panic = textButton("Panic", "alarm", () => this.#ask(true));
  #settings;
  #terms;
  #held;
  #log;

  /** `act({type, fields})` carries out a command; `fail(error)` shows why something can't be. */
  constructor(chat, act, fail) {
    this.#settings = new SettingsForm(act);
    this.#terms = new TermList(chat, act, fail);
    this.#held = new HeldLines(act);
    this.#log = new ModLog(chat, act, fail);
    this.#panel.setAttribute("aria-label", "Moderation");
    this.#toggle.id = "desk-button";
    this.#toggle.setAttribute("aria-controls", "desk");
    this.#build(act);
    byId("people-button").before(this.#toggle);
    document.body.append(this.#panel);
    document.addEventListener("pointerdown", ({ target }) => {
      if (!target.closest(".panel, header, .menu")) this.#set(false);
    });
    addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !this.#isOpen) return;
      if (!this.#confirm.hidden) return this.#ask(false);
      this.#set(false);
      this.#toggle.focus();
    });
    this.#set(false);
  }

  #build(act) {
    const sure = textButton("Start it", "alarm", () => {
      this.#ask(false);
      act({ type: "panic", fields: { on: true } });
    });
    this.#confirm.setAttribute("role", "alertdialog");
    this.#confirm.setAttribute("aria-labelledby", "question");
    this.#confirm.append(this.#question,
      element("div", { className: "row" }, sure, textButton("Cancel", "", () => this.#ask(false))));
    this.#held.title.tabIndex = -1;
    this.#panel.append(
      element("h2", {}, "Moderation"),
      element("div", { className: "row" }, this.#panic,
        textButton("End the panic", "link", () => act({ type: "panic", fields: { on: false } }))),
      this.#confirm, this.#held.title, this.#held.element,
      element("h3", {}, "Settings of the room"), this.#settings.element,
      this.#terms.element,
      element("h3", {}, "Log"), textButton("Show the log", "link", () => this.#log.load()),
      this.#log.element);
  }

  get #isOpen() {
    return this.#panel.classList.contains("open");
  }

  /** Asks whether to start the panic, or asks no longer. */
  #ask(isAsking) {
    this.#confirm.hidden = !isAsking;
    this.#panic.hidden = isAsking;
    (isAsking ? this.#confirm.querySelector(".row :last-child") : this.#panic).focus();
  }

  #set(isOpen) {
    this.#panel.classList.toggle("open", isOpen);
    this.#toggle.setAttribute("aria-expanded", isOpen);
    if (isOpen) this.#panic.focus();
  }

  /** Opens it at its `held` lines, or at the `log`. */
  open(view) {
    this.#set(true);
    if (view === "log") this.#log.load();
    const part = view === "log" ? this.#log.element : this.#held.title;
    part.scrollIntoView();
    if (view === "held") this.#held.title.focus();
  }

  /** Shows a room, or nothing to a reader who doesn't moderate it. */
  show(room, mayAct) {
    this.#toggle.hidden = !mayAct;
    if (!mayAct) return this.#set(false);
    const count = room.held.size;
    setText(this.#toggle, count ? `Moderate (${count})` : "Moderate");
    setText(this.#question, `Panic in #${room.name}: slow mode and members only, or what you have`
      + " prepared. Start it?");
    this.#held.show(room);
    this.#settings.show(room.settings);
    this.#terms.show(room);
    this.#log.show(room);
  }

  /** Something was done. */
  acted() {
    if (this.#log.element.hasChildNodes()) this.#log.load();
    this.#terms.acted();
  }
}
