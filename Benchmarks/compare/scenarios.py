"""The scenarios of each set, and the values taken from the reports."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from drawing import number

# Descriptors that a server and hubbub-load need besides one for each connection.
SPARE = 100
# Deliveries a second if lines go out one at a time: about a quarter of a core.
PACE = 40_000
# Milliseconds of p99 above which a server doesn't hold a rate.
MOST_WAITING = 1_000


@dataclass(frozen=True)
class Metric:
    key: str
    text: str
    unit: str
    # Takes the value from hubbub-load's report.
    value: Callable[[dict], float]
    more_is_better: bool = False


MEMORY = Metric("memory", "memory a connection", "B",
                lambda report: report["server_memory"]["bytes_per_connection"])
HANDSHAKES = Metric("handshakes", "handshakes a second", "",
                    lambda report: report["opening"]["per_second"], more_is_better=True)
HANDSHAKE = Metric("handshake", "CPU a handshake", "µs",
                   lambda report: report["opening"]["server_microseconds_each"])
DELIVERY = Metric("delivery", "CPU a delivery", "µs",
                  lambda report: report["server_processor"]["microseconds_per_delivery"])
DELIVERIES = Metric("deliveries", "deliveries a second", "k",
                    lambda report: report["deliveries"]["per_second"] / 1e3, more_is_better=True)
P50 = Metric("p50", "p50", "ms", lambda report: report["latency"]["p50"])
P99 = Metric("p99", "p99", "ms", lambda report: report["latency"]["p99"])
CORE = Metric("core", "share of a core", "%", lambda report: 100 * (
    report["server_processor"]["seconds"] / report["deliveries"]["seconds"]))


@dataclass(frozen=True)
class Scenario:
    """A run of hubbub-load, and the values taken from its report."""

    name: str
    text: str
    connections: int
    arguments: tuple[str, ...]
    metrics: tuple[Metric, ...]
    # Seconds that it takes, without opening and closing.
    seconds: float
    # Lines a second, if scenarios differ in that.
    rate: int = 0


def scenario(kind: str, text: str, connections: int, metrics: tuple[Metric, ...],
             rate: float = 0, **flags: float) -> Scenario:
    name = f"{kind}-{connections}" + (f"-{rate:g}" if rate else "")
    if rate:
        flags["rate"] = rate
    arguments = [kind, "--connections", str(connections)]
    for flag, value in flags.items():
        arguments += [f"--{flag}", f"{value:g}"]
    seconds = flags.get("duration", 0) + flags.get("warmup", 0) + flags.get("hold", 0)
    return Scenario(name, text, connections, tuple(arguments), metrics, seconds, round(rate))


def of_peers(is_quick: bool) -> list[Scenario]:
    small, large = sizes((1_000, 10_000), is_quick)
    talk = timing(4, is_quick)
    found = [scenario("idle", f"{number(large)} connections open and do nothing", large,
                      (MEMORY, HANDSHAKES, HANDSHAKE), hold=0.2)]
    for size in (small, large):
        found.append(scenario(
            "broadcast", f"One line at a time to {number(size)} clients", size,
            (DELIVERY, P50, P99), rate=pace(size, PACE / 2 if size < large else PACE), **talk))
    # A smaller window for the larger crowd, because the slowest server takes seconds for its lines.
    for size, window in ((small, 10), (large, 3)):
        found.append(scenario(
            "flood", f"{window * 10} lines under way to {number(size)} clients", size,
            (DELIVERIES, DELIVERY, P99), senders=10, window=window, **timing(3, is_quick)))
    found.append(scenario(
        "slow", f"A tenth of {number(small // 5)} clients stops reading: what the others see",
        small // 5, (P50, P99), rate=200, **talk))
    return found


def of_growth(is_quick: bool) -> list[Scenario]:
    return [
        scenario("broadcast", number(size), size, (DELIVERY, MEMORY), rate=pace(size, PACE),
                 **timing(5, is_quick))
        for size in sizes((1_000, 5_000, 10_000, 19_000), is_quick)]


def of_coalescing(is_quick: bool) -> list[Scenario]:
    rates = (1, 10, 1_000) if is_quick else (1, 10, 100, 500, 1_000, 2_000)
    return [
        scenario("broadcast", f"{number(rate)}", size, (CORE, P50, P99), rate=rate,
                 **timing(3, is_quick))
        for size in sizes((1_000, 10_000), is_quick) for rate in rates]


def of_tls(is_quick: bool) -> list[Scenario]:
    # A front takes two descriptors for a connection.
    small, large = sizes((1_000, 5_000), is_quick)
    talk = timing(4, is_quick)
    return [
        scenario("idle", f"{number(large)} connections open and do nothing", large,
                 (MEMORY, HANDSHAKES, HANDSHAKE), hold=0.2),
        scenario("broadcast", f"One line at a time to {number(small)} clients", small,
                 (DELIVERY, P50, P99), rate=pace(small, PACE / 2), **talk),
        scenario("flood", f"100 lines under way to {number(small)} clients", small,
                 (DELIVERIES, DELIVERY, P99), senders=10, window=10, **timing(3, is_quick)),
    ]


def sizes(wanted: tuple[int, ...], is_quick: bool) -> list[int]:
    return [size // 10 for size in wanted] if is_quick else list(wanted)


def timing(seconds: float, is_quick: bool) -> dict[str, float]:
    return {"warmup": 0.5, "duration": 1 if is_quick else seconds}


def pace(size: int, deliveries: float) -> float:
    """Lines a second for this many deliveries a second."""
    return min(max(round(deliveries / size, 1), 1), 50)


@dataclass(frozen=True)
class Set:
    name: str
    title: str
    servers: tuple[str, ...]
    rounds: int
    scenarios: Callable[[bool], list[Scenario]]
    # The server that ratios are to.
    base: str = "hubbub"


SETS = {each.name: each for each in (
    Set("peers", "Beside four small servers",
        ("hubbub", "hubbub-history", "relay", "gorilla", "gorilla-wide", "ws", "nio"), 5,
        of_peers),
    Set("growth", "Growth", ("hubbub", "relay"), 3, of_growth),
    Set("coalescing", "Fewer sends under load", ("hubbub", "hubbub-uncoalesced"), 3,
        of_coalescing),
    Set("tls", "TLS", ("hubbub-tls", "nginx", "stunnel", "hubbub"), 3, of_tls, "hubbub-tls"),
)}


def values(scenario: Scenario, report: dict) -> dict[str, float]:
    """The scenario's values from a report. Missing ones are left out."""
    found = {}
    for metric in scenario.metrics:
        with suppress(KeyError, ZeroDivisionError):
            found[metric.key] = float(metric.value(report))
    return found


def why_not_held(report: dict) -> str | None:
    """The side that couldn't hold the rate of a run, or None if it was held."""
    lines, latency = report["lines"], report.get("latency")
    if not lines["unsent"] and latency and latency["p99"] <= MOST_WAITING:
        return None
    own, server = report["own_processor"]["seconds"], report["server_processor"]["seconds"]
    return "beyond hubbub-load" if own > server else "not held"
