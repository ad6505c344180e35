// What rooms with rules and moderators need. The page loads it when there is a need.

import { element } from "../dom.js";
import { covers } from "../Rooms/tombstones.js";
import { commandIn, HELP } from "./commands.js";
import { DeskPanel } from "./desk-panel.js";
import { LineMenu } from "./line-menu.js";
import { RoomRules, spanText } from "./room-rules.js";
import { SHEET } from "./sheet.js";

const PAGE = 200; // the largest number of lines in an answer
const DONE = {
  timeout: "Timed out", ban: "Banned", unban: "Unbanned", purge: "Purged messages of",
};

/** The sentence about a command that was carried out, or nothing if everybody sees its effect. */
export function noteOn({ type, name, fields }, { rev, connections }) {
  if (type === "terms") return `The list of words has changed. /undo ${rev} takes it back.`;
  const what = DONE[type];
  if (!what || !name) return undefined;
  const time = fields.seconds ? ` for ${spanText(fields.seconds)}` : "";
  const scope = connections > 1 ? ` (${connections} connections)` : "";
  const undo = type === "unban" ? "" : ` /undo ${rev} takes it back.`;
  return `${what} ${name}${time}${scope}.${undo}`;
}

export class Desk {
  #page;
  #rules;
  #menu;
  #panel;

  /**
   * `page` has `chat`, `announce(text)`, `mayAct(room)`, `redraw(room)`, the `composer`, the
   * `status`, and `room()`, which is the room on the screen.
   */
  constructor(page) {
    this.#page = page;
    const act = (command) => this.#act(command);
    const fail = (error) => this.#fail(error);
    document.head.append(element("style", {}, SHEET));
    this.#rules = new RoomRules(page.chat);
    this.#menu = new LineMenu((command, { username }) =>
      this.#act({ ...command, name: username }));
    this.#panel = new DeskPanel(page.chat, act, fail);
    for (const type of ["released", "rejected"]) {
      page.chat.on(type, ({ held }) => this.#decided(held));
    }
  }

  /** Shows the rules and the tools of the room on the screen. */
  show() {
    const room = this.#page.room();
    this.#rules.show(room);
    this.#panel.show(room, this.#page.mayAct(room));
  }

  /** Adds to a row of the log. */
  drawn(row) {
    if (row.item && this.#page.mayAct(this.#page.room())) this.#menu.drawn(row);
  }

  /** A line of the reader was said. */
  said(room) {
    const seconds = this.#page.mayAct(room) ? 0 : room.settings.slow_seconds;
    if (seconds > 0) this.#rules.hold(room, seconds * 1000, "Slow mode.");
  }

  /** A rule refused a line of the reader. */
  refused(room, { reason, retryAfter }) {
    this.#rules.hold(room, retryAfter, reason);
    this.show();
  }

  /** Carries out the command in a text. Returns whether it has one. */
  async run(text) {
    const room = this.#page.room();
    const command = commandIn(text, this.#placeIn(room));
    if (!command) return false;
    if (command.view === "help") this.#note(room, HELP);
    else if (command.view) this.#panel.open(command.view);
    else {
      const error = command.reason ? command : await this.#act(command);
      if (!error) return true;
      room.edit({ message: text, error: { ...error, reason: error.reason } });
      this.#page.composer.show(room);
    }
    return true;
  }

  #placeIn(room) {
    const lines = room.items.filter(({ message, role }) => message && role !== "system");
    const last = (test) => [...lines].reverse().find(test);
    return {
      names: [...new Set(lines.map(({ username }) => username))],
      targetOf(name) {
        const line = last(({ username }) => username === name);
        return line ? { by_line: line.seq } : { username: name };
      },
      latest: last(() => true)?.seq, ownLine: last(({ isOwn }) => isOwn)?.seq,
      change: room.change, held: [...room.held.keys()][0],
    };
  }

  /** Returns the error, if there is one. */
  async #act(command) {
    const room = this.#page.room();
    const { type, fields } = command;
    try {
      const answer = await this.#page.chat[type](room.name, fields);
      if (type === "approve" || type === "reject") this.#decided(fields.held);
      else if (type !== "undo") room.change = answer.rev ?? room.change;
      const note = noteOn(command, answer);
      if (note) this.#note(room, note);
      this.#panel.acted();
      return undefined;
    } catch (error) {
      this.#fail(error);
      return error;
    }
  }

  #fail({ reason }) {
    this.#page.announce(reason);
    this.#page.status.warn(reason);
  }

  #note(room, note) {
    room.items.push({ note });
    this.#page.announce(note);
    this.#page.redraw(room);
  }

  #decided(held) {
    const room = this.#page.room();
    if (room.held.delete(held)) this.show();
  }

  /** Loads lines that are back, or all of the last lines, because changes are missing. */
  async reload(room, seqs) {
    const tombs = room.items.flatMap(({ seq, gone }) => gone ?? seq ?? []);
    let wanted = tombs.filter((seq) => !seqs || covers(seqs, seq));
    while (wanted.length) {
      const end = wanted[wanted.length - 1] + 1;
      const answer = await this.#page.chat.history(room.name, end, PAGE).catch(() => undefined);
      if (!answer) break;
      const { messages, deleted } = answer;
      room.remove(deleted);
      room.restore(messages);
      const first = Math.min(...messages.map(({ seq }) => seq), ...deleted);
      wanted = wanted.filter((seq) => seq < first);
      if (first === Infinity || !seqs) break;
    }
    // What is older than the answer may have changed. It can be loaded again.
    const older = wanted[wanted.length - 1];
    if (!seqs && older) room.forget(Math.max(0, room.items.findIndex(({ seq }) => seq > older)));
    this.#page.redraw(room);
  }
}
