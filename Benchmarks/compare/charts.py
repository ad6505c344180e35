"""Plots of results, as SVG."""

from drawing import (
    GAP, HEIGHT, INK, LINE, TOP, WIDTH, Axis, Series, axis_from_zero, axis_of_points, curves, dot,
    drawing, legend, line, logarithmic_axis, number, text)
from scenarios import Metric, Scenario
from summary import base_of, digits, scenarios_of, summary

COLOURS = (LINE, "#c2410c", "#15803d", "#7c3aed", "#a16207", "#be185d")
# For plots of ratios: the height of a row, and the widths of names, of a panel and of its values.
ROW, NAMES, PANEL, VALUES = 20, 240, 200, 80
PERCENT = Axis(0, 100, [0, 25, 50, 75, 100])


def chart(found: dict) -> str:
    """The plots of a set."""
    draw = {"peers": of_ratios, "growth": of_growth, "coalescing": of_coalescing,
            "tls": of_ratios}[found["set"]]
    width, height, parts = draw(found, scenarios_of(found))
    parts.append(text(20, height + 14, found["origin"].replace("`", ""), "start", 11))
    return drawing(width, height + 30, parts)


def colour(found: dict, name: str) -> str:
    return COLOURS[list(found["servers"]).index(name) % len(COLOURS)]


def of_ratios(found: dict, scenarios: list[Scenario]) -> tuple[float, float, list[str]]:
    """A row of panels for each scenario, one for each metric, with the ratios to the base."""
    others = [name for name in found["servers"] if name != base_of(found)]
    base = found["servers"].get(base_of(found), base_of(found))
    parts = [text(20, 26, f"Ratios to {base}, which is 1", "start", 16)]
    top = 56
    for scenario in scenarios:
        parts.append(text(20, top + 4, scenario.text, "start", 14))
        top += 46
        for row, name in enumerate(others):
            parts.append(text(NAMES - 14, top + row * ROW + 4, found["servers"][name], "end"))
        for column, metric in enumerate(scenario.metrics):
            left = NAMES + column * (PANEL + VALUES)
            parts += ratios(left, top, metric, scenario, found, others)
        top += len(others) * ROW + 20
    columns = max(len(scenario.metrics) for scenario in scenarios)
    return NAMES + columns * (PANEL + VALUES), top, parts


def ratios(left: float, top: float, metric: Metric, scenario: Scenario, found: dict,
           others: list[str]) -> list[str]:
    """A dot for the median, and a line from the lowest to the highest of all rounds."""
    measured = {name: summary(found["runs"], scenario, name, base_of(found)).ratios.get(metric.key)
                for name in others}
    ends = [end for ratio in measured.values() if ratio for end in (ratio.least, ratio.most)
            if end > 0] + [1]
    axis = Axis(min(ends) / 1.1, max(ends) * 1.1, [], is_logarithmic=True)
    better = "more" if metric.more_is_better else "less"
    one, bottom = left + axis.place(1) * PANEL, top + (len(others) - 1) * ROW + 10
    parts = [text(left, top - 16, f"{metric.text} ({better} is better)", "start"),
             line(left, bottom, left + PANEL, bottom), line(one, top - 10, one, bottom, INK)]
    for row, name in enumerate(others):
        y, ratio = top + row * ROW, measured[name]
        if not ratio or ratio.least <= 0:
            parts.append(text(left + PANEL + 8, y + 4, "—", "start"))
            continue
        low, middle, high = (left + axis.place(value) * PANEL
                             for value in (ratio.least, ratio.median, ratio.most))
        parts += [line(low, y, high, y, colour(found, name)),
                  dot(middle, y, colour(found, name)),
                  text(left + PANEL + 8, y + 4, digits(ratio.median), "start")]
    return parts


def of_growth(found: dict, scenarios: list[Scenario]) -> tuple[float, float, list[str]]:
    """Metrics over connections. All axes begin at 0, so that linear growth is a straight line."""
    metrics = scenarios[0].metrics
    x_axis = axis_of_points([scenario.connections for scenario in scenarios], False)
    parts = [text(GAP, 26, "What more connections cost", "start", 16),
             *legend(GAP * 2 + WIDTH, 26, series_of(found))]
    for column, metric in enumerate(metrics):
        series = series_of(found, metric, [(scenario.connections, scenario)
                                           for scenario in scenarios])
        parts += panel(GAP + column * (GAP + WIDTH), TOP, f"{metric.text}, {metric.unit}",
                       series, x_axis, metric)
    return GAP + len(metrics) * (GAP + WIDTH), TOP + HEIGHT + 40, parts


def of_coalescing(found: dict, scenarios: list[Scenario]) -> tuple[float, float, list[str]]:
    """Metrics over lines a second, with a column for each number of clients."""
    sizes = sorted({scenario.connections for scenario in scenarios})
    metrics, step = scenarios[0].metrics, HEIGHT + 80
    parts = [text(GAP, 26, "Lines that are held together under load", "start", 16),
             *legend(GAP * 2 + WIDTH, 26, series_of(found))]
    for column, size in enumerate(sizes):
        points = [(scenario.rate, scenario) for scenario in scenarios
                  if scenario.connections == size]
        x_axis = axis_of_points([rate for rate, _ in points], True)
        for row, metric in enumerate(metrics):
            title = f"{metric.text}, {metric.unit}: {number(size)} clients, by lines a second"
            parts += panel(GAP + column * (GAP + WIDTH), TOP + row * step, title,
                           series_of(found, metric, points), x_axis, metric)
    return GAP + len(sizes) * (GAP + WIDTH), TOP + len(metrics) * step - 40, parts


def series_of(found: dict, metric: Metric | None = None,
              points: list[tuple[int, Scenario]] | None = None) -> list[Series]:
    """A curve for each server, over the scenarios that have a value."""
    def values(name: str) -> list[tuple[float, float]]:
        summaries = [(x, summary(found["runs"], scenario, name, base_of(found)).values)
                     for x, scenario in points or []]
        return [(x, of_all[metric.key]) for x, of_all in summaries
                if metric and of_all.get(metric.key, 0) > 0]

    return [Series(words, colour(found, name), values(name))
            for name, words in found["servers"].items()]


def panel(left: float, top: float, title: str, series: list[Series], x_axis: Axis,
          metric: Metric) -> list[str]:
    """Milliseconds have a logarithmic axis."""
    values = [y for curve in series for _, y in curve.points]
    if not values:
        return []
    if metric.unit == "%":
        y_axis = PERCENT
    else:
        y_axis = logarithmic_axis(values) if metric.unit == "ms" else axis_from_zero(values)
    return curves(left, top, title, series, x_axis, y_axis)
