// The fields for the reader's name and message.

import { byId, hear, refuse, setText } from "./dom.js";
import { storage } from "./storage.js";
import { withEmoji } from "./Text/emoji.js";
import { hueOf } from "./Text/names.js";
import { isBlank, trimmed } from "./Text/signs.js";

const NEAR_LIMIT = 200; // characters before the limit, where the countdown begins
const LONGEST_NAME = 1000; // UTF-16 units of the longest name from the storage

const isName = (value) => typeof value === "string" && value.length <= LONGEST_NAME;

export class Composer {
  #name = byId("name");
  #text = byId("text");
  #note = byId("refusal");
  #room;
  #kept; // the name, in case the browser empties the field

  /**
   * Hooks: `say(text)` sends a message; `named(name)` is called at the start and with each letter
   * of a name, `renamed()` when it is complete; `check(text)` and `checkName(name)` return the
   * characters `left` and an `error`; `announce(text)`.
   */
  constructor(hooks) {
    this.hooks = hooks;
    const [name, text] = [this.#name, this.#text];
    name.value = storage.get("name", "", isName);
    this.#keepName();
    hear(name, "input", () => {
      this.#keepName();
      this.#show(name, this.hooks.checkName(name.value).error?.reason);
    });
    hear(name, "change", () => {
      if (!this.#flawOfName) hooks.renamed();
    });
    hear(name, "keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.focus();
    });
    hear(text, "input", (event) => this.#written(event));
    hear(text, "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.#say();
    });
    hear(byId("composer"), "submit", (event) => {
      event.preventDefault();
      this.focus();
      this.#say();
    });
    // The page would take the link's address for a room's.
    hear(byId("skip"), "click", (event) => {
      event.preventDefault();
      this.focus();
    });
    // Safari may empty the fields of a page that it had cached, a moment after it shows the page.
    hear(window, "pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.#restore();
      setTimeout(() => this.#restore());
    });
  }

  /** Shows the draft of a room. */
  show(room) {
    this.#room = room;
    this.#set(room.draft);
    this.#text.placeholder = room.name ? `Message #${room.name}` : "";
    const { code, reason } = room.refusal ?? {};
    this.#show(code === "invalid_username" ? this.#name : this.#text, reason);
  }

  /** Everybody sees this name, which the reader can't change. Undefined if there is none. */
  bear(name) {
    this.#name.readOnly = name !== undefined;
    this.#name.value = name ?? storage.get("name", "", isName);
    this.#name.style.setProperty("--hue", hueOf(trimmed(this.#name.value)));
    this.#kept = this.#name.value;
    this.hooks.named(trimmed(this.#name.value));
    if (this.#room) this.#show(this.#name);
  }

  /** The name is refused. */
  refuseName(reason) {
    this.#show(this.#name, reason);
  }

  focus() {
    this.#text.focus();
  }

  /** Focuses the name, if there is none yet. */
  focusFirst() {
    (this.#name.value ? this.#text : this.#name).focus();
  }

  /** Mentions a person at the end of the message. */
  call(name) {
    const text = this.#text.value;
    this.#set(`${text}${text && !text.endsWith(" ") ? " " : ""}@${name} `);
    this.focus();
  }

  /** Inserts a sign at the cursor. */
  insert(sign) {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText(sign, selectionStart, selectionEnd, "end");
    this.#set(this.#text.value);
    this.focus();
  }

  #keepName() {
    const name = trimmed(this.#name.value);
    this.#kept = this.#name.value;
    this.#name.style.setProperty("--hue", hueOf(name));
    if (!this.#name.readOnly) storage.set("name", name);
    this.hooks.named(name);
  }

  get #flawOfName() {
    if (isBlank(this.#name.value)) return "Choose a name first: one that can be seen.";
    return this.hooks.checkName(this.#name.value).error?.reason;
  }

  /** Replaces a short code with its emoji when white space follows. */
  #written({ isComposing }) {
    const { value, selectionEnd: end } = this.#text;
    const before = value.slice(0, end);
    const isInCode = before.split("`").length % 2 === 0;
    const text = isComposing || isInCode || !/\s$/.test(before) ? before : withEmoji(before);
    if (text !== before) {
      this.#text.value = text + value.slice(end);
      this.#text.setSelectionRange(text.length, text.length);
    }
    this.#room.refusal = undefined;
    this.#show(this.#text);
    this.#changed();
  }

  #say() {
    const text = withEmoji(this.#text.value);
    if (!text || !this.#room.name) return;
    const flaw = this.#flawOfName;
    if (flaw) {
      this.#name.focus();
      return this.#refuse(this.#name, flaw);
    }
    const reason = isBlank(text) ? "There is nothing to see in this message."
      : this.hooks.check(text).error?.reason;
    if (reason) return this.#refuse(this.#text, reason);
    this.#keepName();
    // This comes first, because a line that is refused at once becomes the draft.
    this.#set("");
    this.hooks.say(text);
  }

  #refuse(field, reason) {
    this.#show(field, reason);
    this.hooks.announce(reason);
  }

  /** Shows why the field is refused, or that both are accepted. */
  #show(field, reason) {
    for (const each of [this.#name, this.#text]) refuse(each, this.#note);
    refuse(field, this.#note, reason);
    this.#count();
  }

  #set(text) {
    this.#text.value = text;
    this.#changed();
  }

  #changed() {
    this.#room.draft = this.#text.value;
    this.#count();
    this.#grow();
  }

  /** Shows how many characters are left. */
  #count() {
    const { left } = this.hooks.check(withEmoji(this.#text.value));
    const count = Math.abs(left).toLocaleString();
    setText(byId("left"), left > NEAR_LIMIT ? "" : `${count} ${left < 0 ? "too many" : "left"}`);
    byId("left").classList.toggle("refusal", left < 0);
    byId("hint").classList.toggle("on", left <= NEAR_LIMIT || this.#note.textContent !== "");
  }

  /** Restores the fields. */
  #restore() {
    this.#name.value ||= this.#kept;
    this.#text.value ||= this.#room.draft;
    this.#changed();
  }

  /** Makes the field as high as its text, unless the style sheet does. */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
