// Times in the reader's time zone and language.

import { hear } from "../dom.js";

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const moment = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });
const calendar = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });

export const clockText = (date) => clock.format(date);
export const momentText = (date) => moment.format(date);

export const isSameDay = (a, b) => a.toDateString() === b.toDateString();

const CHECK = 60000; // the longest time in ms between two checks of the date

/** Calls `act` soon after each midnight, or when a device that slept through it wakes up. */
export function onNewDay(act) {
  let day = new Date().toDateString();
  let timer;
  const look = () => {
    const now = new Date();
    if (now.toDateString() !== day) {
      day = now.toDateString();
      act();
    }
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(CHECK, midnight - now + 1));
  };
  hear(document, "visibilitychange", look);
  look();
}

export function dayText(date, today = new Date()) {
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (isSameDay(date, today)) return "Today";
  if (isSameDay(date, yesterday)) return "Yesterday";
  return calendar.format(date);
}
