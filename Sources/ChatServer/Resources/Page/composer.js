// The fields for the reader's name and message.

import { byId } from "./dom.js";
import { storage } from "./storage.js";
import { withEmoji } from "./Text/emoji.js";
import { hueOf } from "./Text/names.js";

export class Composer {
  #name = byId("name");
  #text = byId("text");
  #room;

  /**
   * Hooks: `say(text)` sends a message; `named(name)` comes at the start and with each letter of
   * a name, `renamed()` when it is complete; `announce(text)`.
   */
  constructor(hooks) {
    this.hooks = hooks;
    const [name, text] = [this.#name, this.#text];
    name.value = storage.get("name", "");
    this.#keepName();
    name.addEventListener("input", () => {
      name.removeAttribute("aria-invalid");
      this.#keepName();
    });
    name.addEventListener("change", () => hooks.renamed());
    name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.focus();
    });
    text.addEventListener("input", () => this.#written());
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.focus();
      this.#say();
    });
    // The page takes the address of a link for a room's.
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.focus();
    });
  }

  /** The longest name, in characters. */
  set mostNameCharacters(count) {
    this.#name.maxLength = count;
  }

  /** Shows the draft of another room, and keeps that of the last one. */
  show(room) {
    if (this.#room) this.#room.draft = this.#text.value;
    this.#room = room;
    this.#text.value = room.draft;
    this.#text.placeholder = room.name ? `Message #${room.name}` : "";
  }

  focus() {
    this.#text.focus();
  }

  /** Focuses the name, if there is none yet. */
  focusFirst() {
    (this.#name.value ? this.#text : this.#name).focus();
  }

  /** Mentions somebody at the end of the message. */
  call(name) {
    const text = this.#text.value;
    this.#text.value = `${text}${text && !text.endsWith(" ") ? " " : ""}@${name} `;
    this.focus();
  }

  /** Inserts a sign at the cursor. */
  insert(sign) {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText(sign, selectionStart, selectionEnd, "end");
    this.focus();
  }

  #keepName() {
    const name = this.#name.value.trim();
    this.#name.style.setProperty("--hue", hueOf(name));
    storage.set("name", name);
    this.hooks.named(name);
  }

  #written() {
    const { value, selectionEnd: end } = this.#text;
    const before = withEmoji(value.slice(0, end));
    if (before.length !== end) {
      this.#text.value = before + value.slice(end);
      this.#text.setSelectionRange(before.length, before.length);
    }
    this.#grow();
  }

  #say() {
    const text = withEmoji(this.#text.value);
    if (!text.trim() || !this.#room.name) return;
    if (!this.#name.value.trim()) {
      this.#name.setAttribute("aria-invalid", true);
      this.#name.focus();
      return this.hooks.announce("Choose a name first.");
    }
    this.#keepName();
    this.hooks.say(text);
    this.#text.value = "";
    this.#grow();
  }

  /** Makes the field as high as its text, unless the style sheet does. */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
