// The admin page: asks the server for its figures once a second while somebody looks, and shows them.

import { Hubbub } from "/hubbub.js";
import { byId, element, setText } from "../Page/dom.js";
import { ModLog } from "../Page/Moderation/mod-log.js";
import { forgetToken, isTokenLink, takeToken } from "../Page/token.js";
import { actLine } from "./actions.js";
import { Bans } from "./bans.js";
import { FigurePanels } from "./figure-panels.js";
import { findingsIn } from "./findings.js";
import { Hour, ratesBetween } from "./hour.js";
import { Inspector } from "./inspector.js";
import { Plots, spanOf } from "./plots.js";
import { RoomTable } from "./room-table.js";

const PERIOD = 1000; // ms between two requests for figures
const STALE = 5000; // ms without figures after which they are old

const token = takeToken(window);
const chat = new Hubbub({ token });
const hour = new Hour();
let before; // the figures before
let timer;
let heard = 0; // when figures came last
let drawn = -1; // the time of the last sample that is drawn

const desk = {
  chat,
  isOwner: false,
  inspect: (kind, name) => inspector.open(kind, name),
  fail(error) {
    note(error.reason);
  },
  /** Carries out a command for a room. Returns whether that succeeded. */
  act: (type, room, fields) => done(chat[type](room, fields), type),
  request: (command) => done(chat.request(command), command.type),
};

const inspector = new Inspector(desk);
const panels = new FigurePanels(desk.inspect);
const plots = new Plots(byId("plots"));
const rooms = new RoomTable(byId("rooms"), desk.inspect);
const serverBans = new Bans(desk, "*");
const serverLog = new ModLog(chat, ({ type, fields }) => desk.act(type, "*", fields), desk.fail);
serverLog.show({ name: "*" });
byId("server-log").append(serverLog.element, serverBans.element);
byId("tokens").append(
  actLine("Of a user", [{ name: "sub", label: "sub" }], [["Revoke", "alarm", ({ sub }) =>
    sub && desk.request({ type: "revoke", sub })]]),
  actLine("One token", [{ name: "jti", label: "jti" }], [["Revoke", "alarm", ({ jti }) =>
    jti && desk.request({ type: "revoke", jti })]]),
  actLine("All issued before", [{ name: "time", label: "time", type: "datetime-local" }],
    [["Revoke", "alarm", ({ time }) => time && desk.request({
      type: "revoke", issued_before: Math.floor(new Date(time).getTime() / 1000),
    })]]));

async function done(answer, type) {
  try {
    const { connections } = await answer;
    note();
    const count = connections === undefined ? "" : ` (${connections} connections)`;
    setText(byId("announcer"), `Done: ${type}${count}.`);
    inspector.acted();
    serverBans.acted();
    if (serverLog.element.hasChildNodes()) serverLog.load();
    return true;
  } catch (error) {
    desk.fail(error);
    return false;
  }
}

/** Shows a problem, or none. */
function note(text = "") {
  byId("notice").hidden = !text;
  setText(byId("notice"), text);
}

/** Asks for a token instead of showing figures. */
function ask(reason) {
  clearTimeout(timer);
  chat.close();
  byId("desk").hidden = true;
  byId("entry").hidden = false;
  if (reason) setText(byId("entry-reason"), reason);
  showState();
}

function showState() {
  const isStale = Date.now() - heard > STALE;
  const isLive = chat.state === "open" && !isStale;
  byId("state").dataset.state = isLive ? "live" : chat.state === "closed" ? "off" : "late";
  const late = heard ? `No figures for ${Math.round((Date.now() - heard) / 1000)} s` : "Connecting…";
  setText(byId("state"), isLive ? "Live" : chat.state === "closed" ? "Not connected" : late);
}

async function look() {
  clearTimeout(timer);
  if (document.hidden || chat.state !== "open") return;
  timer = setTimeout(look, PERIOD * 5); // if no answer comes
  try {
    const figures = await chat.request({ type: "server", after: hour.last });
    show(figures);
  } catch (error) {
    if (error.code === "forbidden") return ask(error.reason);
    if (error.code !== "disconnected") note(error.reason);
  }
  clearTimeout(timer);
  timer = setTimeout(look, PERIOD);
}

function show(figures) {
  const isFirst = heard === 0;
  heard = Date.now();
  desk.isOwner = figures.scope === "server";
  document.body.classList.toggle("rooms-only", !desk.isOwner);
  byId("desk").hidden = false;
  setText(byId("version"), figures.server);
  const rates = ratesBetween(before, figures);
  showFindings(findingsIn(figures, rates));
  rooms.show(figures.rooms.top);
  if (desk.isOwner) {
    panels.show(figures, rates);
    hour.add(figures.samples);
    if (hour.last !== drawn) showHour();
    drawn = hour.last;
  }
  before = figures;
  showState();
  if (!isFirst) return;
  inspector.follow();
  if (desk.isOwner) serverLog.load();
}

function showHour() {
  plots.show(hour.samples);
  const minutes = Math.round(spanOf(hour.samples) / 60000);
  setText(byId("hour-title"), minutes < 59 ? `The last ${minutes} minutes` : "The last hour");
}

function showFindings(findings) {
  const list = byId("findings");
  while (list.children.length > findings.length) list.lastElementChild.remove();
  findings.forEach(({ level, text }, place) => {
    const item = list.children[place] ?? list.appendChild(element("li"));
    item.dataset.level = level;
    setText(item, text);
  });
}

byId("entry-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const link = `#token=${byId("entry-token").value.trim()}`;
  if (isTokenLink({ hash: link })) location.replace(link); // Then the page begins anew with it.
  else setText(byId("entry-reason"), "This is no token.");
});

chat.on("state", ({ state }) => {
  showState();
  if (state === "open") look();
});
chat.on("welcome", ({ you }) => {
  if (!you) ask();
});
chat.on("error", ({ code, reason }) => {
  if (code === "invalid_token" || code === "token_expired") {
    forgetToken(window);
    ask("The token isn't good any more: it has expired, or was revoked.");
  } else {
    note(reason);
  }
});
document.addEventListener("visibilitychange", look);
addEventListener("hashchange", () => isTokenLink(location) && location.reload());
setInterval(showState, PERIOD);
if (token) chat.connect();
else ask();
