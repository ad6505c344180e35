// Buttons with a text.

import { element } from "../dom.js";

export function textButton(text, className, act) {
  const button = element("button", { type: "button", className, textContent: text });
  button.addEventListener("click", act);
  return button;
}
