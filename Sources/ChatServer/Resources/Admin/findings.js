// What is unusual among the figures, the worst first.

import { bytesText, countText, durationText, shareText } from "./words.js";

const FULL = 0.9; // the share of a limit that is nearly all of it
const HALF = 0.7; // the share of memory and time that is much
const SLOW = 0.02; // the share of laggards that is unusual
const SLUGGISH = 100000; // microseconds of a commit that are many
const LOUD = 20; // refusals in a second

/**
 * Findings about an event `server` and `rates` a second: `{level, text}` with the levels `alarm`,
 * `warn` and `good`.
 */
export function findingsIn(figures, rates = {}) {
  const found = [];
  const alarm = (text) => found.push({ level: "alarm", text });
  const warn = (text) => found.push({ level: "warn", text });
  const { state, connections = {}, memory = {}, history = {} } = figures;
  const { busy } = rates;
  if (figures.scope !== "server") return [{ level: "good", text: "You see the rooms that you moderate." }];
  if (state !== "serving") alarm("The server is stopping.");
  if (history.ready === false) alarm(`${history.trouble ?? "History can't be written."} Lines are refused.`);
  const open = connections.open / connections.limit;
  if (open >= 1) alarm("All connections are taken: others are refused with 503.");
  else if (open >= FULL) warn(`${shareText(open, 1)} of all connections are taken.`);
  const used = memory.counted / memory.budget;
  if (used >= FULL) alarm(`${shareText(used, 1)} of the buffer budget is used: the worst laggards are closed.`);
  else if (used >= HALF) warn(`${shareText(used, 1)} of the buffer budget is used.`);
  if (busy >= FULL * 100) alarm(`The server is busy ${countText(busy)} % of the time.`);
  else if (busy >= HALF * 100) warn(`The server is busy ${countText(busy)} % of the time.`);
  const slow = connections.lagging / Math.max(connections.chats, 1);
  if (connections.lagging > 10 && slow >= SLOW) {
    warn(`${countText(connections.lagging)} clients (${shareText(slow, 1)}) take no bytes now.`);
  }
  if (history.limit_bytes > 0 && history.used_bytes >= history.limit_bytes * FULL) {
    warn("The history is nearly as large as it may be: the oldest lines are deleted.");
  }
  if (history.free_bytes > 0 && history.free_bytes < 2 ** 30) {
    alarm(`Only ${bytesText(history.free_bytes)} are free on the disk of the history.`);
  }
  if (history.last_commit_us > SLUGGISH) {
    warn(`The last commit took ${durationText(history.last_commit_us / 1000)}.`);
  }
  if (rates.refused > 0) warn(`${countText(rates.refused)} connections a second are refused.`);
  if (rates.refusals >= LOUD) warn(`${countText(rates.refusals)} commands a second are refused.`);
  if (rates.laggards_closed > 0) warn("Clients are closed because they are too slow.");
  found.sort((one, other) => one.level.localeCompare(other.level));
  return found.length > 0 ? found : [{ level: "good", text: "Nothing unusual." }];
}
