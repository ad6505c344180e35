// Announcements to screen readers: a summary at intervals, in any flood.

import { byId } from "./dom.js";
import { signsOf } from "./Text/signs.js";

const STILL = 4000; // ms between two announcements
const GATHER = 50; // ms within which texts become one announcement
const LONGEST = 200; // signs of the longest announced line
const MOST_TEXTS = 3;

export class Announcer {
  #texts = new Set();
  #lines = 0;
  #last = "";
  #timer = 0;
  #spokeAt = -STILL;

  /** Announces a text, once if it is said again before. */
  say(text) {
    this.#texts.add(text);
    this.#plan();
  }

  /** Announces a line, or counts it if others follow. */
  line({ username, message }) {
    this.#lines += 1;
    this.#last = `${username}: ${signsOf(message, LONGEST).join("")}`;
    this.#plan();
  }

  #plan() {
    const delay = this.#spokeAt > performance.now() - STILL ? STILL : GATHER;
    this.#timer ||= setTimeout(() => this.#speak(), delay);
  }

  #speak() {
    const many = this.#lines > 1 ? `${this.#lines} new messages. ` : "";
    const line = this.#lines ? [`${many}${this.#last}`] : [];
    byId("announcer").textContent = [...[...this.#texts].slice(-MOST_TEXTS), ...line].join(" ");
    this.#texts.clear();
    this.#lines = this.#timer = 0;
    this.#spokeAt = performance.now();
  }
}
