"""The combined results of a scenario's rounds."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from scenarios import SETS, Metric, Scenario

BASE = "hubbub"


@dataclass
class Ratio:
    """The ratio to the set's base in the same round."""

    median: float
    least: float
    most: float


@dataclass
class Summary:
    """One server in one scenario."""

    # Medians of the rounds, by metric.
    values: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, Ratio] = field(default_factory=dict)
    # The text in place of missing values.
    blank: str = "—"
    # A remark about the results.
    note: str | None = None

    def cell(self, metric: Metric) -> str:
        """The median, with the ratio to the base in brackets."""
        if metric.key not in self.values:
            return self.blank
        text = f"{digits(self.values[metric.key])} {metric.unit}".strip()
        ratio = self.ratios.get(metric.key)
        return f"{text} ({ratio.median:.2f})" if ratio else text


def scenarios_of(found: dict) -> list[Scenario]:
    """The scenarios in the results of a set."""
    present = {run["scenario"] for run in found["runs"]}
    return [scenario for scenario in SETS[found["set"]].scenarios(found["is_quick"])
            if scenario.name in present]


def base_of(found: dict) -> str:
    """The server that the ratios of a set are to."""
    return SETS[found["set"]].base


def digits(value: float) -> str:
    """Three significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def summary(runs: list[dict], scenario: Scenario, server: str, base: str = BASE) -> Summary:
    """The summary of all runs of a set, with ratios to `base`. If half of the rounds have failed,
    it has no values."""
    ours = {run["round"]: run for run in runs
            if run["scenario"] == scenario.name and run["server"] == server}
    bases = {run["round"]: run for run in runs
             if run["scenario"] == scenario.name and run["server"] == base}
    failed = [run for run in ours.values() if run["problem"] or run["findings"]]
    found = Summary(note=note(list(ours.values())))
    if not ours or 2 * len(failed) >= len(ours):
        if failed and all(run["is_limit"] for run in failed):
            found.blank = " or ".join(sorted({run["problem"] for run in failed}))
        return found
    good = {number: run for number, run in ours.items() if is_good(run)}
    for metric in scenario.metrics:
        values = [run["values"][metric.key] for run in good.values()
                  if metric.key in run["values"]]
        if values:
            found.values[metric.key] = median(values)
        ratios = [
            run["values"][metric.key] / bases[number]["values"][metric.key]
            for number, run in good.items()
            if server != base and number in bases and is_good(bases[number])
            and metric.key in run["values"] and bases[number]["values"].get(metric.key, 0) > 0]
        if ratios:
            found.ratios[metric.key] = Ratio(median(ratios), min(ratios), max(ratios))
    return found


def is_good(run: dict) -> bool:
    return not (run["problem"] or run["findings"] or run["is_discarded"])


def note(runs: list[dict]) -> str | None:
    """What went wrong, and in how many rounds."""
    parts = []
    kinds: Counter[str] = Counter()
    for run in runs:
        kinds.update(run["findings"])
    if kinds:
        rounds = sum(1 for run in runs if run["findings"])
        told = ", ".join(f"`{kind}` {count}" for kind, count in sorted(kinds.items()))
        parts.append(f"findings in {rounds} of {len(runs)} rounds: {told}")
    problems = Counter(run["problem"] for run in runs if run["problem"] and not run["is_limit"])
    for problem, count in problems.items():
        parts.append(f"in {count} of {len(runs)} rounds: {problem}")
    if runs and all(run["is_discarded"] for run in runs):
        parts.append("disturbed in each round, and so discarded")
    return "; ".join(parts) or None
