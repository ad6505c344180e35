// Keys that belong to an input method.

import { hear } from "./dom.js";

/**
 * Hides keys from the page while an input method composes: Enter accepts its proposal, and arrows
 * choose another one. In Safari the composition has ended before its Enter arrives, with key code
 * 229.
 */
export function leaveKeysToInputMethods() {
  hear(window, "keydown", (event) => {
    if (!event.isComposing && event.keyCode !== 229) return;
    event.stopImmediatePropagation();
    // In a field of one row, Enter would submit the form.
    if (event.key === "Enter" && event.target.matches?.("input")) event.preventDefault();
  }, true);
}
