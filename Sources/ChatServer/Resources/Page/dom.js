// Elements of the document.

/** The element with this id in `index.html`. */
export const byId = (id) => document.getElementById(id);

/** A new element with properties and children. Strings become text nodes, never markup. */
export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** Adds a listener to a node: its type, the function, and options. */
export const hear = (node, ...listener) => node.addEventListener(...listener);

/** Sets the text of a node only if it differs, so that the browser does no needless work. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows in `note` why the field's text is refused. Without a reason, clears that. */
export function refuse(field, note, reason = "") {
  if (reason) field.setAttribute("aria-invalid", true);
  else field.removeAttribute("aria-invalid");
  setText(note, reason);
}

/** A function that runs `draw` once in the next frame, even if it is called several times. */
export function oncePerFrame(draw) {
  let frame = 0;
  return () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
}
