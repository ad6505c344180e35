// Names of rooms, and their addresses.

const NAME = /^[a-z0-9._-]{1,64}$/;

/** The answer to a text that is not a room's name. */
export const NAME_RULE = "A room's name has 1 to 64 of a-z, 0-9, dot, dash, underscore.";

export const isRoomName = (name) => typeof name === "string" && NAME.test(name);

/** The name that a text probably means. */
export function nearestName(text) {
  return text.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-");
}

export const pathOf = (name) => `/r/${name}`;

/** The room of an address, `/r/go`, `/#/go` or `/?room=go`. It may be an invalid name. */
export function roomAt({ pathname, hash, search }) {
  const [, name] = hash.match(/^#\/(.+?)\/?$/) ?? pathname.match(/^\/r\/(.+?)\/?$/) ?? [];
  if (!name) return new URLSearchParams(search).get("room") ?? "lobby";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
