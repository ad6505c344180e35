// The rooms that the reader is in. Events from the server change them.

import { mentions } from "../Text/text.js";
import { Room } from "./room.js";

const MOST_ROOMS = 16; // unless the server sends another limit
const HISTORY = 200; // the largest number of lines in an answer
const AGAIN = 1000; // ms after a failure before older lines may be requested again

export class Rooms {
  #chat;
  #hooks;
  #rooms = new Map(); // name → Room, in the order of their joins

  /**
   * `chat` is a `Hubbub`. Hooks get the room first:
   * - `changed(room)`: it was joined, has a gap or other settings
   * - `revised(room)`: lines were deleted, or are back
   * - `unsure(room, seqs)`: lines are back that have to be loaded; without `seqs`, any line may
   *   have been deleted or restored
   * - `isReading(room)`: whether the reader is at old lines of it
   * - `arrived(room, item, isNew)`: a line has arrived; returns whether the reader sees it
   * - `missed(room)`: a line has arrived that the reader doesn't see
   * - `peopled(room)`: its people have changed
   * - `sent(room, sent, item)`: the state of a line of ours has changed; `item` if it is in the
   *   room
   * - `refused(room, error)`: it can't be joined, or not with this name
   */
  constructor(chat, hooks) {
    this.#chat = chat;
    this.#hooks = hooks;
    this.#on("joined", (room, event) => {
      room.joined(event);
      if (event.recovered === false && !event.restarted) hooks.unsure(room);
      if (room.as !== chat.username) this.#introduce(room);
      hooks.changed(room);
    });
    this.#on("gap", (room, event) => {
      if (event.missed) room.gap(event);
      if (event.rev) hooks.unsure(room);
      hooks.changed(room);
    });
    for (const type of ["deleted", "purged"]) {
      this.#on(type, (room, { seq, seqs }) => {
        if (seq) room.bury(seq);
        else room.remove(seqs);
        hooks.revised(room);
      });
    }
    this.#on("epoch", (room, event) => {
      room.began(event);
      hooks.revised(room);
    });
    this.#on("restored", (room, { messages, seqs }) => {
      if (!messages) return hooks.unsure(room, seqs);
      room.restore(messages);
      hooks.revised(room);
    });
    this.#on("room", (room, { settings }) => {
      room.settings = settings;
      hooks.changed(room);
    });
    this.#on("held", (room, event) => {
      room.held.set(event.held, event);
      hooks.changed(room);
    });
    this.#on("left", ({ name }, { code }) => code && this.#rooms.delete(name));
    this.#on("message", (room, line) => this.#heard(room, line));
    this.#on("people", (room, event) => {
      room.people.counted(event);
      hooks.peopled(room);
    });
    this.#on("send", (room, sent) => {
      hooks.sent(room, sent, sent.state === "sent" && room.acknowledged(sent));
    });
    chat.on("state", ({ state }) => {
      if (state === "waiting") for (const room of this.#rooms.values()) room.isJoined = false;
    });
  }

  /** Calls `act` for events that name a room of ours. */
  #on(type, act) {
    this.#chat.on(type, (event) => {
      const room = this.#rooms.get(event.room);
      if (room) act(room, event);
    });
  }

  /** The room, if the reader is in it. */
  get(name) {
    return this.#rooms.get(name);
  }

  /** The number of unseen lines in all rooms. */
  get unseen() {
    return [...this.#rooms.values()].reduce((sum, { unseen }) => sum + unseen, 0);
  }

  /**
   * Returns the room, and joins it first if it is new. If the server allows no more rooms, leaves
   * the one that was joined first, unless it is `shown`.
   */
  enter(name, shown) {
    return this.get(name) ?? this.#join(name, shown);
  }

  #join(name, shown) {
    const chat = this.#chat;
    const first = [...this.#rooms.keys()].find((other) => other !== shown);
    if (first && this.#rooms.size >= (chat.limits.rooms || MOST_ROOMS)) this.leave(first);
    const room = new Room(name);
    this.#rooms.set(name, room);
    room.as = chat.username;
    chat.join(name).catch((error) => {
      if (error.code === "not_joined") return;
      this.#hooks.refused(room, error);
      if (error.code === "invalid_username") {
        chat.username = undefined; // Reading needs no name.
        chat.join(name);
      } else this.#rooms.delete(name);
    });
    return room;
  }

  leave(name) {
    if (this.#rooms.delete(name)) this.#chat.leave(name).catch(() => {});
  }

  /** The reader has chosen another name. */
  renamed() {
    for (const room of this.#rooms.values()) if (room.isJoined) this.#introduce(room);
  }

  /** Sends the reader's name to a room. */
  #introduce(room) {
    room.as = this.#chat.username;
    this.#chat.join(room.name).catch((error) => {
      if (error.code !== "disconnected") this.#hooks.refused(room, error);
    });
  }

  #heard(room, line) {
    const item = room.add(line, this.#hooks.isReading(room));
    const isNew = !item.isOwn && item.seq > room.before;
    const isSeen = this.#hooks.arrived(room, item, isNew);
    if (!isNew || isSeen) return;
    room.unseen += 1;
    if (mentions(line.message, this.#chat.username)) room.calls += 1;
    this.#hooks.missed(room);
  }

  /** Loads older lines of a room that `isLoadable`. */
  async older(room) {
    const { name, oldest } = room;
    if (oldest === 1) {
      room.hasOlder = false;
      return;
    }
    room.isLoading = true;
    try {
      const { messages, more, deleted } = await this.#chat.history(name, oldest);
      room.prepend(messages, more, deleted);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    room.isLoading = false;
  }

  /** Loads the last lines of a gap. Throws if they can't be loaded. */
  async fill(room, item) {
    const { gap } = item;
    gap.isLoading = true;
    try {
      const count = Math.min(HISTORY, gap.missed);
      const { messages, more, deleted } = await this.#chat.history(room.name, gap.to + 1, count);
      room.fill(item, messages, more, deleted);
    } finally {
      gap.isLoading = false;
    }
  }
}
