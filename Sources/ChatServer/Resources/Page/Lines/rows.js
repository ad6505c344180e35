// The rows of the log: lines, gaps, notes, and lines that wait to be sent.

import { element } from "../dom.js";
import { isRefusal } from "../Rooms/room.js";
import { isJumbo } from "../Text/emoji.js";
import { hueOf, initialOf } from "../Text/names.js";
import { mentions, piecesOf } from "../Text/text.js";
import { clockText, dayText, isSameDay, momentText } from "../Text/time.js";

const GROUP = 300000; // ms within which lines of one person share one name
const LONG = 700; // a message with more characters is folded
const TALL = 11; // and one with more lines

const BADGES = { vip: "VIP", moderator: "Mod", owner: "Owner", system: "Room" };

/** The row of an item. `before` is the item above it, `me` the reader's name. */
export function rowOf(item, before, isMarked, me) {
  const row = item.note ? element("p", { className: "note", textContent: item.note })
    : item.gap ? gapRow(item.gap)
    : item.gone ? goneRow(item.gone.length)
    : lineRow(item, before, isMarked, me);
  row.item = item;
  return row;
}

function goneRow(count) {
  const lines = count === 1 ? "Deleted" : `${count.toLocaleString()} messages deleted`;
  return element("p", { className: "note gone", textContent: `${lines} by a moderator` });
}

/** A badge has a ground, which no text has. Guests have none. */
function badgeOf({ user, role }) {
  const text = BADGES[role] ?? (user ? "✓" : "");
  const badge = element("span", {
    className: "role", textContent: text, title: role ?? "user",
  });
  badge.setAttribute("role", "img");
  badge.setAttribute("aria-label", `Badge: ${badge.title}`);
  return text ? [badge] : [];
}

/** A button that looks like a link. `act` is what it is for. */
const link = (act, textContent, disabled) =>
  element("button", { className: `link ${act}`, textContent, disabled });

function gapRow({ missed, isLost, isLoading }) {
  const lines = missed === 1 ? "1 message is" : `${missed.toLocaleString()} messages are`;
  const row = element("p", { className: "note gap" },
    isLost ? `${lines} no longer kept.` : `${lines} missing here. `);
  if (!isLost) {
    row.append(link("fill", isLoading ? "Loading…" : "Load missed", isLoading));
  }
  return row;
}

function lineRow(item, before, isMarked, me) {
  const { date, username, message, isOwn } = item;
  const isDay = !before?.date || !isSameDay(before.date, date);
  const isFirst = isDay || isMarked || before.username !== username || before.user !== item.user
    || before.role !== item.role || before.isOwn !== isOwn || date - before.date > GROUP;
  const isCall = !isOwn && mentions(message, me);
  const row = element("div", {
    className: `line${isFirst ? " first" : ""}${isOwn ? " own" : ""}${isCall ? " mention" : ""}`,
  });
  row.style.setProperty("--hue", hueOf(username));
  if (isDay) row.append(element("div", { className: "day", textContent: dayText(date) }));
  if (isMarked) row.append(element("div", { className: "unread", textContent: "New" }));
  if (isFirst) row.dataset.initial = initialOf(username);
  // Tab reaches only the names above groups of lines.
  const who = element("button", {
    type: "button", className: "who", dir: "auto", textContent: username,
    title: `Mention ${username}`, tabIndex: isFirst ? 0 : -1,
  });
  const meta = element("div", { className: "meta" }, who, ...badgeOf(item));
  if (isOwn) meta.append(element("span", { className: "you", textContent: "you" }));
  meta.append(element("time", {
    dateTime: date.toISOString(), textContent: clockText(date), title: momentText(date),
  }));
  row.append(meta, ...textNodes(message, me));
  return row;
}

/** The row of a waiting line. `sent` is the result of `send()`. */
export function waitingRow(sent, me) {
  const isFailed = sent.state === "failed";
  const row = element("div", { className: `line own ${isFailed ? "failed" : "pending"}` });
  row.sent = sent;
  const fate = element("div", { className: "fate" });
  if (isFailed) {
    fate.append(`Not sent: ${sent.error.reason} `,
      isRefusal(sent.error) ? link("edit", "Edit") : link("retry", "Try again"),
      link("discard", "Discard"));
  } else {
    fate.append(sent.state === "queued" ? "Waiting to be sent…"
      : sent.state === "held" ? "Waiting for a moderator…" : "Sending…");
  }
  row.append(...textNodes(sent.message, me), fate);
  return row;
}

function textNodes(message, me) {
  const say = element("div", { className: "say", dir: "auto" },
    ...piecesOf(message, me).map(nodeOf));
  if (isJumbo(message)) say.classList.add("jumbo");
  if (message.length < LONG && message.split("\n", TALL).length < TALL) return [say];
  say.classList.add("long");
  return [say, link("more", "Show all")];
}

function nodeOf(piece) {
  const { text, href, isMe } = piece;
  return !text ? piece
    : href ? element("a", {
      href, target: "_blank", rel: "noopener noreferrer nofollow", textContent: text,
    }) : element("b", { className: isMe ? "me" : "", textContent: text });
}
