
// ---- page.js: the chat, the fields, and what goes from one part to another.

import { Hubbub } from "/hubbub.js";

const STILL = 4000; // ms between two announcements to screen readers

const chat = new Hubbub();
const [nameField, textField] = [byId("name"), byId("text")];
let room = new RoomState("");

// ---- For those who listen: a summary now and then, however much is said.

const heard = { texts: [], lines: 0, timer: 0 };

function announce(text) {
  heard.texts = [...heard.texts, text].slice(-3);
  heard.timer ||= setTimeout(speak, heard.at > Date.now() - STILL ? STILL : 50);
}

function announceLine({ username, message }) {
  heard.lines += 1;
  heard.last = `${username}: ${message.slice(0, 200)}`;
  heard.timer ||= setTimeout(speak, heard.at > Date.now() - STILL ? STILL : 50);
}

function speak() {
  const many = heard.lines > 1 ? `${heard.lines} new messages. ` : "";
  const line = heard.lines ? [`${many}${heard.last}`] : [];
  byId("announcer").textContent = [...heard.texts, ...line].join(" ");
  Object.assign(heard, { texts: [], lines: 0, timer: 0, at: Date.now() });
}

// ---- Parts

const list = new MessageList({
  me: () => chat.username,
  seen() {
    room.unseen = room.calls = 0;
    showTitle();
    rooms.invalidate();
  },
  async older() {
    const asked = room;
    const before = asked.oldest;
    if (!before) return; // The last lines are still on their way.
    if (before === 1) {
      asked.hasOlder = false;
      return list.invalidate();
    }
    asked.isLoading = true;
    list.invalidate();
    try {
      const { messages, more } = await chat.history(asked.name, before, 50);
      asked.prepend(messages, more);
    } catch {
      // The connection is gone; whoever scrolls up again after it is back asks again.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    asked.isLoading = false;
    if (asked === room) list.invalidate();
  },
  async fill(item) {
    const asked = room;
    item.gap.isLoading = true;
    list.rebuild();
    try {
      const { to, missed } = item.gap;
      const { messages, more } = await chat.history(asked.name, to + 1, Math.min(200, missed));
      asked.fill(item, messages, more);
    } catch (error) {
      announce(`They can't be loaded now: ${error.reason}`);
    }
    item.gap.isLoading = false;
    if (asked === room) list.rebuild();
  },
  call(name) {
    const text = textField.value;
    textField.value = `${text}${text && !text.endsWith(" ") ? " " : ""}@${name} `;
    textField.focus();
  },
});
const people = new People();
const rooms = new Rooms({
  open(name) {
    closePanels();
    if (name === room.name) return;
    history.pushState(null, "", location.pathname === "/" ? `/#/${name}` : `/r/${name}`);
    enter();
    textField.focus();
  },
  leave(name) {
    if (rooms.states.delete(name)) chat.leave(name).catch(() => {});
    rooms.forget(name);
  },
});

/** Shows the room of the address, and joins it if that is new. */
function enter() {
  const name = roomOfAddress();
  room.draft = textField.value;
  if (!ROOM_NAME.test(name)) {
    room = new RoomState("");
    byId("room-name").textContent = name;
    setNotice("A room's name has 1 to 64 of a-z 0-9 . _ -: choose another one.", true);
  } else {
    setNotice("");
    room = rooms.states.get(name) ?? joinRoom(name);
    byId("room-name").textContent = name;
    rooms.visited(name);
  }
  textField.value = room.draft;
  rooms.current = room.name;
  list.show(room);
  people.show(room, chat.username);
  byId("log").setAttribute("aria-label", `Messages in ${name}`);
  textField.placeholder = room.name ? `Message #${room.name}` : "";
  showTitle();
  showState();
}

function joinRoom(name) {
  // As many rooms at a time as the server allows: the one that was joined first goes.
  const most = chat.limits.rooms || 16;
  const others = [...rooms.states.keys()].filter((other) => other !== room.name);
  if (rooms.states.size >= most && others.length) {
    rooms.states.delete(others[0]);
    chat.leave(others[0]).catch(() => {});
  }
  const state = new RoomState(name);
  rooms.states.set(name, state);
  state.as = chat.username;
  chat.join(name, { history: 50 }).catch(({ code, reason }) => {
    if (code === "not_joined") return;
    if (state === room) setNotice(reason, true);
    if (code === "invalid_username") {
      chat.username = undefined; // One may read without a name.
      chat.join(name, { history: 50 });
    } else rooms.states.delete(name);
  });
  return state;
}

chat.on("welcome", ({ limits }) => {
  nameField.maxLength = limits.username_characters || 64;
});

/** Tells a room the name that was chosen since it was joined. */
function introduce(state) {
  state.as = chat.username;
  chat.join(state.name);
}

function showTitle() {
  const unseen = [...rooms.states.values()].reduce((sum, state) => sum + state.unseen, 0);
  const count = unseen ? `(${unseen > 99 ? "99+" : unseen}) ` : "";
  document.title = `${count}Welcome to the Chat Room! · #${room.name}`;
}

function setNotice(text, isBad = false, action = "") {
  const notice = byId("notice");
  notice.hidden = !text;
  notice.className = isBad ? "bad" : "";
  byId("notice-text").textContent = text;
  byId("notice-button").hidden = !action;
  byId("notice-button").textContent = action;
  setLogBottom();
}

// ---- The connection

let retryAt = 0;
let countdown = 0;

function showState() {
  const state = byId("state");
  clearTimeout(countdown);
  state.dataset.state = chat.state;
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const isOffline = navigator.onLine === false;
  const texts = {
    open: room.isJoined || !room.name ? "Connected" : "Joining…",
    connecting: "Connecting…",
    waiting: isOffline ? "Offline" : `Reconnecting in ${seconds} s`,
    closed: "Not connected",
  };
  if (state.textContent !== texts[chat.state]) state.textContent = texts[chat.state];
  if (!room.name) return;
  const { dataset } = byId("notice");
  if (chat.state === "waiting") {
    dataset.of = "state";
    countdown = setTimeout(showState, 250);
    setNotice(isOffline ? "You are offline. What you write is sent when you are back."
      : `Connection lost. Next try in ${seconds} s.`, false, isOffline ? "" : "Try now");
  } else if (chat.state === "open" && dataset.of === "state") {
    dataset.of = "";
    setNotice("");
  }
}

chat.on("state", ({ state, retryAt: at }) => {
  const had = byId("state").dataset.state;
  retryAt = at ?? 0;
  if (state === "waiting" && had === "open") announce("Connection lost.");
  if (state === "open" && had !== "open") announce("Connected.");
  if (state === "waiting") for (const other of rooms.states.values()) other.isJoined = false;
  showState();
});

chat.on("error", ({ code, reason }) => {
  if (code === "unreachable") return; // The state says it, too.
  setNotice(reason, true);
  announce(reason);
});

byId("notice-button").addEventListener("click", () => chat.connect());

// ---- Rooms

chat.on("joined", (event) => {
  const state = rooms.states.get(event.room);
  if (!state) return;
  state.joined(event);
  if (state.as !== chat.username) introduce(state);
  askMembers(state);
  if (state === room) {
    list.invalidate();
    showState();
  }
});

chat.on("message", (line) => {
  const state = rooms.states.get(line.room);
  if (!state) return;
  const isShown = state === room;
  const item = state.add(line, isShown && list.isReading);
  const isNew = !item.isOwn && item.seq > state.before;
  const isSeen = isShown && list.arrived(item, isNew);
  // Somebody who has chosen a name only now, which presence doesn't tell.
  if (state.names && !state.names.has(line.username)) state.askAgain(askMembers);
  if (isNew && isSeen) announceLine(item);
  if (!isNew || isSeen) return;
  state.unseen += 1;
  if (mentions(line.message, chat.username)) state.calls += 1;
  rooms.invalidate();
  showTitle();
});

chat.on("gap", (event) => {
  const state = rooms.states.get(event.room);
  state?.gap(event);
  if (state === room) list.invalidate();
});

chat.on("presence", (event) => {
  const state = rooms.states.get(event.room);
  if (!state) return;
  state.presence(event);
  if (!state.names && event.count <= CROWD && event.joined) askMembers(state);
  if (state === room) people.show(room, chat.username);
});

async function askMembers(state) {
  if (state.isAsking) return;
  state.isAsking = true;
  try {
    state.members(await chat.members(state.name));
  } catch {} // After the next join it is asked again.
  state.isAsking = false;
  if (state === room) people.show(room, chat.username);
}

addEventListener("popstate", enter);
addEventListener("hashchange", () => roomOfAddress() !== room.name && enter());

// ---- What the reader writes

chat.on("send", (sent) => {
  const state = rooms.states.get(sent.room);
  if (!state) return;
  const item = sent.state === "sent" && state.acknowledged(sent);
  if (sent.state === "failed") announce(`Not sent: ${sent.error.reason}`);
  if (state === room) list.acknowledged(item);
});

function say() {
  const text = withEmoji(textField.value);
  if (!text.trim() || !room.name) return;
  if (!nameField.value.trim()) {
    nameField.setAttribute("aria-invalid", true);
    nameField.focus();
    return announce("Choose a name first.");
  }
  keepName();
  const sent = chat.send(room.name, text);
  if (sent.state !== "sent") room.waiting.add(sent);
  textField.value = "";
  grow();
  list.toEnd();
}

/** Where `field-sizing` is unknown, the field is made as high as its text. */
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  textField.style.height = "auto";
  textField.style.height = `${textField.scrollHeight + 2}px`;
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  textField.focus();
  say();
});

textField.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say();
});

textField.addEventListener("input", () => {
  const { value, selectionEnd: end } = textField;
  const before = withEmoji(value.slice(0, end));
  if (before.length !== end) {
    textField.value = before + value.slice(end);
    textField.setSelectionRange(before.length, before.length);
  }
  grow();
});

function keepName() {
  const name = nameField.value.trim();
  chat.username = name || undefined;
  nameField.style.setProperty("--hue", hueOf(name));
  kept.set("name", name);
}

nameField.value = kept.get("name", "");
keepName();
nameField.addEventListener("input", () => {
  nameField.removeAttribute("aria-invalid");
  keepName();
});
nameField.addEventListener("change", () => {
  for (const state of rooms.states.values()) if (state.isJoined) introduce(state);
  setNotice("");
  list.rebuild();
  people.show(room, chat.username);
});
nameField.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  textField.focus();
});

// The address of the link would be taken for a room's.
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  textField.focus();
});

// ---- Emoji

const [picker, emojiButton] = [byId("picker"), byId("emoji")];

function openPicker() {
  picker.replaceChildren(...Object.entries(EMOJI).map(([name, sign]) => {
    const button = element("button", { type: "button", textContent: sign, title: `:${name}:` });
    button.setAttribute("aria-label", name.replaceAll("_", " "));
    return button;
  }));
  picker.hidden = false;
  emojiButton.setAttribute("aria-expanded", true);
  picker.firstElementChild.focus();
}

function closePicker() {
  picker.hidden = true;
  picker.replaceChildren();
  emojiButton.setAttribute("aria-expanded", false);
}

emojiButton.addEventListener("click", () => (picker.hidden ? openPicker() : closePicker()));
picker.addEventListener("click", ({ target }) => {
  if (!target.matches("button")) return;
  textField.setRangeText(target.textContent, textField.selectionStart, textField.selectionEnd, "end");
  closePicker();
  textField.focus();
});
picker.addEventListener("keydown", (event) => {
  const columns = getComputedStyle(picker).gridTemplateColumns.split(" ").length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...picker.children];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (!picker.hidden && !target.closest("#picker, #emoji")) closePicker();
  if (!target.closest(".panel, header")) closePanels();
});

// ---- Panels, which a narrow screen shows on demand

function togglePanel(id) {
  const isOpen = byId(id).classList.contains("open");
  closePanels();
  if (isOpen) return;
  byId(id).classList.add("open");
  byId(`${id}-button`).setAttribute("aria-expanded", true);
  byId(id).querySelector("a, input")?.focus();
}

function closePanels() {
  for (const id of ["rooms", "people"]) {
    byId(id).classList.remove("open");
    byId(`${id}-button`).setAttribute("aria-expanded", false);
  }
}

for (const id of ["rooms", "people"]) {
  byId(`${id}-button`).addEventListener("click", () => togglePanel(id));
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".panel.open");
  closePanels();
  if (open) byId(`${open.id}-button`).focus();
  if (picker.hidden) return;
  closePicker();
  emojiButton.focus();
});

/** The button for new messages stands above whatever is below the log. */
function setLogBottom() {
  const main = document.querySelector("main");
  const { offsetTop, offsetHeight } = byId("log");
  main.style.setProperty("--log-bottom", `${offsetTop + offsetHeight}px`);
}
new ResizeObserver(setLogBottom).observe(byId("log"));

enter();
chat.connect();
if (matchMedia("(pointer: fine)").matches) (nameField.value ? textField : nameField).focus();
