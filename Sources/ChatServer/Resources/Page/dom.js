// Elements of the document.

/** The element that `index.html` gives this id. */
export const byId = (id) => document.getElementById(id);

/** A new element with properties and children. Strings become text nodes, never markup. */
export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** Sets the text of a node, if it has another one: else the browser has nothing to do. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Says in `note` why the field's text isn't taken; without a reason, takes that back. */
export function refuse(field, note, reason = "") {
  if (reason) field.setAttribute("aria-invalid", true);
  else field.removeAttribute("aria-invalid");
  setText(note, reason);
}

/** A function that runs `draw` in the next frame: once, however often it is called. */
export function oncePerFrame(draw) {
  let frame = 0;
  return () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
}
