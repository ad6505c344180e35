// A room under inspection: its figures, people, lines and settings, with what a moderator can do.

import { element } from "../Page/dom.js";
import { textButton } from "../Page/Moderation/buttons.js";
import { HeldLines } from "../Page/Moderation/held-lines.js";
import { ModLog } from "../Page/Moderation/mod-log.js";
import { modesOf } from "../Page/Moderation/room-rules.js";
import { SettingsForm } from "../Page/Moderation/settings-form.js";
import { TermList } from "../Page/Moderation/term-list.js";
import { actLine, given, sureButton } from "./actions.js";
import { Bans } from "./bans.js";
import { Facts, Table } from "./facts.js";
import { bytesText, countText } from "./words.js";

export class RoomSubject {
  element = element("div");
  #desk;
  #room;
  #facts = new Facts();
  #people;
  #lines = element("ol", { className: "said" });
  #held;
  #settings;
  #terms;
  #bans;
  #log;

  /** `desk` carries out commands: `act(type, room, fields)`, `inspect(kind, name)`, `fail(error)`. */
  constructor(desk, name) {
    this.#desk = desk;
    this.#room = { name, held: new Map(), settings: {} };
    const act = ({ type, fields }) => this.#act(type, fields);
    const fail = (error) => desk.fail(error);
    this.#people = this.#makePeople();
    this.#held = new HeldLines(act);
    this.#settings = new SettingsForm(act);
    this.#terms = new TermList(desk.chat, act, fail);
    this.#bans = new Bans(desk, name);
    this.#log = new ModLog(desk.chat, act, fail);
    this.#terms.show(this.#room);
    this.#log.show(this.#room);
    this.#build();
  }

  #act(type, fields) {
    return this.#desk.act(type, this.#room.name, fields);
  }

  #makePeople() {
    return new Table("People in the room", [
      { title: "Name", of: ({ username }) => username ?? "(no name yet)" },
      { title: "User", of: ({ user }) => user ?? "", act: ({ user }) => user && this.#desk.inspect("user", user) },
      { title: "Role", of: ({ role }) => role ?? "" },
      { title: "Lines behind", isNumber: true, of: ({ behind }) => (behind === undefined ? "" : countText(behind)) },
      { title: "Connection", of: ({ connection }) => connection,
        act: ({ connection }) => this.#desk.inspect("connection", connection) },
    ], "Nobody is here.");
  }

  #build() {
    const people = [{ name: "username", label: "user name" }, { name: "user", label: "or sub" }];
    const reason = { name: "reason", label: "reason" };
    const part = (title, ...children) =>
      element("details", {}, element("summary", {}, title), ...children);
    this.element.append(
      this.#facts.element,
      actLine("Announce", [{ name: "message", label: "text" }],
        [["Say it", "", ({ message }) => message && this.#act("announce", { message })]]),
      actLine("Panic", [], [["Start", "alarm", () => this.#act("panic", { on: true })],
        ["End", "plain", () => this.#act("panic", { on: false })]]),
      actLine("Timeout", [...people, { name: "seconds", label: "seconds", type: "number" }, reason],
        [["Time out", "", (fields) => this.#act("timeout", given(fields))]]),
      actLine("Ban", [...people, reason], [["Ban", "alarm", (fields) => this.#act("ban", given(fields))],
        ["Unban", "plain", ({ username, user }) => this.#act("unban", given({ username, user }))]]),
      actLine("Delete lines of", [{ name: "username", label: "user name" }, { name: "matching", label: "word" },
        { name: "last_minutes", label: "last minutes", type: "number" }],
      [["Purge", "alarm", (fields) => this.#act("purge", given(fields))]]),
      part("Settings", this.#settings.element),
      part("Held messages", this.#held.title, this.#held.element),
      part("Words", this.#terms.element),
      part("Bans", this.#bans.element),
      part("Log of moderation", textButton("Show the log", "link", () => this.#log.load()),
        this.#log.element),
      part("Last lines in memory", this.#lines), part("People", this.#people.element));
    for (const each of [...this.element.querySelectorAll("details")].slice(-2)) each.open = true;
  }

  /** Shows the answer of the server. */
  show(answer) {
    const { members, behind = 0, seq, rev, oldest, log_bytes: log, settings, held = [], people = [] } = answer;
    if (settings) this.#room.settings = settings;
    this.#room.held = new Map(held.map((line) => [line.held, line]));
    this.#facts.show([
      ["Members", countText(members), behind > 0 ? ` ${countText(behind)} behind` : ""],
      ["Lines a second", countText(this.#rateAt(seq))],
      ...(seq === undefined ? [] : [["Last line", seq], ["Last change", rev], ["Oldest line", oldest],
        ["Lines in memory", bytesText(log)]]),
      ["Held messages", countText(answer.held_count)],
      ["Modes", settings ? modesOf(settings).join(" · ") || "none" : "known while somebody is here"],
    ]);
    if (settings && JSON.stringify(settings) !== JSON.stringify(this.#settings.settings)) {
      this.#settings.show(settings);
    }
    this.#held.show(this.#room);
    this.#people.show(people, ({ connection }) => connection);
    this.#showLines(answer.lines ?? []);
  }

  /** Lines a second since the look before. */
  #rateAt(seq = 0) {
    const [now, { last }] = [performance.now(), this];
    this.last = { seq, now };
    return last && seq >= last.seq ? (seq - last.seq) * 1000 / Math.max(now - last.now, 1) : 0;
  }

  #showLines(lines) {
    const key = lines.map(({ type, seq }) => `${type}${seq}`).join();
    if (this.#lines.dataset.key === key) return;
    this.#lines.dataset.key = key;
    this.#lines.replaceChildren(...lines.filter(({ message }) => message).map((line) => this.#line(line)));
  }

  #line({ seq, username, message, role }) {
    const remove = sureButton("Delete", "link alarm", () => this.#act("delete", { seqs: [seq] }));
    remove.setAttribute("aria-label", `Delete line ${seq}`);
    const ban = sureButton("Ban", "link alarm", () => this.#act("ban", { by_line: seq }));
    ban.setAttribute("aria-label", `Ban the author of line ${seq}`);
    return element("li", {}, `${seq} `, element("b", { dir: "auto", textContent: username }), " ",
      element("span", { dir: "auto", textContent: message }), " ", remove,
      ...(role === "system" ? [] : [ban]));
  }

  /** A command was carried out. */
  acted() {
    this.#terms.acted();
    if (this.#log.element.hasChildNodes()) this.#log.load();
    this.#bans.acted();
  }
}
