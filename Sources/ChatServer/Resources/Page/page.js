// The chat page: makes its parts and connects them.

import { Hubbub } from "/hubbub.js";
import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
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
  },
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
    if (room === shown) list.acknowledged(item);
  },
  refused(room, { code, reason }) {
    if (code === "invalid_username") composer.refuseName(reason);
    else if (room === shown) status.warn(reason);
  },
});

const list = new MessageList({
  me: () => chat.username,
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
  check: (text) => (shown ? chat.check(shown.name, text) : { left: Infinity }),
  checkName: (name) => chat.checkName(name),
  say(text) {
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
  if (isRefusal(sent.error) && room.takeBack(sent) && room === shown) composer.show(room);
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
  showPeople();
  showUnseen();
}

chat.on("welcome", ({ you }) => {
  composer.bear(you?.name);
  showPeople();
});
chat.on("error", ({ code }) => {
  if (code !== "invalid_token" && code !== "token_expired") return;
  forgetToken(window);
  composer.bear(undefined);
});

addEventListener("popstate", enter);
addEventListener("hashchange", () => {
  if (isTokenLink(location)) location.reload();
  else if (roomAt(location) !== shown.name) enter();
});

leaveKeysToInputMethods();
enter();
chat.connect();
document.body.classList.remove("still");
byId("start").remove();
if (matchMedia("(pointer: fine)").matches) composer.focusFirst();
