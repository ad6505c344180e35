// The figures of the server: tiles, and lists of facts.

import { byId, setText } from "../Page/dom.js";
import { Facts, Table } from "./facts.js";
import { bytesText, countText, durationText, meaningOf, shareText } from "./words.js";

const INCIDENTS = {
  close: "Close", refusal: "Command refused", handshake: "Handshake failed",
  connection: "Connection refused",
};
const STATES = {
  rich: "In the chat, rich dialect", plain: "In the chat, plain dialect", events: "Event streams",
  http: "HTTP", answering: "HTTP, waiting for an answer", closing: "Closing", lingering: "Ending",
};
const MEMORY = {
  waiting: "Waiting for clients", logs: "Lines of rooms", input: "Half-read input",
  compression: "Compression", rooms: "Rooms and members", ids: "Ids of recent lines",
  held: "Held messages", store: "On the way to the store", answers: "Lists of members",
  encryption: "Encryption",
};

const named = (names, values = {}) => Object.entries(names)
  .filter(([name]) => values[name] !== undefined).map(([name, text]) => [text, values[name]]);

/** The tiles: what one looks at first. */
export function tilesOf(figures, rates) {
  const { connections, traffic, rooms, memory, history, uptime_ms: uptime } = figures;
  if (!connections) return [];
  const rate = (name) => (rates[name] === undefined ? "…" : countText(rates[name]));
  const commit = history.last_commit_us;
  return [
    ["Connections", countText(connections.open), `of ${countText(connections.limit)}`],
    ["Lines a second", rate("lines"), `${countText(traffic.lines)} since the start`],
    ["Deliveries a second", rate("deliveries"), rates.sent === undefined ? "" : `${bytesText(rates.sent)} a second`],
    ["Rooms", countText(rooms.open)],
    ["Busy", `${rate("busy")} %`, `up for ${durationText(uptime)}`],
    ["Memory for clients", bytesText(memory.counted), `${shareText(memory.counted, memory.budget)} of its budget`],
    ["Laggards", countText(connections.lagging), `${countText(connections.laggards_closed)} were closed`],
    ["Last commit", commit === undefined ? "–" : durationText(commit / 1000), commit === undefined ? "nothing is stored"
      : `${durationText(history.mean_commit_us / 1000)} on average`],
  ];
}

export class FigurePanels {
  #tiles = new Facts(byId("tiles"));
  #lists = ["connections", "memory", "history", "traffic"].map((id) => [id, new Facts(byId(id))]);
  #ends = new Table("Closes and refusals", [
    { title: "What", of: ({ kind }) => INCIDENTS[kind] ?? kind },
    { title: "Reason", of: ({ code }) => code }, { title: "Meaning", of: ({ code }) => meaningOf(code) },
    { title: "Count", isNumber: true, of: ({ count }) => countText(count) },
    { title: "Last", of: ({ last }) => new Date(last).toLocaleTimeString() },
  ], "None yet.");
  #laggards;
  #limits = new Table("Limits", [
    { title: "Setting", of: ({ name }) => `--${name}` },
    { title: "In force", of: ({ value }) => value }, { title: "Default", of: (limit) => limit.default },
  ], "All limits are the defaults.");

  /** `inspect(kind, name)` shows a connection. */
  constructor(inspect) {
    this.#laggards = new Table("Clients that are behind", [
      { title: "Connection", of: ({ connection }) => connection, act: ({ connection }) => inspect("connection", connection) },
      { title: "Room", of: ({ room }) => room, act: ({ room }) => inspect("room", room) },
      { title: "Lines behind", isNumber: true, of: ({ behind }) => countText(behind) },
    ], "Nobody is behind.");
    byId("laggards").append(this.#laggards.element);
    byId("ends").append(this.#ends.element);
    byId("limits").append(this.#limits.element);
  }

  show(figures, rates) {
    this.#tiles.show(tilesOf(figures, rates));
    for (const [id, facts] of this.#lists) facts.show(this.#factsOf(id, figures));
    const count = figures.incidents.reduce((sum, each) => sum + each.count, 0);
    setText(byId("ends-note"), `The last ${countText(count)}, by reason. Texts are not kept.`);
    this.#ends.show(figures.incidents, ({ kind, code }) => `${kind} ${code}`);
    this.#laggards.show(figures.laggards, ({ connection, room }) => `${connection} ${room}`);
    this.#limits.show(figures.limits, ({ name }) => name);
  }

  #factsOf(id, { connections, memory, history, traffic, server, durable }) {
    if (id === "connections") {
      return [
        ...named(STATES, connections.states).map(([text, count]) => [text, countText(count)]),
        ["With a token", countText(connections.identified)],
        ["Take no bytes now", countText(connections.lagging)],
        ["Accepted", countText(connections.accepted)], ["Refused", countText(connections.refused)],
        ["Closed", countText(connections.closed)]];
    }
    if (id === "memory") {
      return [["Counted for the budget", bytesText(memory.counted)],
        ...named(MEMORY, memory.kinds).map(([text, bytes]) => [text, bytesText(bytes)]),
        ["Budget", bytesText(memory.budget)]];
    }
    if (id === "traffic") {
      return [["Lines", countText(traffic.lines)], ["Deliveries", countText(traffic.deliveries)],
        ["Commands refused", countText(traffic.refusals)], ["Gaps told", countText(traffic.gaps)],
        ["Received", bytesText(traffic.bytes_received)], ["Sent", bytesText(traffic.bytes_sent)],
        ["Version", server]];
    }
    if (!durable) return [["Lines are kept", "in memory only"]];
    const { bytes, wal_bytes: wal, used_bytes: used, limit_bytes: limit, free_bytes: free } = history;
    return [["State", history.ready ? "open" : "failing"], ["Failures", countText(history.failures)],
      ["Lines stored", countText(history.lines_stored)], ["On their way", countText(history.committing)],
      ["Last commit", durationText(history.last_commit_us / 1000)],
      ["Files", bytesText(bytes)], ["Log of the last commits", bytesText(wal)],
      ["In use", bytesText(used), limit > 0 ? ` of ${bytesText(limit)}` : ""], ["Free on the disk", bytesText(free)],
      ...(history.oldest ? [["Oldest line", new Date(history.oldest).toLocaleString()]] : [])];
  }
}
