// A user or a connection under inspection.

import { element, setText } from "../Page/dom.js";
import { actLine, given } from "./actions.js";
import { Facts } from "./facts.js";
import { bytesText, countText, durationText } from "./words.js";

/** What is known of a connection, as terms and values. */
export function factsOf(connection) {
  const { user, name, role, state, encrypted, silent_ms: silent, waiting_bytes: waiting, rooms } = connection;
  const { stalled_ms: stalled, ttl_ms: left, issued_at: issued, jti } = connection;
  const place = ({ room, username, behind }) =>
    [room, username && `as ${username}`, behind !== undefined && `${countText(behind)} lines behind`]
      .filter(Boolean).join(" ");
  return [
    ["User", user ?? "a guest"], name && ["Name", name], role && ["Role", role],
    ["State", { rich: "in the chat", plain: "in the chat, plain dialect" }[state] ?? "HTTP, or ending"],
    encrypted !== undefined && ["Encrypted", encrypted ? "yes" : "no"],
    ["Last bytes from it", `${durationText(silent)} ago`],
    waiting > 0 && ["Waiting for it", bytesText(waiting), ` nothing taken for ${durationText(stalled)}`],
    left !== undefined && ["Token ends in", durationText(left)],
    issued > 0 && ["Token issued", new Date(issued * 1000).toISOString()], jti && ["Token's jti", jti],
    ["Rooms", rooms.map(place).join(" · ") || "none"],
  ].filter(Boolean);
}

export class PeopleSubject {
  element = element("div");
  #desk;
  #user;
  #count = element("p", { className: "note" });
  #list = element("div");
  #cards = new Map();
  #hasUserActs = false;
  #acts = element("div");

  /** `user` is a sub, or undefined for a single connection. */
  constructor(desk, user) {
    this.#desk = desk;
    this.#user = user;
    this.element.append(this.#count, this.#acts, this.#list);
    if (user && desk.isOwner) this.#addActs(user);
  }

  #addActs(user) {
    if (this.#hasUserActs) return;
    this.#hasUserActs = true;
    const reason = { name: "reason", label: "reason" };
    const act = (type, fields) => this.#desk.act(type, "*", { user, ...given(fields) });
    this.#acts.append(
      actLine("All connections", [reason], [["Disconnect", "alarm", (fields) =>
        this.#desk.request({ type: "disconnect", user, ...given(fields) })]]),
      actLine("Tokens", [], [["Revoke all up to now", "alarm", () =>
        this.#desk.request({ type: "revoke", sub: user })]]),
      actLine("Whole server", [{ name: "seconds", label: "seconds", type: "number" }, reason], [
        ["Time out", "", (fields) => act("timeout", fields)],
        ["Ban", "alarm", (fields) => act("ban", fields)],
        ["Unban", "plain", () => act("unban", {})]]));
  }

  /** Shows the answer of the server. */
  show({ connections, count = connections.length }) {
    const only = connections.length === 1 ? connections[0].user : undefined;
    if (!this.#user && only && this.#desk.isOwner) this.#addActs(only);
    setText(this.#count, count === 1 ? "1 connection"
      : count > 0 ? `${countText(count)} connections` : "No connection, or none in your rooms.");
    const names = new Set(connections.map(({ connection }) => connection));
    for (const [name, { node }] of this.#cards) {
      if (names.has(name)) continue;
      node.remove();
      this.#cards.delete(name);
    }
    for (const connection of connections) this.#card(connection).facts.show(factsOf(connection));
  }

  #card({ connection: name, jti, rooms }) {
    const known = this.#cards.get(name);
    if (known) return known;
    const facts = new Facts();
    const node = element("div", {}, element("h3", {}, `Connection ${name}`), facts.element);
    if (this.#desk.isOwner) {
      const buttons = [["Disconnect", "alarm", () => this.#desk.request({ type: "disconnect", connection: name })]];
      if (jti) buttons.push(["Revoke its token", "alarm", () => this.#desk.request({ type: "revoke", jti })]);
      node.append(actLine("This one", [], buttons));
    }
    if (rooms.length > 0) {
      node.append(actLine("Go to", [], rooms.map(({ room }) =>
        [`#${room}`, "link", () => this.#desk.inspect("room", room)])));
    }
    this.#list.append(node);
    const card = { node, facts };
    this.#cards.set(name, card);
    return card;
  }

  acted() {}
}
