// The rooms with most members, lines and members that are behind.

import { countText } from "./words.js";
import { Table } from "./facts.js";

const ORDERS = { members: "Members", lines_per_second: "Lines a second", behind: "Behind" };

/** The rooms, the one with most of `order` first. */
export const roomsBy = (order, rooms) => [...rooms].sort((one, other) =>
  other[order] - one[order] || one.room.localeCompare(other.room));

export class RoomTable {
  #table;
  #order = "members";
  #rooms = [];

  /** `inspect(kind, name)` shows a room. */
  constructor(parent, inspect) {
    const orders = Object.entries(ORDERS);
    this.#table = new Table("Rooms", [
      { title: "Room", of: ({ room }) => room, act: ({ room }) => inspect("room", room) },
      ...orders.map(([name, title]) => ({ title, isNumber: true, of: (room) => countText(room[name]) })),
    ], "Nobody is in a room.");
    orders.forEach(([name, title], place) => {
      const head = this.#table.heads[place + 1];
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: title });
      button.addEventListener("click", () => this.#sort(name));
      head.replaceChildren(button);
    });
    parent.append(this.#table.element);
    this.#sort("members");
  }

  #sort(order) {
    this.#order = order;
    Object.keys(ORDERS).forEach((name, place) => {
      this.#table.heads[place + 1].setAttribute("aria-sort", name === order ? "descending" : "none");
    });
    this.show(this.#rooms);
  }

  show(rooms) {
    this.#rooms = rooms;
    this.#table.show(roomsBy(this.#order, rooms), ({ room }) => room);
  }
}
