// The library's environment under the control of a test: time, sockets, network.
import { Hubbub } from "./library.mjs";

/** Lets settled promises reach their waiters. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export const WELCOME = {
  type: "welcome", server: "hubbub/0.1.0", durable: true, ping_interval_ms: 25000,
  limits: {
    message_bytes: 65536, text_characters: 2000, username_characters: 32, rooms: 16,
    lines_per_second: 5, line_burst: 10,
  },
};

export class World {
  now = 1_000_000;
  /** The difference between the wall clock and that. */
  shift = 0;
  sockets = [];
  /** The value of `random`. Just below 1, jitter chooses the longest wait. */
  chance = 0.5;
  #timers = new Map();
  #count = 0;
  #listeners = {};

  constructor() {
    const world = this;
    /** A socket whose other end is the test. */
    this.WebSocket = class {
      constructor(url, protocols) {
        Object.assign(this, { url, protocols, protocol: "", sent: [], isClosed: false });
        world.sockets.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close() {
        this.isClosed = true;
      }

      /** The handshake succeeds. */
      open(protocol = "hubbub.v1") {
        this.protocol = protocol;
        this.onopen?.({});
      }

      /** The server sends these events. */
      say(...events) {
        for (const event of events) this.onmessage?.({ data: JSON.stringify(event) });
      }

      /** The connection ends. */
      end(code = 1006) {
        this.onclose?.({ code });
      }

      /** Received commands of this type. */
      heard(type) {
        return this.sent.filter((command) => command.type === type);
      }
    };
  }

  setTimeout = (act, delay) => {
    this.#timers.set(++this.#count, { act, delay, at: this.now + delay });
    return this.#count;
  };

  clearTimeout = (timer) => this.#timers.delete(timer);

  addEventListener(type, listener) {
    this.#listeners[type] = listener;
  }

  fire(type, event) {
    this.#listeners[type]?.({ type, ...event });
  }

  /** The times when timers fire, and the waits that browsers were asked for. */
  get waits() {
    return [...this.#timers.values()].map(({ delay }) => delay);
  }

  /** Time passes while the page stands still. */
  freeze(milliseconds) {
    this.now += milliseconds;
  }

  /** Time passes, and everything due happens in order. */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end);
      if (due.length === 0) break;
      const [timer, { act, at }] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a));
      this.#timers.delete(timer);
      this.now = Math.max(this.now, at);
      act();
      await settle();
    }
    this.now = end;
    await settle();
  }

  /** The latest socket. */
  get socket() {
    return this.sockets.at(-1);
  }

  /** A client in this world, and a list of all its events. */
  client(options = {}) {
    const chat = new Hubbub({
      url: "http://chat.example/ws", username: "ann", world: this, now: () => this.now,
      clock: () => this.now + this.shift, random: () => this.chance, ...options,
    });
    const events = [];
    const types = [
      "state", "message", "joined", "gap", "welcome", "presence", "left", "closing", "error",
      ...(options.types ?? []),
    ];
    for (const type of types) chat.on(type, (event) => events.push({ ...event, on: type }));
    chat.on("send", ({ message, state }) => events.push({ on: "send", message, state }));
    return { chat, of: (type) => events.filter((event) => event.on === type) };
  }

  /** A connected client in the room `go`, which it joined with `history: 0`. */
  async joined(options = {}) {
    const client = this.client(options);
    client.chat.connect();
    this.socket.open();
    this.socket.say({ ...WELCOME, ...options.welcome });
    const join = client.chat.join("go", { history: 0 });
    this.answer("join", { type: "joined", room: "go", epoch: "e1", seq: 40, members: 1 });
    await join;
    return client;
  }

  /** A connected client whose token had to be fetched. */
  async fetched(options) {
    const client = this.client(options);
    client.chat.connect();
    await settle();
    this.socket.open();
    this.socket.say(WELCOME);
    return client;
  }

  /** Answers the last command of this type with its id. */
  answer(type, event) {
    this.socket.say({ ...event, id: this.socket.heard(type).at(-1).id });
  }

  /** Opens the latest socket, sends a welcome, and answers its join. */
  async reopened(joined = {}) {
    this.socket.open();
    this.socket.say(WELCOME);
    this.answer("join", {
      type: "joined", room: "go", epoch: "e1", seq: 40, members: 1, recovered: true, ...joined,
    });
    await settle();
  }

  /** An ack of the last line. */
  acknowledge(seq) {
    this.answer("message", { type: "ack", room: "go", seq, time: "2026-01-31T12:00:00.123Z" });
  }
}

export const line = (seq, message = `line ${seq}`) => ({
  type: "message", room: "go", seq, time: "2026-01-31T12:00:00.123Z", username: "bob", message,
});
