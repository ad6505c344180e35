// The chat page: makes its parts and connects them.

import { Hubbub } from "/hubbub.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { byId, hear } from "./dom.js";
import { MessageList } from "./Lines/list.js";
import { Panels } from "./panels.js";
import { Picker } from "./picker.js";
import { isRoomName, NAME_RULE, pathOf, roomAt } from "./Rooms/address.js";
import { PeoplePanel } from "./Rooms/people-panel.js";
import { isRefusal, Room } from "./Rooms/room.js";
import { Rooms } from "./Rooms/rooms.js";
import { shortCount, Switcher } from "./Rooms/switcher.js";
import { Status } from "./status.js";
import { forgetToken, isTokenLink, takeToken } from "./token.js";
import { leaveKeysToInputMethods } from "./typing.js";

const chat = new Hubbub({ token: takeToken(window) });
let shown; // the room on the screen
let loading; // what /moderation.js has, once there is a need
let desk;

const announcer = new Announcer();
const announce = (text) => announcer.say(text);
const panels = new Panels();
const people = new PeoplePanel((name) => composer.call(name));
const status = new Status(chat, announce);

const rooms = new Rooms(chat, {
  changed(room) {
    if (room !== shown) return;
    list.invalidate();
    status.show(room);
    attend();
  },
  revised: redraw,
  unsure: (room, seqs) => tools().then(() => desk.reload(room, seqs)),
  isReading: (room) => room === shown && list.isReading,
  arrived(room, item, isNew) {
    const isSeen = room === shown && list.arrived(item, isNew);
    if (isNew && isSeen) announcer.line(item);
    return isSeen;
  },
  missed: showUnseen,
  peopled(room) {
    if (room === shown) showPeople();
  },
  sent(room, sent, item) {
    if (sent.state === "failed" && room.waiting.has(sent)) failed(room, sent);
    if (sent.state === "sent") desk?.said(room);
    if (room === shown) list.acknowledged(item);
  },
  refused(room, { code, reason }) {
    if (code === "invalid_username") composer.refuseName(reason);
    else if (room === shown) status.warn(reason);
  },
});

const list = new MessageList({
  me: () => chat.username,
  drawn: (row) => desk?.drawn(row),
  seen() {
    shown.unseen = shown.calls = 0;
    showUnseen();
  },
  older: () => rooms.older(shown),
  fill: (item) => rooms.fill(shown, item).catch(({ reason }) => {
    announce(`They can't be loaded now: ${reason}`);
  }),
  call: (name) => composer.call(name),
  edit(sent) {
    shown.edit(sent);
    composer.show(shown);
    composer.focus();
    list.invalidate();
  },
});

const switcher = new Switcher({
  room: (name) => rooms.get(name),
  open(name) {
    panels.close();
    if (name === shown.name) return;
    history.pushState(null, "", location.pathname === "/" ? `/#/${name}` : pathOf(name));
    enter();
    composer.focus();
  },
  leave(name) {
    rooms.leave(name);
    showUnseen();
  },
  announce,
});

const composer = new Composer({
  named: (name) => (chat.username = name || undefined),
  renamed() {
    rooms.renamed();
    status.clear();
    list.rebuild();
    showPeople();
  },
  check(text) {
    if (!shown) return { left: Infinity };
    const { left, error } = chat.check(shown.name, text);
    return { left, error: error ?? shown.rule() };
  },
  checkName: (name) => chat.checkName(name),
  async say(text) {
    if (/^\/[a-z]+(\s|$)/.test(text) && await tools().then(() => desk.run(text))) return;
    const sent = chat.send(shown.name, text);
    if (sent.state !== "sent") shown.waiting.add(sent);
    if (sent.state === "failed") failed(shown, sent);
    list.toEnd();
  },
  announce,
});

new Picker((sign) => composer.insert(sign));

/** Puts a line that the server would refuse again back into the field. */
function failed(room, sent) {
  announce(`Not sent: ${sent.error.reason}`);
  if (sent.error.retryAfter) tools().then(() => desk.refused(room, sent.error));
  if (isRefusal(sent.error) && room.takeBack(sent) && room === shown) composer.show(room);
}

/** Whether the reader moderates this room. */
function mayAct(room) {
  return /^(moderator|owner)$/.test(chat.you && (room.role ?? chat.you.role));
}

/** Loads rules and tools once. Most readers never need them. */
function tools() {
  loading ??= import("/moderation.js").then((it) => {
    desk = new it.Desk({ chat, announce, mayAct, redraw, composer, status, room: () => shown });
    list.rebuild();
  });
  return loading;
}

function redraw(room) {
  if (room === shown) list.rebuild();
}

/** Shows the rules of the room, and the tools of a moderator. */
function attend() {
  const hasRules = Object.keys(shown.settings).length > 0;
  if (loading || hasRules || mayAct(shown)) tools().then(() => desk.show());
}

function showPeople() {
  people.show(shown.people, chat.username);
}

/** Shows the number of unseen lines, in the title and in the list of rooms. */
function showUnseen() {
  const { unseen } = rooms;
  const count = unseen ? `(${shortCount(unseen)}) ` : "";
  document.title = `${count}Welcome to the Chat Room! · #${shown.name}`;
  switcher.invalidate();
}

/** Shows the room of the address, and joins it first if it is new. */
function enter() {
  const name = roomAt(location);
  const isValid = isRoomName(name);
  shown = isValid ? rooms.enter(name, shown?.name) : new Room("");
  byId("room-name").textContent = name;
  byId("log").setAttribute("aria-label", `Messages in ${name}`);
  if (isValid) status.clear();
  else status.warn(`${NAME_RULE} Choose another one.`);
  status.show(shown);
  switcher.show(shown.name);
  composer.show(shown);
  list.show(shown);
  attend();
  showPeople();
  showUnseen();
  if (chat.state === "closed") chat.connect();
}

/** The server knows the reader now, or no longer. */
function meet(you) {
  composer.bear(you?.name);
  list.rebuild();
  attend();
  showPeople();
}

chat.on("welcome", ({ you }) => meet(you));
chat.on("authenticated", meet);
chat.on("error", ({ code }) => {
  if (code !== "invalid_token" && code !== "token_expired") return;
  forgetToken(window);
  meet();
});

hear(window, "popstate", enter);
hear(window, "hashchange", () => {
  if (isTokenLink(location)) location.reload();
  else if (roomAt(location) !== shown.name) enter();
});

leaveKeysToInputMethods();
enter();
document.body.classList.remove("still");
byId("start").remove();
if (matchMedia("(pointer: fine)").matches) composer.focusFirst();
