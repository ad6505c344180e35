// The samples of the last hour, and the rates between two answers of the server.

const HOUR = 3600000;

export class Hour {
  samples = [];

  /** The time of the last sample, from which the server goes on. */
  get last() {
    return this.samples[this.samples.length - 1]?.time ?? 0;
  }

  /** Adds the samples of an event `server`. Those of another run of the server stay. */
  add({ fields = [], rows = [] } = {}) {
    for (const row of rows) {
      const sample = Object.fromEntries(fields.map((field, place) => [field, row[place]]));
      if (sample.time > this.last) this.samples.push(sample);
    }
    const start = this.last - HOUR;
    this.samples = this.samples.filter(({ time }) => time > start);
  }
}

/** The counts of an event `server` that only grow. */
function totalsOf({ traffic = {}, connections = {} }) {
  const { lines, deliveries, refusals, bytes_received: received, bytes_sent: sent } = traffic;
  const { accepted, refused, laggards_closed: slow } = connections;
  return { lines, deliveries, received, sent, accepted, refused, laggards_closed: slow, refusals };
}

/** Rates a second between two events, by name. Empty if the server has begun anew in between. */
export function ratesBetween(before, now) {
  const seconds = (now.uptime_ms - before?.uptime_ms) / 1000;
  if (!(seconds > 0)) return {};
  const [old, fresh] = [totalsOf(before), totalsOf(now)];
  const busy = (now.work_ms - before.work_ms) / seconds / 10; // percent
  return { busy, ...Object.fromEntries(Object.keys(fresh)
    .map((name) => [name, Math.max(0, (fresh[name] - old[name]) / seconds)])
    .filter(([, rate]) => Number.isFinite(rate))) };
}
