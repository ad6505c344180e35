
// ---- rooms.js: which room the address names, and the list to switch between rooms.

const ROOM_NAME = /^[a-z0-9._-]{1,64}$/;
const RECENT = 12; // rooms that the list keeps

/** The room that the address names: `/r/go`, `/#/go` or `/?room=go`; may be no valid name. */
function roomOfAddress() {
  const path = location.pathname.match(/^\/r\/(.+)$/)?.[1];
  const hash = location.hash.match(/^#\/(.+)$/)?.[1];
  const query = new URLSearchParams(location.search).get("room");
  try {
    return decodeURIComponent(hash ?? path ?? query ?? "lobby");
  } catch {
    return hash ?? path;
  }
}

/** What somebody meant by a name that isn't one yet. */
function roomNamed(text) {
  return text.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-");
}

/** The list of rooms. */
class Rooms {
  #list = byId("room-list");
  #frame = 0;
  states = new Map(); // name → RoomState, of the rooms that we are in
  recent = kept.get("rooms", ["lobby"]).filter((name) => ROOM_NAME.test(name));

  /** `open(name)`, `leave(name)`: what the list asks for. */
  constructor(hooks) {
    this.hooks = hooks;
    const field = byId("room-field");
    byId("room-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const name = roomNamed(field.value);
      const isValid = ROOM_NAME.test(name);
      field.setAttribute("aria-invalid", !isValid);
      if (!isValid) return announce("A room's name has 1 to 64 of a-z, 0-9, dot, dash, underscore.");
      field.value = "";
      hooks.open(name);
    });
    this.#list.addEventListener("click", (event) => {
      const name = event.target.closest("li")?.dataset.name;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (!name || !isPlain) return;
      event.preventDefault();
      if (event.target.closest("button")) hooks.leave(name);
      else hooks.open(name);
    });
  }

  visited(name) {
    if (!this.recent.includes(name)) this.recent = [...this.recent, name].slice(-RECENT);
    kept.set("rooms", this.recent);
    this.invalidate();
  }

  forget(name) {
    this.recent = this.recent.filter((other) => other !== name);
    kept.set("rooms", this.recent);
    this.invalidate();
  }

  invalidate() {
    this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  #render() {
    this.#frame = 0;
    const had = document.activeElement?.closest("#room-list li")?.dataset.name;
    this.#list.replaceChildren(...this.recent.map((name) => this.#row(name)));
    if (had) this.#list.querySelector(`[data-name="${had}"] a`)?.focus();
  }

  #row(name) {
    const isCurrent = name === this.current;
    const link = element("a", { href: `/r/${name}`, textContent: name });
    if (isCurrent) link.setAttribute("aria-current", "page");
    const row = element("li", {}, link);
    row.dataset.name = name;
    const { unseen = 0, calls = 0 } = this.states.get(name) ?? {};
    if (unseen && !isCurrent) {
      link.append(" ", element("span", {
        className: calls ? "badge at" : "badge", textContent: unseen > 99 ? "99+" : unseen,
        title: calls ? "You are mentioned" : "New messages",
      }));
    }
    if (!isCurrent) {
      const leave = element("button", { className: "icon", textContent: "×", title: `Leave ${name}` });
      leave.setAttribute("aria-label", `Leave ${name}`);
      row.append(leave);
    }
    return row;
  }
}
