// The inspector: looks at a room, a user or a connection, and acts on it.

import { byId, element, setText } from "../Page/dom.js";
import { PeopleSubject } from "./people-subject.js";
import { RoomSubject } from "./room-subject.js";

const PAUSE = 3000; // ms between two looks
const KINDS = { room: "Room", user: "User", connection: "Connection" };
const ADDRESS = /^#(room|user|connection)=(.+)$/;

/** The subject in the address of the page: `{kind, name}`, or undefined. */
export function subjectIn(hash) {
  const [, kind, name] = hash.match(ADDRESS) ?? [];
  try {
    return kind && { kind, name: decodeURIComponent(name) };
  } catch {
    return undefined; // It is no name.
  }
}

export class Inspector {
  #desk;
  #subject; // `{kind, name, view}`
  #title = element("h3", { id: "subject-title", tabIndex: -1 });
  #timer = 0;
  #number = 0;

  /** `desk` sends commands: `request(command)`, `fail(error)`. */
  constructor(desk) {
    this.#desk = desk;
    byId("inspect-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const name = byId("inspect-name").value.trim();
      if (name) this.open(byId("inspect-kind").value, name);
    });
    byId("inspect-close").addEventListener("click", () => this.close());
    addEventListener("hashchange", () => this.follow());
  }

  /** Opens the subject of the address, if it names one. */
  follow() {
    const wanted = subjectIn(location.hash);
    const { kind, name } = this.#subject ?? {};
    if (wanted && (wanted.kind !== kind || wanted.name !== name)) this.#show(wanted);
    if (!wanted && this.#subject) this.#clear();
  }

  open(kind, name) {
    const address = `#${kind}=${encodeURIComponent(name)}`;
    if (location.hash === address) this.#show({ kind, name });
    else location.hash = address;
  }

  close() {
    history.pushState(null, "", location.pathname + location.search);
    this.#clear();
    byId("inspect-name").focus();
  }

  #clear() {
    clearTimeout(this.#timer);
    this.#subject = undefined;
    this.#number += 1;
    byId("subject").replaceChildren();
    byId("inspect-close").hidden = true;
  }

  #show({ kind, name }) {
    this.#clear();
    const view = kind === "room" ? new RoomSubject(this.#desk, name)
      : new PeopleSubject(this.#desk, kind === "user" ? name : undefined);
    this.#subject = { kind, name, view };
    byId("inspect-kind").value = kind;
    byId("inspect-name").value = name;
    byId("inspect-close").hidden = false;
    setText(this.#title, `${KINDS[kind]} ${name}`);
    byId("subject").append(this.#title, view.element);
    view.element.hidden = true;
    this.look(true);
  }

  /** Looks at the subject again. */
  async look(isFirst = false) {
    if (!this.#subject) return;
    clearTimeout(this.#timer);
    const { kind, name, view } = this.#subject;
    const number = ++this.#number;
    try {
      const answer = await this.#desk.chat.request({ type: "inspect", [kind]: name });
      if (number !== this.#number) return;
      view.show(answer);
      view.element.hidden = false;
      if (isFirst) this.#title.focus();
    } catch (error) {
      if (number !== this.#number) return;
      if (isFirst || error.code !== "disconnected") this.#desk.fail(error);
      if (error.code === "not_found") setText(this.#title, `${KINDS[kind]} ${name} is gone`);
      if (error.code !== "disconnected") return;
    }
    this.#timer = setTimeout(() => this.look(), PAUSE);
  }

  /** A command was carried out. */
  acted() {
    this.#subject?.view.acted();
    this.look();
  }
}
