// Keys that belong to an input method.

/**
 * Keeps keys from the page while an input method composes: Enter takes its proposal, and arrows
 * choose another. In Safari the composition has ended when its Enter comes, with the key code 229.
 */
export function leaveKeysToInputMethods() {
  addEventListener("keydown", (event) => {
    if (!event.isComposing && event.keyCode !== 229) return;
    event.stopImmediatePropagation();
    // In a field of one row, Enter would submit its form.
    if (event.key === "Enter" && event.target.matches?.("input")) event.preventDefault();
  }, true);
}
