// Numbers as people read them.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 12 345 as 12,345, and large numbers as 1.2M. */
export const countText = (count) => (count < 1e6 ? plain : short).format(count ?? 0);

export function bytesText(bytes = 0) {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${plain.format(bytes / 1024 ** step)} ${UNITS[step]}`;
}

/** A time span of milliseconds: 250 ms, 12 s, 5 min, 3 h, 2 d. */
export function durationText(milliseconds = 0) {
  const steps = [[86400000, "d"], [3600000, "h"], [60000, "min"], [1000, "s"]];
  const [size, unit] = steps.find(([each]) => milliseconds >= each * (each > 1000 ? 2 : 1)) ?? [1, "ms"];
  return `${plain.format(Math.floor(milliseconds / size * 10) / 10)} ${unit}`;
}

export const shareText = (part, whole) => (whole > 0 ? `${plain.format(part / whole * 100)} %` : "");

/** What a close code, a refusal or a failed handshake means. */
const MEANINGS = {
  1000: "the client has left", 1001: "the page was left, or the server stops",
  1002: "broke the protocol", 1003: "sent binary data", 1005: "left without a code",
  1006: "lost, without a Close", 1007: "sent something that isn't UTF-8",
  1008: "broke a rule, or was disconnected", 1009: "sent a message that is too big",
  1011: "no answer to a ping", 1012: "the server restarts", 1013: "too slow, or no memory",
  3000: "no valid token", 3001: "its token has expired", 3002: "its token was revoked",
  3003: "banned", other: "a code of the client's own",
  rate_limited: "too many lines", store_unavailable: "lines can't be stored",
  overloaded: "all connections are taken", timed_out: "the request didn't arrive in time",
  forbidden_origin: "from a page of another site", unauthorized: "no valid token",
  upgrade_required: "no WebSocket", malformed: "no valid HTTP",
  over_limit: "over a limit of connections",
};

export const meaningOf = (reason) => MEANINGS[reason] ?? reason.replace(/_/g, " ");
