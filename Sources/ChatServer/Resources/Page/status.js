// The state of the connection, and the notice above the fields.

import { byId, hear, setText } from "./dom.js";

const TICK = 250; // ms between two updates of the countdown
const ADVICE = "The chat can't work here until the proxy passes on requests to upgrade.";

export class Status {
  #state = byId("state");
  #notice = byId("notice");
  #isCounting = false; // whether the notice is a countdown
  #room;
  #retryAt = 0; // by the clock of `performance`
  #wasOpen = false;
  #timer = 0;

  /** Shows the state of `chat`. `announce(text)` reports it to screen readers. */
  constructor(chat, announce) {
    this.chat = chat;
    chat.on("state", ({ state, retryIn = 0 }) => {
      const had = this.#state.dataset.state;
      this.#retryAt = performance.now() + retryIn;
      if (state === "waiting" && had === "open") announce("Connection lost.");
      if (state === "open" && had !== "open") announce("Connected.");
      this.#wasOpen ||= state === "open";
      this.#show();
    });
    chat.on("error", ({ code, reason }) => {
      announce(reason);
      if (chat.trouble?.code === code) this.#show();
      else if (code !== "invalid_username") this.warn(reason); // The name's field shows that.
    });
    hear(byId("notice-button"), "click", () => chat.connect());
  }

  /** Shows whether this room is joined. */
  show(room) {
    this.#room = room;
    this.#show();
  }

  /** Shows a problem. */
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
    const [{ state, trouble }, room] = [this.chat, this.#room];
    this.#state.dataset.state = state;
    const seconds = Math.max(0, Math.ceil((this.#retryAt - performance.now()) / 1000));
    const isOffline = navigator.onLine === false;
    // If another try can't help, the reason is shown instead of the countdown.
    const isStuck = trouble?.code === "no_upgrade";
    const texts = {
      open: room.isJoined || !room.name ? "Connected" : "Joining…",
      connecting: isStuck ? "Not connected" : "Connecting…",
      waiting: isOffline ? "Offline" : isStuck ? "Not connected" : `Reconnecting in ${seconds} s`,
      closed: "Not connected",
    };
    setText(this.#state, texts[state]);
    if (!room.name) return;
    if (state === "waiting") {
      this.#isCounting = true;
      this.#timer = setTimeout(() => this.#show(), TICK);
      const what = this.#wasOpen ? "Connection lost." : trouble?.reason ?? "No connection.";
      if (isOffline) this.#set("You are offline. What you write is sent when you are back.");
      else if (isStuck) this.#set(`${trouble.reason} ${ADVICE}`, "bad", "Try again");
      else this.#set(`${what} Next try in ${seconds} s.`, "", "Try now");
    } else if (state === "open" && this.#isCounting) {
      this.#isCounting = false;
      this.clear();
    }
  }
}
