"""Counts the daemon's instructions for each kind of operation, and compares them with the
committed numbers: see scripts/count-instructions."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import callgrind

COMMITTED = Path(__file__).parent / "instructions.json"
# The relative growth of instructions that is tolerated, and an absolute one for the smallest
# numbers.
TOLERANCE, SLACK = 0.05, 0.5
# Watched calls tolerated above the committed number, because arrays grow now and then.
CALL_SLACK = 0.1
# Operations that must make no watched call, not even once in a hundred times.
CALL_FREE, RARELY = ("delivery", "delivery-batched"), 0.01
# The most that a line by a request may cost, in lines of the rich dialect with their acks.
REQUEST_LINES = 2
MEMBERS, BATCH, MORE = 1064, 100, 1000

# The reported operations: name, the phases and earlier operations that it is a sum of, and the goal
# for its instructions.
OPERATIONS = {
    "delivery": (
        "a delivery, one line a tick",
        {"line-crowd": 1 / (MEMBERS - 1), "line-alone": -1 / (MEMBERS - 1)}, 200),
    "delivery-batched": (
        "a delivery, 100 lines a tick",
        {"batch-crowd": 1 / (MEMBERS - 1) / BATCH, "batch-alone": -1 / (MEMBERS - 1) / BATCH}, 10),
    "line": ("a line that comes in, one a tick", {"line-alone": 1, "delivery": -1}, 3000),
    "line-batched": (
        "a line that comes in, 100 a tick",
        {"batch-alone": 1 / BATCH, "delivery-batched": -1}, 3000),
    "line-rich": (
        "a line of the rich dialect, its ack and one delivery", {"rich-alone": 1}, None),
    "line-request": (
        "a line by a request with a key, its answer and one delivery", {"request-alone": 1}, None),
    "delivery-stream": (
        "a delivery to an event stream, one line a tick",
        {"stream-crowd": 1 / (MEMBERS - 1), "stream-alone": -1 / (MEMBERS - 1)}, None),
    "delivery-stream-batched": (
        "a delivery to an event stream, 100 lines a tick",
        {"stream-batch-crowd": 1 / (MEMBERS - 1) / BATCH,
         "stream-batch-alone": -1 / (MEMBERS - 1) / BATCH}, None),
    "line-stream": (
        "writing a line for event streams, 100 a tick",
        {"stream-batch-alone": 1 / BATCH, "batch-alone": -1 / BATCH,
         "delivery-stream-batched": -1}, None),
    "stream": ("an accept and a request for an event stream", {"open-stream": 1}, None),
    "handshake": ("an accept and an opening handshake", {"open": 1}, 10000),
    "tick": ("a tick with nothing to do", {"wake-many": 1}, None),
    "idle": (
        "an idle connection's share of a tick",
        {"wake-many": 1 / MORE, "wake-few": -1 / MORE}, None),
    "ping": ("a ping and its pong", {"pings": 1}, None),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/count-instructions", description=__doc__)
    parser.add_argument("--update", action="store_true", help="commit the numbers counted now")
    parser.add_argument("--history", choices=["none", "sqlite"], action="append",
                        help="count only with this one (default: both)")
    parser.add_argument("--functions", type=int, default=0, metavar="N",
                        help="print the N most expensive functions of each phase")
    parser.add_argument("--daemon", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--kernel", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()

    committed = json.loads(COMMITTED.read_text()) if COMMITTED.exists() else {}
    grown = []
    for history in options.history or ["none", "sqlite"]:
        phases, counts = run(options.daemon, options.kernel, history)
        found = table(phases, counts)
        show(history, found, committed.get(history, {}))
        if options.functions:
            show_functions(phases, counts, options.functions)
        grown += [f"{history}: {line}" for line in compare(found, committed.get(history, {}))]
        if options.update:
            committed[history] = {
                name: {kind: round(number, 2) for kind, number in values.items()
                       if kind in committable(history)}
                for name, values in found.items()}
    if options.update:
        COMMITTED.write_text(json.dumps(committed, indent=2) + "\n")
    elif grown:
        sys.exit("More than was committed:\n" + "\n".join(grown))


def run(daemon: str, kernel: str, history: str) -> tuple[dict, dict]:
    """Profiles of the reactor's thread by phase, and the number of operations in each phase."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_text(f"backend owner {'0123456789abcdef' * 4}\n")
        # A small environment, because a larger one moves the stack, and copies between other
        # alignments take other instructions.
        environment = {
            "PATH": os.environ["PATH"], "LD_PRELOAD": kernel, "LD_BIND_NOW": "1",
            "SWIFT_DETERMINISTIC_HASHING": "1", "SWIFT_BACKTRACE": "enable=no"}
        done = subprocess.run(
            ["valgrind", "--quiet", "--tool=callgrind", "--separate-threads=yes",
             "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={folder}/out", daemon, "serve", "--host", "127.0.0.1",
             "--port", "0", "--log-level", "critical", "--lines-per-second", "0",
             "--history", history, "--data", f"{folder}/data", "--api-key-file", str(keys),
             "--keep-alive-timeout", "1h"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace")
        counts = {name: int(count) for name, count in
                  re.findall(r"^([a-z-]+) (\d+)$", done.stdout, re.MULTILINE)}
        if done.returncode != 0 or not counts:
            sys.exit(f"The run failed, with {done.returncode}:\n{done.stderr}")
        profiles = [callgrind.read(path) for path in sorted(Path(folder).glob("out*-01"))]
        return {found.phase: found for found in profiles if found}, counts


def table(phases: dict, counts: dict) -> dict:
    """Each operation's instructions and watched calls."""
    values: dict[str, dict] = {}
    for name, found in phases.items():
        sums = {"instructions": found.instructions}
        sums |= {kind: found.calls[kind] for kind in callgrind.WATCHED}
        values[name] = {kind: number / counts[name] for kind, number in sums.items()}
    for name, (_, parts, _) in OPERATIONS.items():
        total: dict[str, float] = {}
        for part, factor in parts.items():
            for kind, number in values[part].items():
                total[kind] = total.get(kind, 0) + number * factor
        values[name] = total
    return {name: values[name] for name in OPERATIONS}


def show(history: str, found: dict, committed: dict) -> None:
    kinds = list(callgrind.WATCHED)
    print(f"\n--history {history}: instructions outside the kernel\n")
    print(f"{'':66}{'counted':>10}{'committed':>11}{'goal':>8}  "
          + "".join(f"{kind:>9}" for kind in kinds))
    for name, values in found.items():
        text, _, goal = OPERATIONS[name]
        before = committed.get(name, {}).get("instructions")
        print(f"{text:66}{values['instructions']:10.1f}"
              f"{'' if before is None else f'{before:.1f}':>11}"
              f"{'' if goal is None else f'{goal}':>8}  "
              + "".join(f"{values[kind]:9.2f}" for kind in kinds))


def show_functions(phases: dict, counts: dict, limit: int) -> None:
    """For each phase, the most expensive functions and those that make the most watched calls."""
    names = {function for found in phases.values() for function, _ in found.functions}
    names |= {caller for found in phases.values() for _, caller in found.callers}
    readable = demangled(sorted(names))
    for phase, found in phases.items():
        print(f"\n{phase}, each of {counts[phase]}:")
        for (function, library), cost in found.functions.most_common(limit):
            print(f"{cost / counts[phase]:12.1f}  {readable[function]}  [{library}]")
        for (kind, caller), count in found.callers.most_common(limit):
            print(f"{count / counts[phase]:12.2f} × {kind} by {readable[caller]}")


def demangled(names: list[str]) -> dict[str, str]:
    if not shutil.which("swift"):
        return {name: name for name in names}
    done = subprocess.run(
        ["swift", "demangle", "--simplified", "--compact"],
        input="\n".join(names) + "\n", stdout=subprocess.PIPE, text=True, check=True)
    return dict(zip(names, done.stdout.splitlines()))


def committable(history: str) -> list[str]:
    """The keys whose values are the same in each run. With a store, the thread that frees a line
    varies."""
    return ["instructions"] + (list(callgrind.WATCHED) if history == "none" else [])


def compare(found: dict, committed: dict) -> list[str]:
    """Growth beyond the tolerance, and calls where none are allowed."""
    lines = []
    for name, before in committed.items():
        text, now = OPERATIONS[name][0], found[name]
        for kind, number in before.items():
            slack = CALL_SLACK
            if kind == "instructions":
                slack = max(abs(number) * TOLERANCE, SLACK)
            if now[kind] > number + slack:
                lines.append(f"{text}: {kind} {now[kind]:.2f}, committed are {number:.2f}")
    most = REQUEST_LINES * found["line-rich"]["instructions"]
    if found["line-request"]["instructions"] > most:
        lines.append(f"{OPERATIONS['line-request'][0]}: more than {most:.0f} instructions")
    for name in CALL_FREE:
        for kind in callgrind.WATCHED:
            if found[name][kind] > RARELY:
                lines.append(f"{OPERATIONS[name][0]}: {kind} {found[name][kind]:.2f} times")
    return lines


if __name__ == "__main__":
    main()
