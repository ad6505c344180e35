import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { given } from "../../Sources/ChatServer/Resources/Admin/actions.js";
import { tilesOf } from "../../Sources/ChatServer/Resources/Admin/figure-panels.js";
import { findingsIn } from "../../Sources/ChatServer/Resources/Admin/findings.js";
import { Hour, ratesBetween } from "../../Sources/ChatServer/Resources/Admin/hour.js";
import { subjectIn } from "../../Sources/ChatServer/Resources/Admin/inspector.js";
import { factsOf } from "../../Sources/ChatServer/Resources/Admin/people-subject.js";
import { pointsOf, spanOf } from "../../Sources/ChatServer/Resources/Admin/plots.js";
import { roomsBy } from "../../Sources/ChatServer/Resources/Admin/room-table.js";
import {
  bytesText, countText, durationText, meaningOf,
} from "../../Sources/ChatServer/Resources/Admin/words.js";

const MINUTE = 60000;

/** An event `server` of a healthy server, with changes. */
function figures(changes = {}) {
  return {
    scope: "server", state: "serving", work_ms: 50, uptime_ms: 1000,
    connections: { open: 10, limit: 1000, chats: 9, lagging: 0, accepted: 10, refused: 0, laggards_closed: 0 },
    traffic: { lines: 100, deliveries: 900, refusals: 0, bytes_received: 1, bytes_sent: 2 },
    rooms: { open: 2, top: [] }, memory: { budget: 1000, counted: 10 },
    history: { ready: true, last_commit_us: 300, mean_commit_us: 200, free_bytes: 2 ** 40 },
    ...changes,
  };
}
const levels = (...given) => findingsIn(...given).map(({ level }) => level);

describe("findings", () => {
  it("are good if nothing is unusual", () => {
    assert.deepEqual(findingsIn(figures()), [{ level: "good", text: "Nothing unusual." }]);
  });

  for (const [what, changes, level, pattern] of [
    ["a server that stops", { state: "stopping" }, "alarm", /stopping/],
    ["a history that fails", { history: { ready: false, trouble: "The disk doesn't answer." } }, "alarm", /disk/],
    ["a full table", { connections: { open: 1000, limit: 1000 } }, "alarm", /taken/],
    ["a nearly full table", { connections: { open: 920, limit: 1000 } }, "warn", /92 %/],
    ["a full budget", { memory: { budget: 100, counted: 95 } }, "alarm", /95 %/],
    ["many laggards", { connections: { open: 1, limit: 9, chats: 100, lagging: 20 } }, "warn", /20 clients/],
    ["a small disk", { history: { ready: true, free_bytes: 1000 } }, "alarm", /1,000 B/],
    ["a slow disk", { history: { ready: true, last_commit_us: 500000 } }, "warn", /500 ms/],
  ]) {
    it(`have ${what}`, () => {
      const [{ level: found, text }] = findingsIn(figures(changes));
      assert.equal(found, level);
      assert.match(text, pattern);
    });
  }

  it("have the worst first", () => {
    assert.deepEqual(levels(figures({ state: "stopping" }), { busy: 75, refusals: 30, refused: 1 }),
      ["alarm", "warn", "warn", "warn"]);
  });

  it("have a busy server", () => {
    assert.deepEqual(levels(figures(), { busy: 95 }), ["alarm"]);
    assert.deepEqual(levels(figures(), { busy: 30 }), ["good"]);
  });

  it("say nothing of a server that the reader doesn't see", () => {
    assert.deepEqual(levels({ scope: "rooms" }), ["good"]);
  });
});

describe("rates", () => {
  it("are those between two answers", () => {
    const later = figures({ uptime_ms: 3000, work_ms: 150, traffic: { lines: 120, deliveries: 900, refusals: 4 } });
    const rates = ratesBetween(figures(), later);
    assert.equal(rates.lines, 10);
    assert.equal(rates.deliveries, 0);
    assert.equal(rates.refusals, 2);
    assert.equal(rates.busy, 5);
  });

  it("are unknown at first, and after a restart", () => {
    assert.deepEqual(ratesBetween(undefined, figures()), {});
    assert.deepEqual(ratesBetween(figures({ uptime_ms: 9000 }), figures()), {});
  });
});

describe("the hour", () => {
  it("has each sample once, and none that is older", () => {
    const hour = new Hour();
    assert.equal(hour.last, 0);
    hour.add({ fields: ["time", "lines"], rows: [[MINUTE, 1], [2 * MINUTE, 2]] });
    hour.add({ fields: ["time", "lines"], rows: [[2 * MINUTE, 2], [61 * MINUTE, 3]] });
    assert.deepEqual(hour.samples, [{ time: 2 * MINUTE, lines: 2 }, { time: 61 * MINUTE, lines: 3 }]);
    hour.add(undefined);
    assert.equal(hour.last, 61 * MINUTE);
  });

  it("is drawn from its first sample to its last", () => {
    const samples = [{ time: MINUTE, lines: 0 }, { time: 31 * MINUTE, lines: 5 }, { time: 61 * MINUTE, lines: 10 }];
    assert.equal(spanOf(samples), 60 * MINUTE);
    assert.deepEqual(pointsOf(samples, "lines", 10), ["0.0,59.0", "150.0,31.0", "300.0,3.0"]);
    assert.equal(spanOf(samples.slice(2)), 5 * MINUTE);
    assert.deepEqual(pointsOf(samples.slice(2), "lines", 0), ["300.0,3.0"]);
    assert.deepEqual(pointsOf([], "lines", 0), []);
  });
});

describe("texts", () => {
  it("are short", () => {
    assert.deepEqual([0, 12345, 1234567].map(countText), ["0", "12,345", "1.2M"]);
    assert.deepEqual([0, 1023, 1536, 5 * 2 ** 30].map(bytesText), ["0 B", "1,023 B", "1.5 KiB", "5 GiB"]);
    assert.deepEqual([0.3, 250, 1500, 90000, 300000, 3 * 3600000, 3 * 86400000].map(durationText),
      ["0.3 ms", "250 ms", "1.5 s", "90 s", "5 min", "3 h", "3 d"]);
    assert.equal(meaningOf("1013"), "too slow, or no memory");
    assert.equal(meaningOf("too_many_rooms"), "too many rooms");
  });

  it("of tiles say what isn't known", () => {
    const tiles = Object.fromEntries(tilesOf(figures({ history: { ready: true } }), {}));
    assert.equal(tiles["Lines a second"], "…");
    assert.equal(tiles["Last commit"], "–");
    assert.deepEqual(tilesOf({ scope: "rooms" }, {}), []);
  });
});

describe("the inspector", () => {
  it("follows the address", () => {
    assert.deepEqual(subjectIn("#user=u%209%2F"), { kind: "user", name: "u 9/" });
    assert.deepEqual(subjectIn("#room=go"), { kind: "room", name: "go" });
    for (const hash of ["", "#", "#room=", "#token=a", "#user=%E0%A4%A", "#other=x"]) {
      assert.equal(subjectIn(hash), undefined, hash);
    }
  });

  it("sends only fields that have a value", () => {
    assert.deepEqual(given({ user: "u1", reason: "", seconds: 0, other: undefined }), { user: "u1", seconds: 0 });
  });

  it("describes a connection", () => {
    const facts = Object.fromEntries(factsOf({
      state: "rich", silent_ms: 1500, rooms: [{ room: "go", username: "bob", behind: 3 }],
      waiting_bytes: 2048, stalled_ms: 4000,
    }));
    assert.deepEqual(facts, {
      User: "a guest", State: "in the chat", "Last bytes from it": "1.5 s ago",
      "Waiting for it": "2 KiB", Rooms: "go as bob 3 lines behind",
    });
  });
});

it("rooms are sorted by what was chosen", () => {
  const rooms = [{ room: "b", members: 2, behind: 1 }, { room: "a", members: 2, behind: 0 }, { room: "c", members: 1, behind: 5 }];
  assert.deepEqual(roomsBy("members", rooms).map(({ room }) => room), ["a", "b", "c"]);
  assert.deepEqual(roomsBy("behind", rooms).map(({ room }) => room), ["c", "b", "a"]);
});
