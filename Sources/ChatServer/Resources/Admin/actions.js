// Buttons and small forms that act.

import { element } from "../Page/dom.js";
import { textButton } from "../Page/Moderation/buttons.js";

const PATIENCE = 5000; // ms in which a second click confirms the first

/** A button that acts at the second click, which confirms the first. */
export function sureButton(text, className, act) {
  let timer;
  const calm = () => {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = text;
    button.classList.remove("sure");
  };
  const button = textButton(text, className, () => {
    if (timer) {
      calm();
      return act(button);
    }
    button.textContent = `Sure? ${text}`;
    button.classList.add("sure");
    timer = setTimeout(calm, PATIENCE);
    return undefined;
  });
  button.addEventListener("blur", () => timer && calm());
  return button;
}

/**
 * A line with a label, fields and buttons. `fields` are `{name, label, type}`; each of `buttons` is
 * `[text, className, act]`, and `act` gets the values of the fields by name. Those that are alarming
 * must be confirmed.
 */
export function actLine(label, fields, buttons) {
  const inputs = fields.map(({ name, label: hint, type = "text" }) => {
    const input = element("input", { type, placeholder: hint, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", `${label}: ${hint}`);
    if (type === "number") input.min = 0;
    return [name, input];
  });
  const values = () => Object.fromEntries(inputs.map(([name, { type, value }]) =>
    [name, type === "number" ? value && Math.trunc(value) : value.trim()]));
  const act = (run) => async () => {
    if (await run(values())) inputs.forEach(([, input]) => (input.value = ""));
  };
  const made = buttons.map(([text, className, run]) =>
    (/alarm/.test(className) ? sureButton : textButton)(text, className, act(run)));
  return element("div", { className: "act" }, element("span", { className: "note" }, label),
    element("div", { className: "row" }, ...inputs.map(([, input]) => input), ...made));
}

/** The fields that have a value. */
export const given = (fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value || value === 0));
