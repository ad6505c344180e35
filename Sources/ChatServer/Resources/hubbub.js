// Hubbub's client library: one ES module that speaks `hubbub.v1`. The server sends it without
// comments and spare white space: `CompactScript` says what this file must keep to.

const PROTOCOL = "hubbub.v1";
const FIRST_WINDOW = 1000; // ms, as all times: a reconnect comes at random within it
const LAST_WINDOW = 30000; // each failure doubles the window up to this
const STABLE = 10000; // a connection that lasts this long resets it
const PATIENCE = 15000; // for a welcome or an ack
const SAME_ID = 240000; // for a line to go again: its id is known for 300 s
const OUTBOX = 100; // lines that may wait
const LINES = 50; // last ones
const BLAME = [1002, 1003, 1007, 1008, 1009]; // codes of closes that blame what was sent
const CUT = 1006; // the code of an end without a close, and here of a missing ack
const BREAKS = 2; // connections that one command may end
const TICK = 2000; // between two looks at the clocks
const DRIFT = 10000; // if the wall clock gains so much, the device has slept
const LATE = 90000; // if a tick takes so long, the page has; a hidden page has one a minute
const LONGEST = 2 ** 31 - 1; // browsers take a longer timer for none
const CROWD = 200; // more people have no names
const SOON = 3000; // until then, a change of the people that comes to something is told

/**
 * `new Hubbub(options)`: a connection that heals itself, and rooms. Options: `url` of the server's
 * `/ws`, by default beside this module; `username`, a property, too; the rest is for tests.
 *
 * Events, for `on`:
 * - `state` `{state, retryAt, retryIn}`: `connecting`, `open`, `waiting` (until then), `closed`
 * - `message` `{room, seq, time, username, message}`: each line once, in order
 * - `send`: a line that `send()` returned has another `state`
 * - `joined` `{room, seq, members, recovered, restarted}`: `recovered`: all missed lines follow;
 *   `restarted`: the room lost its past
 * - `gap` `{room, from, to, missed}`: lines that won't come; `history()` may have them
 * - `people` `{room, count, usernames}`: who is there, after each change; a crowd has no names
 * - `welcome`, `presence`, `left`, `closing`: as the server sends them
 * - `error`: no promise tells it. Errors have `code` and `reason`; codes are the protocol's,
 *   `unsupported`, `unreachable`, `no_upgrade`, `disconnected`, `outbox_full` and `unconfirmed`
 *
 * `trouble` is the error that keeps it from connecting at present.
 */
export function Hubbub({
  url = new URL("ws", import.meta.url), username,
  world = globalThis, now: steady, clock = steady ?? Date.now, random = Math.random,
} = {}) {
  const { WebSocket, setTimeout, clearTimeout } = world;
  const chat = {
    username, limits: {}, state: "closed",
    on, connect, close, join, leave, send, checkName,
    /** What `send` would fail with at once, as `error`, and how many characters are `left`. */
    check: (room, message) =>
      weigh(commandOf({ id: uuid(), room, message, username: chat.username })),
    /** Up to 200 lines with `seq < before`, oldest first: `{messages, more}`. */
    history: (room, before, limit = LINES) => request({ type: "history", room, before, limit }),
    /** People: `{count, usernames}`; a crowd has no names. */
    members: (room) => request({ type: "members", room }),
  };
  const [rooms, requests, listeners, timers] = [new Map(), new Map(), {}, {}];
  let outbox = [];
  let flying; // the line that waits for its ack: only one, so that lines keep their order
  let socket;
  let [frames, failures, quiet, notBefore, pausedUntil] = [0, 0, 0, 0, 0];
  let [slept, ahead] = [0, Infinity]; // what the wall clock is before the other
  let fullAt = 0; // when a whole burst is allowed again

  const emit = (type, event) => listeners[type]?.forEach(async (listener) => listener(event));
  const change = (line, changes) => emit("send", Object.assign(line, changes));
  const clear = (name) => clearTimeout(timers[name]);
  const isStale = ({ sentAt }) => now() - sentAt > SAME_ID; // the server may have forgotten its id
  const address = (scheme) => new URL(url).href.replace(/^(http|ws)/, scheme);

  world.addEventListener?.("online", () => chat.state === "waiting" && wait(0));
  world.addEventListener?.("offline", () => socket && lost());
  world.addEventListener?.("pageshow", ({ persisted }) => persisted && woke());
  return chat;

  /** Calls `listener` with each event. Returns a function that ends this. */
  function on(type, listener) {
    (listeners[type] ??= new Set()).add(listener);
    if (type === "people") rooms.forEach(({ room, joined }) => joined && ask(room));
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
    chat.trouble = undefined;
    become("closed");
  }

  /** Joins with up to 200 last lines, or all after `{epoch, seq}`. A second call renames. */
  function join(room, { history = LINES, after } = {}) {
    if (!rooms.has(room)) {
      const entry = { room, history, epoch: after?.epoch, last: after?.seq, breaks: 0 };
      entry.done = promise(entry);
      rooms.set(room, entry);
      if (chat.state === "open") enter(entry);
    }
    const { joined, done } = rooms.get(room);
    return joined ? request({ type: "join", room, username: chat.username }) : done;
  }

  /** Leaves a room. Its lines that wait fail. */
  function leave(room) {
    rooms.get(room)?.reject(problem("not_joined", "You left it."));
    rooms.delete(room);
    [`join ${room}`, `people ${room}`].forEach(clear);
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

  /** What is wrong with a user name, as `error`, and how many characters are `left`. */
  function checkName(username = "") {
    const { left, wrong } = measure(username?.trim?.(), chat.limits.username_characters);
    return { left, error: wrong && problem("invalid_username", `The user name has ${wrong}.`) };
  }

  /** The same for a command and its message: whatever the server could not even answer. */
  function weigh(command) {
    const { message_bytes: most, text_characters: limit } = chat.limits;
    const text = measure(command.message, limit);
    const bytes = new TextEncoder().encode(JSON.stringify(command)).length;
    const left = Math.min(text.left, most ? most - bytes : Infinity);
    const wrong = text.wrong ?? (left < 0 ? `${-left} bytes too many` : undefined);
    const code = left < 0 ? "message_too_long" : "invalid_command";
    const error = wrong && problem(code, `The message has ${wrong}.`);
    return { left, error: checkName(command.username).error ?? error };
  }

  /** The time that has passed. While the device sleeps, only the wall clock may go on. */
  function now() {
    const passed = steady?.() ?? performance.now();
    const before = ahead;
    ahead = clock() - passed;
    if (ahead - before > DRIFT) slept += ahead - before;
    return passed + slept;
  }

  function open() {
    become("connecting");
    after("wait", PATIENCE, lost);
    frames = 0;
    socket = new WebSocket(address("ws"), [PROTOCOL]);
    socket.onmessage = ({ data }) => received(JSON.parse(data));
    socket.onclose = lost;
    socket.onopen = () => {
      if (socket.protocol === PROTOCOL) return;
      close();
      emit("error", problem("unsupported", `The server has no ${PROTOCOL}.`));
    };
  }

  function lost({ code } = {}) {
    if (chat.state === "connecting") {
      if (chat.trouble && !socket.protocol) probe();
      chat.trouble ??= unreachable();
      if (!failures) emit("error", chat.trouble);
    }
    drop(code);
    wait(random() * Math.min(LAST_WINDOW, FIRST_WINDOW * 2 ** failures++));
  }

  /** Browsers don't say why there is no WebSocket, but what HTTP says to their own site. */
  async function probe() {
    if (!address("http").startsWith(`${world.location?.origin}/`)) return;
    const { status } = await world.fetch(address("http"), { cache: "no-store" }).catch(() => ({}));
    const trouble = status === 426 ? noUpgrade() : unreachable();
    if (!chat.trouble || chat.trouble.code === trouble.code) return;
    chat.trouble = trouble;
    emit("error", trouble);
  }

  /** At least as long as the server said. */
  function wait(delay) {
    delay = Math.max(delay, notBefore - now());
    after("wait", delay, open);
    become("waiting", { retryIn: delay, retryAt: clock() + delay });
  }

  /** Ends the connection. `code` says why it has ended. */
  function drop(code) {
    const [old, line] = [socket, flying];
    const isBlame = BLAME.includes(code);
    // The server does commands in their order: it was the first one.
    const suspect = isBlame && chat.state === "open"
      && [...rooms.values()].find(({ joined }) => !joined);
    socket = flying = undefined;
    Object.keys(timers).forEach(clear);
    // A room may count its events anew.
    rooms.forEach((entry) => (entry.joined = entry.number = undefined));
    requests.forEach(({ reject }) => reject(problem("disconnected", "Disconnected.")));
    requests.clear();
    if (suspect && ++suspect.breaks === BREAKS) expel(suspect, broken());
    if (line) {
      if (isBlame || code === CUT) line.breaks += 1;
      if (line.breaks === BREAKS) fail(line, broken());
      else change(line, { state: "queued" });
    }
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  function become(state, retry) {
    chat.state = state;
    if (state !== "closed") tick();
    emit("state", { state, ...retry });
  }

  /** Looks at the clocks as long as there is a connection, or is to be one. */
  function tick() {
    const [then, before] = [now(), slept];
    after("tick", TICK, () => (now() - then > LATE || slept > before ? woke() : tick()));
  }

  /** The page stood still for a while: what it knows of its connection is old. */
  function woke() {
    if (chat.state === "closed") return;
    drop();
    wait(0);
  }

  function received(event) {
    quiet = 0;
    const { type, id, room, seq, time } = event;
    const key = id ?? String(event.frame); // what can't be read is told by its number
    const asker = requests.get(key);
    requests.delete(key);
    const entry = rooms.get(room);
    if (type === "error") return refused(event, asker);
    if (type === "ack" && flying?.id === id) {
      flying.resolve(flying);
      land(flying, { state: "sent", seq, time });
    }
    if (type === "welcome") welcomed(event);
    else if (type === "closing") notBefore = now() + duration(event.reconnect_after_ms);
    else if (entry && type === "members") counted(entry, event);
    else if (entry && type === "presence") moved(entry, event);
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
    chat.trouble = undefined;
    pausedUntil = notBefore = fullAt = 0;
    after("stable", STABLE, () => (failures = 0));
    watch(duration(interval) || 25000);
    become("open");
    rooms.forEach((entry) => enter(entry));
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

  function enter(entry, name = { username: chat.username }) {
    const { room, history, epoch, last: seq } = entry;
    const place = epoch === undefined ? { history } : { after: { epoch, seq } };
    request({ type: "join", room, ...name, ...place }).catch((error) => {
      if (error.code === "disconnected" || rooms.get(room) !== entry) return;
      if (error.retryAfter) return after(`join ${room}`, error.retryAfter, () => enter(entry));
      if (!entry.isKnown || error.code !== "invalid_username") return expel(entry, error);
      emit("error", error);
      enter(entry, {}); // Reading goes on without a name.
    });
  }

  /** Gives up a room that can't be entered. */
  function expel(entry, error) {
    rooms.delete(entry.room);
    entry.reject(error);
    if (entry.isKnown) emit("error", error); // Its promise was kept long ago.
    pump();
  }

  function joined(entry, event) {
    const { epoch, seq, recovered } = event;
    const isNew = entry.epoch !== epoch && !recovered;
    event.restarted = isNew && entry.epoch !== undefined;
    if (isNew) entry.last = Math.max(0, seq - (event.restarted ? LINES : entry.history));
    if (!entry.joined) ask(entry.room);
    // The first line of a new room may have any number: it is no gap.
    entry.fresh ||= isNew;
    Object.assign(entry, { epoch, joined: true, isKnown: true, breaks: 0 });
    entry.resolve(event);
  }

  /** Asks who is there, if somebody wants to know. */
  function ask(room, delay = 0) {
    if (listeners.people?.size) after(`people ${room}`, delay, () => chat.members(room));
  }

  /** Takes an answer. `names` are those at its number, from which later events go on. */
  function counted(entry, { room, number, count, usernames, untold }) {
    const names = usernames && replaced(usernames, untold?.joined, untold?.left);
    Object.assign(entry, { number, names });
    clear(`people ${room}`);
    if (untold) ask(room, SOON); // What comes to nothing has no event.
    emit("people", { room, count, usernames });
  }

  function moved(entry, { room, number, count, joined: came, left: went }) {
    if (number <= entry.number) return;
    const isNext = entry.names && came && number === entry.number + 1;
    const usernames = isNext ? replaced(entry.names, went, came) : undefined;
    Object.assign(entry, { number, names: usernames });
    clear(`people ${room}`);
    if (usernames || count > CROWD) emit("people", { room, count, usernames });
    else ask(room);
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

  function refused({ id, frame, code, reason, retry_after_ms: delay }, asker) {
    const error = problem(code, reason, duration(delay));
    if (asker) return asker.reject(error);
    if (!flying || (flying.id !== id && flying.frame !== frame)) return emit("error", error);
    if (!error.retryAfter) return fail(flying, error);
    pausedUntil = now() + error.retryAfter;
    land(flying, { state: "queued" });
  }

  function request(command) {
    const asker = {};
    const answer = promise(asker);
    command.id = String(frames + 1);
    const error = chat.state === "open" ? weigh(command).error
      : problem("disconnected", "Not connected.");
    if (error) asker.reject(error);
    else requests.set(command.id, asker) && transmit(command);
    return answer;
  }

  /** Returns the number of the command on this connection. */
  function transmit(command) {
    socket.send(JSON.stringify(command));
    return ++frames;
  }

  function queue(line) {
    if (!line.id || isStale(line) || line.error?.code === "id_reused") {
      Object.assign(line, { id: uuid(), sentAt: undefined });
    }
    Object.assign(line, { done: promise(line), breaks: 0 });
    const { error } = weigh(commandOf(line));
    if (error) return fail(line, error);
    if (outbox.length >= OUTBOX) {
      return fail(line, problem("outbox_full", `${OUTBOX} lines wait already.`));
    }
    outbox.push(line);
    change(line, { state: "queued", error: undefined });
    pump();
  }

  /** Sends the next line, if the limits allow it now. */
  function pump() {
    const alien = outbox.find(({ room }) => !rooms.has(room));
    if (alien) return fail(alien, problem("not_joined", `You are not in ${alien.room}.`));
    const stale = outbox.find((line) => line !== flying && isStale(line));
    if (stale) return fail(stale, problem("unconfirmed", "It may have arrived, or not."));
    const line = outbox.find(({ room }) => rooms.get(room).joined);
    if (!line || flying) return;
    const { lines_per_second: rate, line_burst: burst } = chat.limits;
    const step = rate && 1000 / rate;
    const delay = Math.max(pausedUntil, fullAt - (burst - 1) * step) - now();
    if (delay > 0) return after("pump", Math.ceil(delay), pump);
    const command = commandOf(line);
    const { error } = weigh(command); // The limits may be others by now.
    if (error) return fail(line, error);
    fullAt = Math.max(fullAt, now()) + step;
    flying = line;
    line.sentAt ??= now();
    line.frame = transmit(command);
    after("ack", PATIENCE, () => lost({ code: CUT }));
    change(line, { state: "sending" });
  }

  function fail(line, error) {
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
    const rest = delay - LONGEST;
    const due = () => (rest > 0 ? after(name, rest, act) : act());
    timers[name] = setTimeout(due, Math.min(delay, LONGEST));
  }
}

/** Milliseconds that the server said. What is no duration is none. */
const duration = (value) => (value > 0 && value < Infinity ? Number(value) : 0);

const commandOf = ({ id, room, message, username }) =>
  ({ type: "message", id, room, message, username });

/** Characters `left` for a text until a limit, of which 0 is none, and what is `wrong` with it. */
function measure(text = "", limit) {
  const left = limit ? limit - [...String(text)].length : Infinity;
  const isHalf = /[\ud800-\udfff]/u.test(text);
  const wrong = left < 0 ? `${-left} characters too many`
    : isHalf ? "half a character" : undefined;
  return { left, wrong };
}

/** Names without those that went, and with those that came; nothing if they don't fit. */
function replaced(names, went = [], came = []) {
  const all = [...names, ...came];
  for (const name of went) {
    const index = all.indexOf(name);
    if (index < 0) return undefined;
    all.splice(index, 1);
  }
  return all.sort();
}

const unreachable = () => problem("unreachable", `No server, or no ${PROTOCOL}, for this site.`);
const noUpgrade = () => problem("no_upgrade", "A proxy on the way drops WebSocket.");
const broken = () => problem("unconfirmed", "Connections broke over it.");

/** A promise that `owner` settles. Its failure may go unhandled. */
function promise(owner) {
  const made = new Promise((resolve, reject) => Object.assign(owner, { resolve, reject }));
  made.catch(() => {});
  return made;
}

function problem(code, reason, retryAfter) {
  return Object.assign(new Error(reason), { code, reason, retryAfter });
}

/** Browsers have `crypto.randomUUID` only over TLS and on localhost, and Safari from 15.4 on. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");
}
