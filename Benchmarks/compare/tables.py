"""Tables of results, as Markdown and as HTML."""

from dataclasses import dataclass, field
from html import escape

from drawing import number
from scenarios import Scenario
from summary import Summary, base_of, scenarios_of, summary

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass
class Table:
    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def mark(self, name: str, found: Summary) -> str:
        """The mark of a new note, or nothing if there is none."""
        if not found.note:
            return ""
        self.notes.append(f"{name}: {found.note}.")
        return str(len(self.notes)).translate(SUPERSCRIPTS)

    def markdown(self) -> str:
        lines = [f"| {' | '.join(self.head)} |",
                 f"|{'|'.join(['--'] + ['--:'] * (len(self.head) - 1))}|"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        if self.notes:
            lines.append("")
            lines += [f"- {str(index).translate(SUPERSCRIPTS)} {note}"
                      for index, note in enumerate(self.notes, 1)]
        title = f"**{self.title}**\n\n" if self.title else ""
        return title + "\n".join(lines)

    def html(self) -> str:
        def row(cells: list[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        notes = "".join(f"<p>{str(index).translate(SUPERSCRIPTS)} {escape(note)}</p>"
                        for index, note in enumerate(self.notes, 1))
        return (f"<h3>{escape(self.title)}</h3>\n<table>\n{row(self.head, 'th')}\n"
                + "\n".join(row(cells, "td") for cells in self.rows) + f"\n</table>\n{notes}\n")


def tables(found: dict) -> list[Table]:
    """The tables for the results of a set."""
    scenarios = scenarios_of(found)
    if found["set"] in ("peers", "tls"):
        return [of_scenario(found, scenario) for scenario in scenarios]
    if found["set"] == "growth":
        return [across("", "connections", found, scenarios)]
    return [
        across(f"{number(size)} clients", "lines a second", found,
               [scenario for scenario in scenarios if scenario.connections == size])
        for size in sorted({scenario.connections for scenario in scenarios})]


def of_scenario(found: dict, scenario: Scenario) -> Table:
    """A row for each server."""
    table = Table(scenario.text, ["", *(metric.text for metric in scenario.metrics)])
    for name, text in found["servers"].items():
        of_server = summary(found["runs"], scenario, name, base_of(found))
        mark = table.mark(text, of_server)
        table.rows.append(
            [text, *(of_server.cell(metric) + mark for metric in scenario.metrics)])
    return table


def across(title: str, what: str, found: dict, scenarios: list[Scenario]) -> Table:
    """A row for each scenario, with the servers side by side."""
    metrics = scenarios[0].metrics if scenarios else ()
    names = found["servers"]
    table = Table(title, [
        what, *(f"{metric.text}: {text}" for metric in metrics for text in names.values())])
    for scenario in scenarios:
        row = [scenario.text]
        of_servers = {name: summary(found["runs"], scenario, name, base_of(found))
                      for name in names}
        marks = {name: table.mark(f"{scenario.text}, {text}", of_servers[name])
                 for name, text in names.items()}
        row += [of_servers[name].cell(metric) + marks[name]
                for metric in metrics for name in names]
        table.rows.append(row)
    return table


def said_of_rounds(found: dict) -> str:
    """The number of runs, and of disturbed ones."""
    runs = [run for run in found["runs"] if not run["is_skipped"]]
    repeated = sum(run["disturbed"] for run in runs)
    discarded = sum(run["is_discarded"] for run in runs)
    kept = sum(run["is_disturbed"] for run in runs) - discarded
    text = f"{len(runs)} runs in {found['rounds']} round" + "s" * (found["rounds"] > 1)
    if repeated:
        text += f"; {repeated} more were disturbed, and repeated"
    if discarded:
        text += f"; {discarded} discarded, because they were disturbed at the last try, too"
    return text + (f"; {kept} disturbed, and kept for lack of others" if kept else "")
