"""Draws the results of scripts/million as one SVG."""

from drawing import (
    GAP, HEIGHT, LINE, TOP, WIDTH, Series, axis_from_zero, axis_of_points, curves, drawing, line,
    logarithmic_axis, number, text)


def curve(left: float, top: float, title: str, points: list[tuple[float, float]],
          grows: bool) -> list[str]:
    """A curve over numbers of connections. If the values grow with them, both axes are
    logarithmic; otherwise values begin at 0."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    y_axis = logarithmic_axis(ys) if grows else axis_from_zero(ys)
    x_axis = axis_of_points(xs, is_logarithmic=True)
    return curves(left, top, title, [Series("", LINE, points)], x_axis, y_axis)


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


def plot(results: list[dict], origin: str) -> str:
    """Memory, an idle tick and a line to all, over numbers of connections, and the pings of an
    interval."""
    def over(key: str, unit: float) -> list[tuple[float, float]]:
        return [(found["connections"], found[key] / unit) for found in results]

    left, right = GAP, GAP * 2 + WIDTH
    below = TOP + HEIGHT + 70
    width, height = right + WIDTH + 40, below + HEIGHT + 70
    last = results[-1]
    pings = f"Pings in each 250 ms, {number(last['connections'])} connections"
    return drawing(width, height, [
        text(left, 26, "Connections and what they cost the daemon in user space", "start", 16),
        *curve(left, TOP, "Memory, MB", over("idle_bytes", 1e6), True),
        *curve(right, TOP, "A tick with nothing to do, ns of CPU", over("tick_ns", 1), False),
        *curve(left, below, "A line to all of them, ms of CPU", over("line_ns", 1e6), True),
        *histogram(right, below, pings, last["pings"]),
        text(left, height - 16, origin.replace("`", ""), "start", 11),
    ])
