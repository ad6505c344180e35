// Hubbub's client library: one ES module that speaks `hubbub.v1`.

const PROTOCOL = "hubbub.v1";
const FIRST_WINDOW = 1000; // ms, as all times: a reconnect comes at random within it
const LAST_WINDOW = 30000; // each failure doubles the window up to this
const STABLE = 10000; // a connection that lasts this long resets it
const PATIENCE = 15000; // for a welcome or an ack
const SAME_ID = 240000; // for a line to go again: its id is known for 300 s
const OUTBOX = 100; // lines that may wait
const LINES = 50; // last ones

/**
 * `new Hubbub(options)`: a connection that heals itself, and rooms. Options: `url` of the server's
 * `/ws`, by default beside this module; `username`, a property, too; the rest is for tests.
 *
 * Events, for `on`:
 * - `state` `{state, retryAt}`: `connecting`, `open`, `waiting` (until then), `closed`
 * - `message` `{room, seq, time, username, message}`: each line once, in order
 * - `send`: a line that `send()` returned has another `state`
 * - `joined` `{room, seq, members, recovered, restarted}`: `recovered`: all missed lines follow;
 *   `restarted`: the room lost its past
 * - `gap` `{room, from, to, missed}`: lines that won't come; `history()` may have them
 * - `welcome`, `presence`, `left`, `closing`: as the server sends them
 * - `error`: no promise tells it. Errors have `code` and `reason`; codes are the protocol's,
 *   `unsupported`, `unreachable`, `disconnected`, `outbox_full` and `unconfirmed`
 */
export function Hubbub({
  url = new URL("ws", import.meta.url), username,
  world = globalThis, now = Date.now, random = Math.random,
} = {}) {
  const { WebSocket, setTimeout, clearTimeout } = world;
  const chat = {
    username, limits: {}, state: "closed", on, connect, close, join, leave, send,
    /** Up to 200 lines with `seq < before`, oldest first: `{messages, more}`. */
    history: (room, before, limit = LINES) => request({ type: "history", room, before, limit }),
    /** People: `{count, usernames}`; a crowd has no names. */
    members: (room) => request({ type: "members", room }),
  };
  const [rooms, requests, listeners, timers] = [new Map(), new Map(), {}, {}];
  let outbox = [];
  let flying; // the line that waits for its ack: only one, so that lines keep their order
  let socket;
  let [asked, failures, quiet, notBefore, pausedUntil] = [0, 0, 0, 0, 0];
  let fullAt = 0; // when a whole burst is allowed again

  const emit = (type, event) => listeners[type]?.forEach(async (listener) => listener(event));
  const change = (line, changes) => emit("send", Object.assign(line, changes));
  const clear = (name) => clearTimeout(timers[name]);
  const isStale = ({ sentAt }) => now() - sentAt > SAME_ID; // the server may have forgotten its id

  world.addEventListener?.("online", () => chat.state === "waiting" && wait(0));
  world.addEventListener?.("offline", () => socket && lost());
  return chat;

  /** Calls `listener` with each event. Returns a function that ends this. */
  function on(type, listener) {
    (listeners[type] ??= new Set()).add(listener);
    return () => listeners[type].delete(listener);
  }

  /** Connects, and reconnects after each loss. If it waits to do so, tries now. */
  function connect() {
    if (!socket) open();
    return chat;
  }

  /** Disconnects. Lines that wait go out after the next `connect()`. */
  function close() {
    drop();
    become("closed");
  }

  /** Joins with up to 200 last lines, or all after `{epoch, seq}`. A second call renames. */
  function join(room, { history = LINES, after } = {}) {
    if (!rooms.has(room)) {
      const entry = { room, history, epoch: after?.epoch, last: after?.seq };
      entry.done = promise(entry);
      rooms.set(room, entry);
      if (chat.state === "open") enter(entry);
    } else if (rooms.get(room).joined) request({ type: "join", room, username: chat.username });
    return rooms.get(room).done;
  }

  /** Leaves a room. Its lines that wait fail. */
  function leave(room) {
    rooms.get(room)?.reject(problem("not_joined", `You left ${room}.`));
    rooms.delete(room);
    pump();
    return request({ type: "leave", room });
  }

  /**
   * Says a line, which arrives once. Returns `{id, room, message, username, state, seq, time,
   * error, done, retry()}` and updates it; `state` is `queued`, `sending`, `sent` or `failed`,
   * `done` a promise of the end.
   */
  function send(room, message) {
    const line = { room, message, username: chat.username };
    line.retry = () => line.state === "failed" && queue(line);
    queue(line);
    return line;
  }

  function open() {
    become("connecting");
    after("wait", PATIENCE, lost);
    const address = new URL(url);
    address.protocol = address.protocol.replace("http", "ws");
    socket = new WebSocket(address.href, [PROTOCOL]);
    socket.onmessage = ({ data }) => received(JSON.parse(data));
    socket.onclose = lost;
    socket.onopen = () => {
      if (socket.protocol === PROTOCOL) return;
      close();
      emit("error", problem("unsupported", `The server has no ${PROTOCOL}.`));
    };
  }

  function lost() {
    if (chat.state === "connecting" && !failures) {
      emit("error", problem("unreachable", `No server, or no ${PROTOCOL}, for this site.`));
    }
    const window = Math.min(LAST_WINDOW, FIRST_WINDOW * 2 ** failures++);
    drop();
    wait(random() * window);
  }

  /** At least as long as the server said. */
  function wait(delay) {
    delay = notBefore > now() ? notBefore - now() : delay;
    after("wait", delay, open);
    become("waiting", now() + delay);
  }

  function drop() {
    const [old, line] = [socket, flying];
    socket = flying = undefined;
    Object.keys(timers).forEach(clear);
    rooms.forEach((entry) => (entry.joined = false));
    requests.forEach(({ reject }) => reject(problem("disconnected", "The connection ended.")));
    requests.clear();
    if (line) change(line, { state: "queued" });
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  function become(state, retryAt) {
    chat.state = state;
    emit("state", { state, retryAt });
  }

  function received(event) {
    quiet = 0;
    const { type, id } = event;
    const asker = requests.get(id);
    requests.delete(id);
    const entry = rooms.get(event.room);
    if (type === "error") return refused(event, asker);
    if (type === "ack" && flying?.id === id) {
      flying.resolve(flying);
      land(flying, { state: "sent", seq: event.seq, time: event.time });
    }
    if (type === "welcome") welcomed(event);
    else if (type === "closing") notBefore = now() + event.reconnect_after_ms;
    else if (entry && type === "joined") joined(entry, event);
    else if (entry && type === "gap") entry.last = event.to;
    else if (type === "message" && !(entry?.joined && isNext(entry, event))) return;
    asker?.resolve(event);
    emit(type, event);
    if (type === "joined") pump();
  }

  function welcomed({ limits, ping_interval_ms: interval }) {
    clear("wait");
    chat.limits = limits;
    pausedUntil = notBefore = fullAt = 0;
    after("stable", STABLE, () => (failures = 0));
    watch(interval || 25000);
    become("open");
    rooms.forEach(enter);
  }

  /** Browsers hide pings. After a silence, a question finds out whether the server is there. */
  function watch(interval) {
    after("watch", interval, () => {
      const [room] = rooms.keys();
      if (room && quiet === 2) return lost();
      if (room && ++quiet === 2) chat.members(room);
      watch(interval);
    });
  }

  function enter(entry) {
    const { room, history, epoch, last: seq } = entry;
    const place = epoch === undefined ? { history } : { after: { epoch, seq } };
    request({ type: "join", room, username: chat.username, ...place }).catch((error) => {
      if (error.code === "disconnected" || rooms.get(room) !== entry) return;
      if (error.retryAfter) return after(`join ${room}`, error.retryAfter, () => enter(entry));
      rooms.delete(room);
      entry.reject(error);
      pump();
    });
  }

  function joined(entry, event) {
    const { epoch, seq, recovered } = event;
    const isNew = entry.epoch !== epoch && !recovered;
    event.restarted = isNew && entry.epoch !== undefined;
    if (isNew) entry.last = Math.max(0, seq - (event.restarted ? LINES : entry.history));
    // The first line of a new room may have any number: it is no gap.
    Object.assign(entry, { epoch, joined: true, fresh: entry.fresh || isNew });
    entry.resolve(event);
  }

  /** Whether the line is new. Emits `gap` if lines before it are missing. */
  function isNext(entry, { room, seq }) {
    if (seq <= entry.last) return false;
    const from = entry.last + 1;
    const missed = entry.fresh ? 0 : seq - from;
    Object.assign(entry, { last: seq, fresh: false });
    if (missed) emit("gap", { type: "gap", room, from, to: seq - 1, missed });
    return true;
  }

  function refused({ id, code, reason, retry_after_ms: retryAfter }, asker) {
    const error = problem(code, reason, retryAfter);
    if (asker) return asker.reject(error);
    if (!flying || flying.id !== id) return emit("error", error);
    if (!retryAfter) return fail(flying, code, reason);
    pausedUntil = now() + retryAfter;
    land(flying, { state: "queued" });
  }

  function request(command) {
    const asker = {};
    const answer = promise(asker);
    if (chat.state === "open") {
      const id = String(++asked);
      requests.set(id, asker);
      socket.send(JSON.stringify({ ...command, id }));
    } else asker.reject(problem("disconnected", "There is no connection."));
    return answer;
  }

  function queue(line) {
    if (!line.id || isStale(line) || line.error?.code === "id_reused") {
      Object.assign(line, { id: uuid(), sentAt: undefined });
    }
    line.done = promise(line);
    if (outbox.length >= OUTBOX) {
      return fail(line, "outbox_full", `${OUTBOX} lines wait already.`);
    }
    outbox.push(line);
    change(line, { state: "queued", error: undefined });
    pump();
  }

  /** Sends the next line, if the limits allow it now. */
  function pump() {
    const alien = outbox.find(({ room }) => !rooms.has(room));
    if (alien) return fail(alien, "not_joined", `You are not in ${alien.room}.`);
    const stale = outbox.find((line) => line !== flying && isStale(line));
    if (stale) return fail(stale, "unconfirmed", "It may have arrived, or not.");
    const line = outbox.find(({ room }) => rooms.get(room).joined);
    if (!line || flying) return;
    const { lines_per_second: rate, line_burst: burst } = chat.limits;
    const step = rate && 1000 / rate;
    const delay = Math.max(pausedUntil, fullAt - (burst - 1) * step) - now();
    if (delay > 0) return after("pump", Math.ceil(delay), pump);
    fullAt = Math.max(fullAt, now()) + step;
    flying = line;
    line.sentAt ??= now();
    const { id, room, message, username } = line;
    socket.send(JSON.stringify({ type: "message", id, room, message, username }));
    after("ack", PATIENCE, lost);
    change(line, { state: "sending" });
  }

  function fail(line, code, reason) {
    const error = problem(code, reason);
    line.reject(error);
    land(line, { state: "failed", error });
  }

  function land(line, end) {
    if (end.state !== "queued") outbox = outbox.filter((other) => other !== line);
    if (flying === line) {
      clear("ack");
      flying = undefined;
    }
    change(line, end);
    pump();
  }

  function after(name, delay, act) {
    clear(name);
    timers[name] = setTimeout(act, delay);
  }
}

/** A promise that `owner` settles. Its failure may go unhandled. */
function promise(owner) {
  const made = new Promise((resolve, reject) => Object.assign(owner, { resolve, reject }));
  made.catch(() => {});
  return made;
}

function problem(code, reason, retryAfter) {
  return Object.assign(new Error(reason), { code, reason, retryAfter });
}

/** Browsers have `crypto.randomUUID` only over TLS and on localhost. */
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");
}
