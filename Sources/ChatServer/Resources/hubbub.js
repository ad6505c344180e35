// Hubbub's client library: one ES module that speaks `hubbub.v1`. The server removes comments and
// spare white space. `CompactScript` lists the rules that this file must keep.

const PROTOCOL = "hubbub.v1";
const FIRST_WINDOW = 1000; // ms, like all times: a reconnect happens at random within it
const LAST_WINDOW = 30000; // each failure doubles the window up to this
const STABLE = 10000; // a connection that lasts this long resets it
const PATIENCE = 15000; // for a welcome or an ack
const SAME_ID = 240000; // for a line to go again: its id is known for 300 s
const OUTBOX = 100; // the largest number of waiting lines
const LINES = 50; // of history by default
const BLAME = [1002, 1003, 1007, 1008, 1009]; // close codes that blame the last command
const DENIED = { 3000: "invalid_token", 3001: "token_expired", 3002: "invalid_token" }; // closes
const BANNED = 3003; // the close code that no other token changes
const BUSY = ["rate_limited", "store_unavailable"]; // the same command may succeed soon
const CHANGES = ["deleted", "purged", "restored", "room"]; // events that change a room
const ACTS = [
  "delete", "purge", "timeout", "ban", "unban", "bans", "settings", "panic", "terms", "approve",
  "reject", "announce", "undo", "modlog",
]; // commands of moderators
const CUT = 1006; // the code of an end without a Close, used for a missing ack too
const BREAKS = 2; // the number of connections that one command may end
const TICK = 2000; // between two checks of the clocks
const DRIFT = 10000; // if the wall clock gains more, the device has slept
const LATE = 90000; // if a tick takes longer, the page has slept; hidden, it has one a minute
const LONGEST = 2 ** 31 - 1; // browsers fire a longer timer at once
const CROWD = 200; // the number of people up to which there are names
const SOON = 3000; // by then, a change of the people is announced unless it cancels out

/**
 * `new Hubbub(options)`: a connection that reconnects, and rooms. Options: `url` of the server's
 * `/ws`, by default next to this module; `username`, also a property; `token`, a string, or a
 * function that fetches one and is called again before it ends; the others are for tests.
 *
 * Events, for `on`:
 * - `state` `{state, retryAt, retryIn}`: `connecting`, `open`, `waiting` (until then), `closed`
 * - `message` `{room, seq, time, username, message, user, role}`: each line once, in order
 * - `send`: a line that `send()` returned has another `state`
 * - `joined` `{room, seq, members, role, recovered, restarted}`: if `recovered`, all missed lines
 *   follow; if `restarted`, the room has lost its past
 * - `gap` `{room, from, to, missed, rev}`: lines that won't arrive; `history()` may have them. With
 *   `rev`, changes of earlier lines are missing, too
 * - `epoch` `{room, seq}`: the store came back with less than was known. Lines after `seq` that we
 *   have seen are lost, and their numbers may come again
 * - `deleted` `{room, seqs, seq}`: lines that are gone; with `seq`, one in its place in the order
 * - `purged` `{room, seqs: [[from, to]]}`, `restored`, `room` `{settings}`, `held`, `released`,
 *   `rejected`: as the server sends them
 * - `people` `{room, count, usernames}`: the people after each change; a crowd has no names
 * - `welcome`, `presence`, `left`, `closing`, `authenticated`, `auth_expiring`: as the server sends
 *   them
 * - `error`: an error that rejects no promise. Errors have `code` and `reason`. Codes are the
 *   protocol's, `unsupported`, `unreachable`, `no_upgrade`, `disconnected`, `outbox_full` and
 *   `unconfirmed`
 *
 * `trouble` is the error that currently keeps it from connecting.
 */
export function Hubbub({
  url = new URL("ws", import.meta.url), username, token,
  world = globalThis, now: steady, clock = steady ?? Date.now, random = Math.random,
} = {}) {
  const { WebSocket, setTimeout, clearTimeout } = world;
  const chat = {
    username, limits: {}, state: "closed",
    on, connect, close, join, leave, send, checkName,
    /** The `error` with which `send` would fail at once, and the number of characters `left`. */
    check: (room, message) =>
      weigh(commandOf({ id: uuid(), room, message, username: chat.username })),
    /** Up to 200 lines with `seq < before`, oldest first: `{messages, deleted, more}`. */
    history: (room, before, limit = LINES) => request({ type: "history", room, before, limit }),
    /** People: `{count, usernames}`; a crowd has no names. */
    members: (room) => request({ type: "members", room }),
    /** Any other command that is answered, such as `{type: "server"}`: a promise of the answer. */
    request: (command) => request({ ...command }),
  };
  /** `chat.ban(room, {by_line: 7})` and so on: promises of the acknowledgement. */
  ACTS.forEach((type) => {
    chat[type] = (room, fields) => request({ ...fields, type, room, id: uuid() });
  });
  const [rooms, requests, held, listeners, timers] = [new Map(), new Map(), new Map(), {}, {}];
  let outbox = [];
  let flying; // the line that waits for its ack: only one, to keep the order
  let socket;
  let fetching; // a token to connect with
  let [shown, dead] = []; // the last token, and one that was refused
  let [frames, failures, quiet, notBefore, pausedUntil] = [0, 0, 0, 0, 0];
  let [slept, ahead] = [0, Infinity]; // the lead of the wall clock over the other
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
    if (!socket && !fetching) open();
    return chat;
  }

  /** Disconnects. Waiting lines are sent after the next `connect()`. */
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
    const { joined, done, rev = 0 } = rooms.get(room);
    return joined ? request({ type: "join", room, username: chat.username, rev }) : done;
  }

  /** Leaves a room. Its waiting lines fail. */
  function leave(room) {
    rooms.get(room)?.reject(problem("not_joined", "You left it."));
    rooms.delete(room);
    [`join ${room}`, `people ${room}`].forEach(clear);
    pump();
    return request({ type: "leave", room });
  }

  /**
   * Sends a line, which arrives once. Returns `{id, room, message, username, state, seq, time,
   * error, done, retry()}` and updates it. `state` is `queued`, `sending`, `sent`, `failed`, or
   * `held` until a moderator decides. `done` is a promise of the outcome.
   */
  function send(room, message) {
    const line = { room, message, username: chat.username };
    line.retry = () => line.state === "failed" && queue(line);
    queue(line);
    return line;
  }

  /** The `error` of a user name, if it has one, and the number of characters `left`. */
  function checkName(username = "") {
    const { left, wrong } = measure(username?.trim?.(), chat.limits.username_characters);
    return { left, error: wrong && problem("invalid_username", `The user name has ${wrong}.`) };
  }

  /**
   * The same for a command and its message. It finds each error that the server couldn't answer.
   */
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

  /** The time that has passed. While the device sleeps, maybe only the wall clock runs. */
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
    if (typeof token !== "function") return dial(token);
    const mine = fetching = fetchToken().then(
      (fetched) => fetching === mine && dial(fetched), () => fetching === mine && lost());
  }

  /** A function may also throw at once. */
  async function fetchToken() {
    return token();
  }

  /** Connects with a token, or as a guest. A token that was refused isn't shown again. */
  function dial(pass) {
    fetching = undefined;
    if (pass && (pass === dead || !/^[\w.-]+$/.test(pass))) return deny("invalid_token");
    shown = pass;
    socket = new WebSocket(address("ws"), pass ? [PROTOCOL, `bearer.${pass}`] : [PROTOCOL]);
    socket.onmessage = ({ data }) => received(JSON.parse(data));
    socket.onclose = lost;
    socket.onopen = () => {
      if (socket.protocol === PROTOCOL) return;
      close();
      emit("error", problem("unsupported", `The server has no ${PROTOCOL}.`));
    };
  }

  /** Stops: without another token the answer would be the same. */
  function deny(code, reason = "The server takes no guests, or not this token.") {
    close();
    chat.you = undefined;
    emit("error", problem(code, reason));
  }

  /** States who we are with another token, if there is a function for it. */
  async function renew() {
    if (typeof token !== "function") return;
    const here = socket;
    try {
      const pass = await token();
      if (socket === here && pass) await request({ type: "auth", token: pass });
    } catch (error) {
      if (error.code !== "disconnected") emit("error", error);
    }
  }

  function lost({ code, reason } = {}) {
    if (code === BANNED) return deny("banned", reason || "You are banned.");
    if (DENIED[code]) {
      const isOver = typeof token !== "function" || shown === undefined;
      dead = shown;
      if (isOver) return deny(DENIED[code]);
    }
    if (chat.state === "connecting") {
      if (chat.trouble && socket && !socket.protocol) probe();
      chat.trouble ??= unreachable();
      if (!failures) emit("error", chat.trouble);
    }
    drop(code);
    wait(random() * Math.min(LAST_WINDOW, FIRST_WINDOW * 2 ** failures++));
  }

  /** Browsers hide why there is no WebSocket, but not what HTTP answers to the same site. */
  async function probe() {
    if (!address("http").startsWith(`${world.location?.origin}/`)) return;
    const { status } = await world.fetch(address("http"), { cache: "no-store" }).catch(() => ({}));
    const trouble = status === 426 ? noUpgrade() : unreachable();
    if (!chat.trouble || chat.trouble.code === trouble.code) return;
    chat.trouble = trouble;
    emit("error", trouble);
  }

  /** Waits at least as long as the server asked. */
  function wait(delay) {
    delay = Math.max(delay, notBefore - now());
    after("wait", delay, open);
    become("waiting", { retryIn: delay, retryAt: clock() + delay });
  }

  /** Ends the connection for the reason `code`. */
  function drop(code) {
    const [old, line] = [socket, flying];
    const isBlame = BLAME.includes(code);
    // The server handles commands in order, so it was the first one.
    const suspect = isBlame && chat.state === "open"
      && [...rooms.values()].find(({ joined }) => !joined);
    socket = flying = fetching = undefined;
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

  /** Checks the clocks as long as there is a connection, or should be one. */
  function tick() {
    const [then, before] = [now(), slept];
    after("tick", TICK, () => (now() - then > LATE || slept > before ? woke() : tick()));
  }

  /** The page was suspended for a while, so the connection may be dead. */
  function woke() {
    if (chat.state === "closed") return;
    drop();
    wait(0);
  }

  function received(event) {
    quiet = 0;
    const { type, id, room, seq, time } = event;
    // An unreadable command is named by its number.
    const asker = [...requests.values()].find((each) => each.id === id
      || each.frame === event.frame);
    requests.delete(asker?.id);
    const entry = rooms.get(room);
    if (type === "error") return refused(event, asker);
    if (type === "auth_expiring") renew();
    if (type === "authenticated") chat.you = event;
    if (entry && type === "left" && event.code) {
      expel(entry, problem(event.code, event.reason ?? "The room is closed to you."));
    }
    if (type === "ack" && flying?.id === id) accepted(event);
    if (type === "welcome") welcomed(event);
    else if (type === "closing") notBefore = now() + duration(event.reconnect_after_ms);
    else if (type === "history") sorted(event);
    else if (type === "released" || type === "rejected") decided(event);
    else if (entry && type === "members") counted(entry, event);
    else if (entry && type === "presence") moved(entry, event);
    else if (entry && type === "joined") joined(entry, event);
    else if (entry && type === "gap") skipped(entry, event);
    else if (type === "epoch" && !(entry?.joined && began(entry, event))) return;
    else if (type === "message" && !(entry?.joined && isNext(entry, event))) return;
    else if (CHANGES.includes(type) && !(entry?.joined && changed(entry, event))) return;
    asker?.resolve(event);
    emit(type, event);
    if (type === "joined") pump();
  }

  /** A line of ours has a number, or waits for a moderator. */
  function accepted({ seq, time, held: name }) {
    const line = flying;
    if (!name) line.resolve(line);
    else held.set(name, line);
    land(line, name ? { state: "held" } : { state: "sent", seq, time });
  }

  /** A moderator has decided about a line of ours, maybe of an earlier page. */
  function decided({ type, held: name, seq, time }) {
    const line = held.get(name);
    held.delete(name);
    if (!line) return;
    if (type === "rejected") return fail(line, problem(type, "A moderator has rejected it."));
    line.resolve(line);
    change(line, { state: "sent", seq, time });
  }

  /** Parts the lines of an answer from the numbers of deleted ones. */
  function sorted(event) {
    const isLine = ({ type }) => type !== "deleted";
    event.deleted = event.messages.filter((each) => !isLine(each)).map(({ seq }) => seq);
    event.messages = event.messages.filter(isLine);
  }

  /** After a gap with `rev`, unknown changes are missing. */
  function skipped(entry, { to, rev }) {
    entry.last = to ?? entry.last;
    entry.rev = rev ?? entry.rev;
  }

  /** Lines after `seq` come with numbers of another epoch. If we lack some before, they are gone. */
  function began(entry, { room, epoch, seq: to }) {
    const [from, missed] = [entry.last + 1, entry.fresh ? 0 : to - entry.last];
    if (missed > 0) emit("gap", { type: "gap", room, from, to, missed });
    return Object.assign(entry, { epoch, last: to, top: undefined });
  }

  /** A change may arrive twice. A purge may have several events, so it is requested again. */
  function changed(entry, event) {
    const { type, rev, seq } = event;
    if (rev) entry.rev = Math.max(entry.rev ?? 0, type === "purged" ? rev - 1 : rev);
    if (seq) event.seqs = [seq];
    if (seq && !isNext(entry, event)) delete event.seq; // We have seen the line.
    return true;
  }

  function welcomed({ limits, you, ping_interval_ms: interval }) {
    clear("wait");
    Object.assign(chat, { limits, you });
    chat.trouble = undefined;
    pausedUntil = notBefore = fullAt = 0;
    after("stable", STABLE, () => (failures = 0));
    watch(duration(interval) || 25000);
    become("open");
    rooms.forEach((entry) => enter(entry));
  }

  /** Browsers hide pings. After a silence, a request checks whether the server is there. */
  function watch(interval) {
    after("watch", interval, () => {
      const [room] = rooms.keys();
      if (room && quiet === 2) return lost();
      if (room && ++quiet === 2) chat.members(room);
      watch(interval);
    });
  }

  function enter(entry, name = { username: chat.username }) {
    const { room, history, epoch, last: seq, rev = 0 } = entry;
    const place = epoch === undefined ? { history } : { after: { epoch, seq } };
    request({ type: "join", room, ...name, ...place, rev }).catch((error) => {
      if (error.code === "disconnected" || rooms.get(room) !== entry) return;
      if (isBusy(error)) return after(`join ${room}`, error.retryAfter, () => enter(entry));
      if (!entry.isKnown || error.code !== "invalid_username") return expel(entry, error);
      emit("error", error);
      enter(entry, {}); // Reading needs no name.
    });
  }

  /** Drops a room that can't be entered. */
  function expel(entry, error) {
    rooms.delete(entry.room);
    entry.reject(error);
    if (entry.isKnown) emit("error", error); // Its promise was resolved long ago.
    pump();
  }

  function joined(entry, event) {
    const { room, epoch, seq, recovered, rev } = event;
    if (shown) event.role ??= roleIn(room, shown);
    const isNew = entry.epoch !== epoch && !recovered;
    event.restarted = isNew && entry.epoch !== undefined;
    if (isNew) entry.last = Math.max(0, seq - (event.restarted ? LINES : entry.history));
    if (!recovered) entry.rev = rev; // Otherwise the changes follow.
    if (!entry.joined) ask(entry.room);
    // The first line of a new room may have any number. It is no gap.
    entry.fresh ||= isNew;
    Object.assign(entry, { epoch, joined: true, isKnown: true, breaks: 0, head: seq, top: rev });
    entry.resolve(event);
  }

  /** Requests the list of people, if there is a listener. */
  function ask(room, delay = 0) {
    if (listeners.people?.size) after(`people ${room}`, delay, () => chat.members(room));
  }

  /** Handles an answer. `names` are those at its number. Later events continue from them. */
  function counted(entry, { room, number, count, usernames, untold }) {
    const names = usernames && replaced(usernames, untold?.joined, untold?.left);
    Object.assign(entry, { number, names });
    clear(`people ${room}`);
    if (untold) ask(room, SOON); // Changes that cancel out have no event.
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
    // The first line after those that were missed comes after all missed changes, too.
    if (entry.top && seq > entry.head) entry.rev = Math.max(entry.rev ?? 0, entry.top);
    if (missed) emit("gap", { type: "gap", room, from, to: seq - 1, missed });
    return true;
  }

  function refused({ id, frame, code, reason, retry_after_ms: delay }, asker) {
    const error = problem(code, reason, duration(delay));
    if (asker) return asker.reject(error);
    if (code === "token_expired") {
      chat.you = undefined;
      renew();
    }
    if (!flying || (flying.id !== id && flying.frame !== frame)) return emit("error", error);
    if (!isBusy(error)) return fail(flying, error);
    pausedUntil = now() + error.retryAfter;
    land(flying, { state: "queued" });
  }

  function request(command) {
    const asker = {};
    const answer = promise(asker);
    command.id ??= String(frames + 1);
    const error = chat.state === "open" ? weigh(command).error
      : problem("disconnected", "Not connected.");
    if (error) asker.reject(error);
    else {
      requests.set(command.id, asker);
      Object.assign(asker, { id: command.id, frame: transmit(command) });
    }
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
    const { error } = weigh(command); // The limits may have changed.
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

/** A duration in milliseconds from the server, or 0 if it isn't one. */
const duration = (value) => (value > 0 && value < Infinity ? Number(value) : 0);

const commandOf = ({ id, room, message, username }) =>
  ({ type: "message", id, room, message, username });

/** The characters `left` until a limit, where 0 is none, and what is `wrong` with a text. */
function measure(text = "", limit) {
  const left = limit ? limit - [...String(text)].length : Infinity;
  const isHalf = /[\ud800-\udfff]/u.test(text);
  const wrong = left < 0 ? `${-left} characters too many`
    : isHalf ? "half a character" : undefined;
  return { left, wrong };
}

/** The names without those that left, and with those that joined. Undefined if they don't fit. */
function replaced(names, went = [], came = []) {
  const all = [...names, ...came];
  for (const name of went) {
    const index = all.indexOf(name);
    if (index < 0) return undefined;
    all.splice(index, 1);
  }
  return all.sort();
}

/** The role that a token claims in a room. Its own name wins, then the longest prefix. */
function roleIn(room, token) {
  try {
    const payload = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const { role, rooms } = JSON.parse(atob(payload));
    const fits = (name) => name === room
      || (name.endsWith("*") && room.startsWith(name.slice(0, -1)));
    const [name] = Object.keys(rooms ?? {}).filter(fits)
      .sort((a, b) => (b === room) - (a === room) || b.length - a.length);
    return rooms ? rooms[name] : role;
  } catch {
    return undefined; // It isn't a JWT.
  }
}

/** Whether the same command may succeed soon. Other waits are a rule of the room. */
const isBusy = ({ code, retryAfter }) => retryAfter && BUSY.includes(code);

const unreachable = () => problem("unreachable", `No server, or no ${PROTOCOL}, for this site.`);
const noUpgrade = () => problem("no_upgrade", "A proxy on the way drops WebSocket.");
const broken = () => problem("unconfirmed", "Connections broke over it.");

/** A promise that `owner` settles. A rejection may stay unhandled. */
function promise(owner) {
  const made = new Promise((resolve, reject) => Object.assign(owner, { resolve, reject }));
  made.catch(() => {});
  return made;
}

function problem(code, reason, retryAfter) {
  return Object.assign(new Error(reason), { code, reason, retryAfter });
}

/** Browsers have `crypto.randomUUID` only over TLS and on localhost, and Safari from 15.4. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");
}
