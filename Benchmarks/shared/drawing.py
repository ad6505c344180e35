"""The parts of a drawing in SVG: texts, axes and curves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP, TOP = 380, 220, 80, 70
INK, LINE, GRID = "#333", "#1769aa", "#ddd"


def number(value: float) -> str:
    """Digits in groups of three."""
    return f"{value:,.0f}".replace(",", " ")


def quantity(value: float) -> str:
    """A round number for an axis."""
    return number(value) if value == round(value) else f"{value:g}"


def short(value: float) -> str:
    """Three digits, or all of a larger number."""
    return f"{value:.3g}" if value < 100 else number(value)


def text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
            f"{escape(words)}</text>")


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GRID) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}"/>'


def dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'


def drawing(width: float, height: float, parts: list[str]) -> str:
    """A whole SVG."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" fill="{INK}">\n'
            f'<rect width="{width}" height="{height}" fill="white"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


@dataclass(frozen=True)
class Axis:
    """Maps values to positions between two ends."""

    low: float
    high: float
    marks: list[float]
    is_logarithmic: bool = False

    def place(self, value: float) -> float:
        """0 at the low end, 1 at the high one."""
        if self.is_logarithmic:
            low, high, value = map(math.log10, (self.low, self.high, value))
        else:
            low, high = self.low, self.high
        return (value - low) / max(high - low, 1e-9)


def axis_from_zero(values: list[float]) -> Axis:
    """An axis with two to five round steps, and some room above."""
    wanted = max(values) * 1.1 / 5
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= wanted)
    marks = [step * part for part in range(math.ceil(max(values) * 1.1 / step) + 1)]
    return Axis(0, marks[-1], marks)


def logarithmic_axis(values: list[float]) -> Axis:
    """An axis from one power of ten to another."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    marks = [10.0 ** power for power in range(low, max(high, low + 1) + 1)]
    return Axis(marks[0], marks[-1], marks, is_logarithmic=True)


def axis_of_points(values: Sequence[float], is_logarithmic: bool) -> Axis:
    """An axis with marks at the points: logarithmic from the first to the last, or linear from
    0."""
    marks = sorted(set(values))
    low = marks[0] if is_logarithmic else 0
    high = max(marks[-1], marks[0] * 10) if is_logarithmic else marks[-1]
    return Axis(low, high, marks, is_logarithmic)


@dataclass(frozen=True)
class Series:
    """The points of one curve, by x."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]] = ()


def curves(left: float, top: float, title: str, series: list[Series], x_axis: Axis,
           y_axis: Axis) -> list[str]:
    """Curves over the same axes. If there is only one, its values are printed at the points."""
    parts = [text(left, top - 14, title, "start", 14)]
    for mark in y_axis.marks:
        y = top + HEIGHT - y_axis.place(mark) * HEIGHT
        parts += [line(left, y, left + WIDTH, y), text(left - 6, y + 4, quantity(mark), "end")]
    last = -math.inf
    for mark in x_axis.marks:
        x, words = left + x_axis.place(mark) * WIDTH, number(mark)
        # Seven pixels a character, so that labels don't overlap.
        if x - last >= 7 * len(words):
            parts.append(text(x, top + HEIGHT + 18, words))
            last = x
    for curve in series:
        places = [(left + x_axis.place(x) * WIDTH, top + HEIGHT - y_axis.place(y) * HEIGHT)
                  for x, y in curve.points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        if path:
            parts.append(
                f'<path d="M{path}" fill="none" stroke="{curve.colour}" stroke-width="2"/>')
        for (x, y), (_, value) in zip(places, curve.points):
            parts.append(dot(x, y, curve.colour))
            if len(series) == 1:
                parts.append(text(x, y - 10, short(value)))
    return parts


def legend(left: float, y: float, series: list[Series]) -> list[str]:
    """The names of curves in a row."""
    parts = []
    for curve in series:
        parts += [dot(left + 4, y - 4, curve.colour), text(left + 14, y, curve.name, "start")]
        left += 30 + 7 * len(curve.name)
    return parts
