"""Draws the results of scripts/million as one SVG."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, GAP, TOP = 380, 220, 80, 70
INK, LINE, GRID = "#333", "#1769aa", "#ddd"


def number(value: float) -> str:
    """Digits in groups of three."""
    return f"{value:,.0f}".replace(",", " ")


def quantity(value: float) -> str:
    """A round number for an axis."""
    return number(value) if value >= 1 else f"{value:g}"


def text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">'
            f"{escape(words)}</text>")


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GRID) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}"/>'


def curve(left: float, top: float, title: str, points: list[tuple[float, float]],
          grows: bool) -> list[str]:
    """A curve over numbers of connections: both axes are logarithmic where the values grow with
    them, else values begin at 0."""
    xs = [math.log10(x) for x, _ in points]
    if grows:
        low = math.floor(math.log10(min(y for _, y in points)))
        high = math.ceil(math.log10(max(y for _, y in points)))
        marks = [10.0 ** power for power in range(low, high + 1)]
    else:
        step = 10 ** math.floor(math.log10(max(y for _, y in points)))
        low, high = 0, math.ceil(max(y for _, y in points) / step + 0.5) * step
        marks = [high * part / 4 for part in range(5)]

    def place(x: float, y: float) -> tuple[float, float]:
        value = math.log10(y) if grows else y
        span = max(max(xs) - min(xs), 1)
        return (left + (math.log10(x) - min(xs)) / span * WIDTH,
                top + HEIGHT - (value - low) / max(high - low, 1e-9) * HEIGHT)

    parts = [text(left, top - 14, title, "start", 14)]
    for mark in marks:
        _, y = place(points[0][0], mark)
        parts += [line(left, y, left + WIDTH, y), text(left - 6, y + 4, quantity(mark), "end")]
    for x, _ in points:
        parts.append(text(place(x, marks[0] if grows else 0)[0], top + HEIGHT + 18, number(x)))
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (place(*point) for point in points))
    parts.append(f'<path d="M{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for point in points:
        x, y = place(*point)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINE}"/>')
        value = f"{point[1]:.3g}" if point[1] < 100 else number(point[1])
        parts.append(text(x, y - 10, value))
    return parts


def histogram(left: float, top: float, title: str, counts: list[int]) -> list[str]:
    high = max(max(counts), 1)
    each = WIDTH / len(counts)
    parts = [text(left, top - 14, title, "start", 14)]
    for mark in (0, high / 2, high):
        y = top + HEIGHT - mark / high * HEIGHT
        parts += [line(left, y, left + WIDTH, y), text(left - 6, y + 4, number(mark), "end")]
    for place, count in enumerate(counts):
        height = count / high * HEIGHT
        parts.append(
            f'<rect x="{left + place * each:.1f}" y="{top + HEIGHT - height:.1f}" '
            f'width="{each * 0.8:.1f}" height="{height:.1f}" fill="{LINE}"/>')
    for seconds in (0, 5, 10, 15, 20, 25):
        parts.append(text(left + seconds / 25 * WIDTH, top + HEIGHT + 18, f"{seconds} s"))
    return parts


def drawing(results: list[dict], origin: str) -> str:
    """Memory, an empty tick and a line to all over numbers of connections, and the pings of an
    interval."""
    def over(key: str, unit: float) -> list[tuple[float, float]]:
        return [(found["connections"], found[key] / unit) for found in results]

    left, right = GAP, GAP * 2 + WIDTH
    below = TOP + HEIGHT + 70
    width, height = right + WIDTH + 40, below + HEIGHT + 70
    last = results[-1]
    pings = f"Pings in each 250 ms, {number(last['connections'])} connections"
    parts = [
        text(left, 26, "Connections and what they cost the daemon in user space", "start", 16),
        *curve(left, TOP, "Memory, MB", over("idle_bytes", 1e6), True),
        *curve(right, TOP, "A tick with nothing to do, ns of CPU", over("tick_ns", 1), False),
        *curve(left, below, "A line to all of them, ms of CPU", over("line_ns", 1e6), True),
        *histogram(right, below, pings, last["pings"]),
        text(left, height - 16, origin.replace("`", ""), "start", 11),
    ]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" fill="{INK}">\n'
            f'<rect width="{width}" height="{height}" fill="white"/>\n'
            + "\n".join(parts) + "\n</svg>\n")
