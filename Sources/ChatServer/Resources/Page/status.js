// The state of the connection, and the notice above the fields.

import { byId, setText } from "./dom.js";

const TICK = 250; // ms between two updates of the countdown

export class Status {
  #state = byId("state");
  #notice = byId("notice");
  #isCounting = false; // whether the notice is a countdown
  #room;
  #retryAt = 0;
  #timer = 0;

  /** Shows the state of `chat`; `announce(text)` tells it to screen readers. */
  constructor(chat, announce) {
    this.chat = chat;
    chat.on("state", ({ state, retryAt = 0 }) => {
      const had = this.#state.dataset.state;
      this.#retryAt = retryAt;
      if (state === "waiting" && had === "open") announce("Connection lost.");
      if (state === "open" && had !== "open") announce("Connected.");
      this.#show();
    });
    chat.on("error", ({ code, reason }) => {
      if (code === "unreachable") return; // The state shows it.
      this.warn(reason);
      announce(reason);
    });
    byId("notice-button").addEventListener("click", () => chat.connect());
  }

  /** Shows whether this room is joined. */
  show(room) {
    this.#room = room;
    this.#show();
  }

  /** Shows that something is wrong. */
  warn(text) {
    this.#set(text, "bad");
  }

  clear() {
    this.#set("");
  }

  #set(text, className = "", action = "") {
    this.#notice.hidden = !text;
    this.#notice.className = className;
    byId("notice-text").textContent = text;
    byId("notice-button").hidden = !action;
    byId("notice-button").textContent = action;
  }

  #show() {
    clearTimeout(this.#timer);
    const [{ state }, room] = [this.chat, this.#room];
    this.#state.dataset.state = state;
    const seconds = Math.max(0, Math.ceil((this.#retryAt - Date.now()) / 1000));
    const isOffline = navigator.onLine === false;
    const texts = {
      open: room.isJoined || !room.name ? "Connected" : "Joining…",
      connecting: "Connecting…",
      waiting: isOffline ? "Offline" : `Reconnecting in ${seconds} s`,
      closed: "Not connected",
    };
    setText(this.#state, texts[state]);
    if (!room.name) return;
    if (state === "waiting") {
      this.#isCounting = true;
      this.#timer = setTimeout(() => this.#show(), TICK);
      if (isOffline) this.#set("You are offline. What you write is sent when you are back.");
      else this.#set(`Connection lost. Next try in ${seconds} s.`, "", "Try now");
    } else if (state === "open" && this.#isCounting) {
      this.#isCounting = false;
      this.clear();
    }
  }
}
