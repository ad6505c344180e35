"""Compares the daemon with other servers, with itself at other sizes, and with itself without
coalescing: see scripts/compare."""

import argparse
import datetime
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path

import certificate
from charts import chart
from document import CATALOG, machine, write_between, write_drawing
from drawing import number
from measuring import TRIES, Bench
from running import Cores, Server
from scenarios import SETS, SPARE, Scenario, Set, values, why_not_held
from servers import servers
from tables import said_of_rounds, tables

ARTICLE = CATALOG / "Comparison.md"
STYLE = """body { font: 15px/1.4 sans-serif; margin: 2em auto; max-width: 60em; color: #333 }
table { border-collapse: collapse } td, th { padding: .2em .8em; border-bottom: 1px solid #ddd }
td + td, th + th { text-align: right } svg { width: 100%; height: auto }"""


def main() -> None:
    options = parse()
    earlier = options.replay or []
    if options.document and (options.quick or any(found["is_quick"] for found in earlier)):
        sys.exit("compare: --document needs real figures, which --quick doesn't give")
    if options.needs:
        return print(" ".join(needed(options)))
    # Ctrl-C ends what was started, and so does SIGTERM.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = []
    # Write after each set, so that results are kept if a later set is interrupted.
    for found in earlier if earlier else measure(options):
        results.append(found)
        if options.json:
            options.json.write_text(json.dumps(results, indent=1) + "\n")
        if options.html:
            options.html.write_text(page(results))
        if options.document:
            document(found)
        print(f"{section(found)}\n", flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/compare", description=__doc__)
    parser.add_argument("--set", action="append", choices=list(SETS), dest="sets",
                        help="measure only this set; may be repeated")
    parser.add_argument("--rounds", type=positive, metavar="N",
                        help="of each set (" + ", ".join(
                            f"{each.name} {each.rounds}" for each in SETS.values()) + ")")
    parser.add_argument("--only", metavar="NAME,..", help="only hubbub and these servers, of "
                        + ", ".join(SETS["peers"].servers[1:]))
    parser.add_argument("--quick", action="store_true",
                        help="a tenth of the clients, short, one round: a smoke test")
    parser.add_argument("--json", type=writable, metavar="FILE",
                        help="write all results to this file")
    parser.add_argument("--html", type=writable, metavar="FILE",
                        help="write a page with plots to this file")
    parser.add_argument("--document", action="store_true",
                        help=f"update {ARTICLE.name} and its drawings")
    parser.add_argument("--replay", type=results_of, metavar="FILE",
                        help="measure nothing: use the results that --json wrote")
    parser.add_argument("--needs", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--server", nargs=2, action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    parser.add_argument("--logs", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        unknown = set(options.only.split(",")) - set(SETS["peers"].servers)
        if unknown:
            parser.error(f"there is no server {', '.join(sorted(unknown))}")
    options.sets = [SETS[name] for name in options.sets or SETS]
    return options


def positive(text: str) -> int:
    if (value := int(text)) < 1:
        raise ValueError
    return value


def writable(path: str) -> Path:
    """A file that is written at the end. It is checked now, so that an error shows before the
    measurement."""
    if not os.access(Path(path).parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{path} can't be written; is the folder there?")
    return Path(path)


def results_of(path: str) -> list[dict]:
    """Results that --json has written."""
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{path} can't be read: {error}") from None


def needed(options: argparse.Namespace) -> list[str]:
    """The programs to build."""
    if options.replay:
        return []
    names = {name for each in options.sets for name in participants(each, options)}
    return sorted({name.split("-")[0] for name in names} | {"hubbub"})


def participants(each: Set, options: argparse.Namespace) -> list[str]:
    """The servers of a set. hubbub is always included, because the others are compared with it."""
    if each.name != "peers" or not options.only:
        return list(each.servers)
    wanted = {"hubbub", *options.only.split(",")}
    return [name for name in each.servers if name in wanted]


def measure(options: argparse.Namespace) -> Iterator[dict]:
    """The results of each set."""
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    bench = Bench(options.load, Cores.pick(), options.logs)
    built = servers(dict(options.server), certificate.make(options.logs))
    for each in options.sets:
        present = [built[name] for name in participants(each, options) if name in built]
        yield measure_set(bench, each, present, options, descriptors)


def measure_set(bench: Bench, each: Set, present: list[Server], options: argparse.Namespace,
                descriptors: int) -> dict:
    """The results of a set: in each round, each scenario with each server. The order is reversed
    in every second round."""
    rounds = options.rounds or (1 if options.quick else each.rounds)
    scenarios = []
    for scenario in each.scenarios(options.quick):
        if scenario.connections + SPARE <= descriptors:
            scenarios.append(scenario)
        else:
            progress(f"{number(scenario.connections)} connections need more than the {descriptors} "
                 "descriptors of `ulimit -Hn`: left out")
    if not scenarios:
        sys.exit(f"compare: no scenario of {each.name} is left; raise `ulimit -Hn`")
    started, runs = time.monotonic(), []
    for number_of_round in range(rounds):
        order = present[::-1 if number_of_round % 2 else 1]
        # For each server and number of connections, the reason why higher rates needn't be tried.
        beyond: dict[tuple[str, int], dict] = {}
        for scenario in scenarios:
            progress(f"{each.name}, round {number_of_round + 1} of {rounds}: {scenario.name}")
            for server in order:
                key = server.name, scenario.connections
                run = beyond.get(key) or measure_run(
                    bench, server, scenario, options.quick, each)
                if run["is_limit"]:
                    beyond[key] = run | {"values": {}, "disturbed": 0, "is_skipped": True}
                runs.append({"scenario": scenario.name, "server": server.name,
                             "round": number_of_round} | run)
    today = str(datetime.date.today())
    return {
        "set": each.name, "is_quick": options.quick, "rounds": rounds,
        "origin": f"{today}, {machine()}, `{command(each, options)}`",
        "seconds": round(time.monotonic() - started),
        "servers": {server.name: server.text for server in present}, "runs": runs}


def measure_run(bench: Bench, server: Server, scenario: Scenario, is_quick: bool,
                each: Set) -> dict:
    report, result = bench.run(
        server, scenario.name, scenario.arguments, scenario.seconds, 1 if is_quick else TRIES)
    is_discarded = result.is_disturbed and not is_quick
    limit = None
    if report and each.name == "coalescing" and not is_discarded:
        limit = why_not_held(report)
    return {
        "values": values(scenario, report), "findings": result.findings,
        "problem": limit or result.problem, "is_limit": limit is not None,
        "others": round(result.others, 4), "disturbed": result.disturbed,
        "is_disturbed": result.is_disturbed, "is_discarded": is_discarded, "is_skipped": False}


def command(each: Set, options: argparse.Namespace) -> str:
    """The command that repeats this measurement."""
    parts = ["scripts/compare", "--set", each.name]
    if options.rounds:
        parts += ["--rounds", str(options.rounds)]
    if options.only:
        parts += ["--only", options.only]
    return " ".join(parts + ["--quick"] * options.quick)


def progress(words: str) -> None:
    print(f"compare: {words}", file=sys.stderr, flush=True)


def section(found: dict) -> str:
    """The results of a set, for an article or a terminal."""
    parts = [f"{found['origin']}; {said_of_rounds(found)}:"]
    parts += [table.markdown() for table in tables(found)]
    return "\n\n".join(parts)


def page(results: list[dict]) -> str:
    """All results on one page."""
    parts = []
    for found in results:
        parts.append(f"<h2>{escape(SETS[found['set']].title)}</h2>\n"
                     f"<p>{escape(found['origin'].replace('`', ''))}; "
                     f"{escape(said_of_rounds(found))}</p>\n{chart(found)}")
        parts += [table.html() for table in tables(found)]
    return (f"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
            f"<title>scripts/compare</title>\n<style>{STYLE}</style>\n"
            f"<h1>Hubbub compared</h1>\n{''.join(parts)}</html>\n")


def document(found: dict) -> None:
    name = f"comparison-{found['set']}.svg"
    write_drawing(name, chart(found))
    picture = f"![{SETS[found['set']].title}: the plots of the tables below.]({name})"
    write_between(ARTICLE, f"scripts/compare --set {found['set']} --document",
                  f"{picture}\n\n{section(found)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
