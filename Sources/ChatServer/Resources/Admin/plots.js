// Plots of the last hour, drawn as SVG.

import { element, setText } from "../Page/dom.js";
import { bytesText, countText, durationText } from "./words.js";

const WIDTH = 300;
const HEIGHT = 60;
const HOUR_SPAN = 3600000; // ms
const LEAST_SPAN = 300000; // the shortest time that a plot shows
const SVG = "http://www.w3.org/2000/svg";
const PLOTS = [
  ["connections", "Connections", countText], ["lines", "Lines a second", countText],
  ["deliveries", "Deliveries a second", countText],
  ["busy", "Busy", (value) => `${countText(value)} %`, 100],
  ["memory", "Memory for clients", bytesText], ["laggards", "Laggards", countText],
  ["refusals", "Refusals a second", countText], ["closes", "Closes a second", countText],
  ["commit_us", "Commit", (value) => durationText(value / 1000)],
];

/** The time that plots of these samples show: an hour, or less as long as there are few. */
export function spanOf(samples) {
  const [first, last] = [samples[0], samples[samples.length - 1]];
  return first ? Math.min(Math.max(last.time - first.time, LEAST_SPAN), HOUR_SPAN) : LEAST_SPAN;
}

/** The points of a plot from samples, as SVG has them. The right end is the last one. */
export function pointsOf(samples, name, most) {
  const [top, span] = [Math.max(most, 1e-9), spanOf(samples)];
  const now = samples[samples.length - 1]?.time;
  return samples.filter(({ time }) => time >= now - span).map((sample) => {
    const x = WIDTH * (1 - (now - sample.time) / span);
    const y = HEIGHT - 1 - (HEIGHT - 4) * Math.min(sample[name] / top, 1);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
}

function drawing(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export class Plots {
  #plots;

  constructor(parent) {
    this.#plots = PLOTS.map(([name, title, text, least = 0]) => {
      const [area, line] = [drawing("polygon", {}), drawing("polyline", {})];
      const value = element("p", {}, element("b"), element("small"));
      const svg = drawing("svg", {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img",
      }, area, line);
      const figure = element("figure", { className: "plot" },
        element("figcaption", {}, title), value);
      figure.append(svg);
      parent.append(figure);
      return { name, title, text, least, area, line, value, svg };
    });
  }

  /** Draws all anew. */
  show(samples) {
    for (const { name, title, text, least, area, line, value, svg } of this.#plots) {
      const values = samples.map((sample) => sample[name]);
      const most = Math.max(least, ...values);
      const points = pointsOf(samples, name, most);
      const [start] = (points[0] ?? "0,0").split(",");
      line.setAttribute("points", points.join(" "));
      area.setAttribute("points", [`${start},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(" "));
      const last = values.length > 0 ? text(values[values.length - 1]) : "–";
      const peak = values.length > 0 ? ` peak ${text(Math.max(...values))}` : "";
      setText(value.firstChild, last);
      setText(value.lastChild, peak);
      svg.setAttribute("aria-label", `${title}: ${last},${peak || " no sample yet"}`);
    }
  }
}
