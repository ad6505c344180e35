// The room's settings, and the words that are not allowed.

import { element } from "../dom.js";
import { textButton } from "./buttons.js";

const LARGEST = 999999; // the largest number that the fields take
const FIELDS = [
  ["slow_seconds", "Slow mode: seconds between messages"],
  ["known_minutes", "Minutes to be here before writing"],
  ["hold_seconds", "Hold messages back: seconds"],
  ["members_only", "Members only", false], ["unique", "No repeated messages", false],
  ["links", "Links are allowed", true], ["frozen", "Nobody may write", false],
];

/** The fields that differ from the settings. */
export function changedFields(values, settings) {
  return Object.fromEntries(FIELDS.map(([name, , standard = 0]) =>
    [name, values[name], settings[name] ?? standard])
    .filter(([, value, before]) => value !== before).map(([name, value]) => [name, value]));
}

export class SettingsForm {
  element;
  #inputs = new Map();
  #word = element("input", { autocomplete: "off", spellcheck: false });

  /** `act({type, fields})` carries out a change, and returns an error or nothing. */
  constructor(act) {
    const rows = FIELDS.map(([name, text, standard]) => {
      const input = typeof standard === "boolean" ? element("input", { type: "checkbox" })
        : element("input", { type: "number", min: 0, max: LARGEST, value: 0 });
      this.#inputs.set(name, input);
      return element("label", { className: input.type }, element("span", {}, text), input);
    });
    const apply = textButton("Apply", "", () =>
      act({ type: "settings", fields: changedFields(this.#values, this.settings) }));
    const keep = textButton("Use them in a panic", "link", () =>
      act({ type: "settings", fields: { panic: changedFields(this.#values, {}) } }));
    this.element = element("div", { className: "form" }, ...rows,
      element("div", { className: "row" }, apply, keep), this.#words(act));
  }

  #words(act) {
    const add = (action) => () => this.#take((term) => ({ add: [{ term, action }] }), act);
    const entries = [["Block", add("block")], ["Hold", add("hold")],
      ["Allow", () => this.#take((term) => ({ remove: [term] }), act)]];
    const buttons = entries.map(([text, run]) => textButton(text, "link", run));
    return element("div", {}, element("label", {},
      element("span", {}, "A word, or a /pattern/"), this.#word),
      element("div", { className: "row" }, ...buttons));
  }

  /** A word stays in the field until the server has taken it. */
  async #take(fieldsOf, act) {
    const term = this.#word.value.trim();
    if (!term) return this.#word.focus();
    const error = await act({ type: "terms", fields: fieldsOf(term) });
    if (!error && this.#word.value.trim() === term) this.#word.value = "";
  }

  /** Shows the settings of a room, unless they are the same. */
  show(settings) {
    if (this.settings === settings) return;
    this.settings = settings;
    for (const [name, , standard = 0] of FIELDS) {
      const [input, value] = [this.#inputs.get(name), settings[name] ?? standard];
      if (input.type === "checkbox") input.checked = value;
      else input.value = value;
    }
  }

  get #values() {
    return Object.fromEntries([...this.#inputs].map(([name, { type, checked, value }]) =>
      [name, type === "checkbox" ? checked : Math.max(0, Math.trunc(value) || 0)]));
  }
}
