"""Attacks the daemon in many ways, while a bystander chats in a quiet room: see scripts/attack."""

import argparse
import datetime
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import certificate
from attacks import LIST, Attack, selected
from document import CATALOG, machine, write_between
from drawing import number
from prices import prices, table_of_prices, too_cheap
from raid import problems_of_raid, raid, text_of_raid
from running import Cores, Failure, Running, Server, end, processor_clock

ARTICLE = CATALOG / "UnderAttack.md"
HERE = Path(__file__).parent
# The bar: by how many milliseconds the bystander's lines may be later than undisturbed.
MEDIAN_BAR, P99_BAR = 5, 25
# Seconds before an attack, of an attack, and from its beginning until it counts.
QUIET, SECONDS, BEGINNING = 5, 10, 1
# How late, in milliseconds, the bystander's own lines may be sent. Above it the attackers have
# disturbed the bystander itself, and the figures don't show the daemon.
MOST_LATE = 5
PATIENCE = 120


def main() -> None:
    options = parse()
    if options.list:
        return print("\n".join(f"{each.name:24}{each.text}" for each in LIST))
    # Ctrl-C ends what was started, and so does SIGTERM.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.logs.mkdir(parents=True, exist_ok=True)
    cores = Cores.pick()
    if options.prices:
        found = prices(options.daemon, cores, options.logs)
        return report(options, found, table_of_prices(found), "The price is too low",
                      too_cheap(found))
    if options.raid:
        found = raid(options.daemon, cores, options.logs, start, said, finished, figures)
        return report(options, found, text_of_raid(found), "The bar is missed",
                      problems_of_raid(found))
    results = []
    for found in measure(options, cores):
        results.append(found)
        # Write after each attack, so that results are kept if a later one is interrupted.
        if options.json:
            options.json.write_text(json.dumps(results, indent=1) + "\n")
    origin = f"{datetime.date.today()}, {machine()}, `scripts/attack`"
    written = f"{origin}:\n\n{table(results)}"
    print(written)
    if options.document:
        write_between(ARTICLE, "scripts/attack --document", written)
    missed = [problem for found in results for problem in problems(found)]
    if missed:
        sys.exit("The bar is missed:\n" + "\n".join(missed))


def report(options: argparse.Namespace, found: object, text: str, failure: str,
           faults: list[str]) -> None:
    """Writes what was found, and ends with an error if something is wrong with it."""
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    print(text)
    if faults:
        sys.exit(f"{failure}:\n" + "\n".join(faults))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("--only", type=attacks_of, default=list(LIST), metavar="NAME,..",
                        help="only these attacks")
    parser.add_argument("--list", action="store_true", help="print the attacks and do nothing")
    parser.add_argument("--prices", action="store_true",
                        help="compare what each kind of command costs with its price instead")
    parser.add_argument("--raid", action="store_true",
                        help="a moderator purges the lines of a raid in a crowded room instead")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="N",
                        help=f"of each attack ({SECONDS})")
    parser.add_argument("--burst", type=float, default=0.1, metavar="SECONDS",
                        help="the attackers save their bytes for so long and send them at once "
                             "(0.1)")
    parser.add_argument("--flags", default="", metavar="TEXT",
                        help="further settings of the daemon, such as '--cost-per-second 0'")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results to this file")
    parser.add_argument("--document", action="store_true", help=f"update {ARTICLE.name}")
    parser.add_argument("--daemon", help=argparse.SUPPRESS)
    parser.add_argument("--logs", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.document and (options.only != LIST or options.flags):
        parser.error("--document needs all attacks, and the default settings")
    return options


def attacks_of(names: str) -> list[Attack]:
    try:
        return selected(names)
    except KeyError as error:
        raise argparse.ArgumentTypeError(f"there is no attack {error}; see --list") from None


def measure(options: argparse.Namespace, cores: Cores) -> Iterator[dict]:
    for attack in options.only:
        print(f"attack: {attack.name}", file=sys.stderr, flush=True)
        try:
            yield run(attack, options, cores)
        except Failure as failure:
            yield {"name": attack.name, "text": attack.text, "problem": str(failure),
                   "is_bounded": attack.is_bounded}


def run(attack: Attack, options: argparse.Namespace, cores: Cores) -> dict:
    """One attack on a fresh daemon."""
    secure = certificate.flags(certificate.make(options.logs)) if attack.is_secure else ()
    keys = certificate.public_key_flags(options.logs) if attack.has_public_key else ()
    server = Server("hubbub", "hubbub", (
        options.daemon, "serve", "--host", "127.0.0.1", "--port", "0", *attack.flags, *secure,
        *keys, *options.flags.split()))
    started: list[subprocess.Popen] = []
    with Running(server, cores.server, options.logs / f"{attack.name}.log") as running:
        try:
            return observe(attack, running, options, cores, started)
        finally:
            for process in started:
                end(process)


def observe(attack: Attack, running: Running, options: argparse.Namespace, cores: Cores,
            started: list[subprocess.Popen]) -> dict:
    port = str(running.port())
    # What the attackers find is made before anything is measured.
    burst = options.burst if attack.is_bounded else 0
    attacker = start(cores, "attacker.py", attack.name, port, str(attack.rate), str(burst),
                     str(attack.connections), str(attack.lines))
    started.append(attacker)
    said(attacker, "the attackers")
    bystander = start(cores, "bystander.py", port, *["tls"] * attack.is_secure)
    started.append(bystander)
    said(bystander, "the bystander")
    # The first lines create rooms, and the store's pages are cold.
    time.sleep(BEGINNING)
    quiet = window(options.seconds if attack.most_ratio else QUIET)
    attacker.stdin.write("go\n")
    attacker.stdin.flush()
    time.sleep(BEGINNING)
    clock, begun = processor_clock(running.pid), time.monotonic()
    used = time.clock_gettime(clock)
    attacked = window(options.seconds)
    if running.process.poll() is not None:
        raise Failure(f"the daemon ended; see {running.log}")
    used = (time.clock_gettime(clock) - used) / (time.monotonic() - begun)
    lines = json.loads(finished(bystander, "the bystander"))
    sent = json.loads(finished(attacker, "the attackers"))
    return {
        "name": attack.name, "text": attack.text, "connections": attack.connections,
        "is_bounded": attack.is_bounded, "most_ratio": attack.most_ratio,
        "quiet": figures(lines, quiet),
        "attacked": figures(lines, attacked), "processor": used, "attackers": sent}


def start(cores: Cores, program: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        ["taskset", "--cpu-list", str(cores.load), sys.executable, str(HERE / program), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ,
        preexec_fn=os.setpgrp)


def said(process: subprocess.Popen, who: str) -> str:
    """The first line of a program."""
    if not select.select([process.stdout], [], [], PATIENCE)[0]:
        raise Failure(f"{who} aren't ready after {PATIENCE} s")
    if not (words := process.stdout.readline()):
        raise Failure(f"{who} ended early, with {process.wait()}")
    return words


def finished(process: subprocess.Popen, who: str) -> str:
    """What a program prints when it is told to stop."""
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Failure(f"{who} didn't end") from None
    if process.returncode or not output:
        raise Failure(f"{who} ended with {process.returncode}")
    return output.splitlines()[-1]


def window(seconds: float) -> tuple[float, float]:
    begun = time.monotonic()
    time.sleep(seconds)
    return begun, time.monotonic()


def figures(lines: list[list[float]], within: tuple[float, float]) -> dict:
    """Of the lines that were sent within a time, in milliseconds."""
    counted = [each for each in lines if within[0] <= each[0] < within[1]]
    if not counted:
        raise Failure("the bystander said nothing")
    back = sorted(each[1] * 1_000 for each in counted)
    late = sorted(each[2] * 1_000 for each in counted)
    return {"lines": len(counted), "median": share(back, 0.5), "p99": share(back, 0.99),
            "most": back[-1], "late_p99": share(late, 0.99)}


def share(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def table(results: list[dict]) -> str:
    rows = ["| attack | sent | CPU | quiet: median, p99 | under attack: median, p99 | worst |",
            "|---|--:|--:|--:|--:|--:|"]
    for found in results:
        name = f"{found['text']} (`{found['name']}`)"
        if "problem" in found:
            rows.append(f"| {name} | | | | {found['problem']} | |")
            continue
        quiet, attacked, sent = found["quiet"], found["attacked"], found["attackers"]
        rate = number(sent["sent"] / sent["seconds"] / 1_000)
        rows.append(
            f"| {name} | {rate} kB/s | {found['processor']:.0%} "
            f"| {quiet['median']:.1f}, {quiet['p99']:.1f} ms "
            f"| {attacked['median']:.1f}, {attacked['p99']:.1f} ms "
            f"| {attacked['most']:.1f} ms |")
    return "\n".join(rows)


def problems(found: dict) -> Iterator[str]:
    """Why a result isn't within the bar. Attackers with more bytes than one client has are shown
    only, unless they have a bar of their own."""
    name = found["name"]
    if "problem" in found:
        yield f"{name}: {found['problem']}"
        return
    quiet, attacked = found["quiet"], found["attacked"]
    late = attacked["late_p99"]
    if late > MOST_LATE:
        yield f"{name}: the bystander itself was {late:.1f} ms late, so this says nothing"
    ratio = found.get("most_ratio")
    if ratio and attacked["p99"] > ratio * quiet["p99"]:
        yield (f"{name}: the p99 is {attacked['p99']:.1f} ms, quiet {quiet['p99']:.1f}; "
               f"{ratio:g} times as much is allowed")
    if not found["is_bounded"]:
        return
    for key, bar in (("median", MEDIAN_BAR), ("p99", P99_BAR)):
        if attacked[key] > quiet[key] + bar:
            yield (f"{name}: the {key} is {attacked[key]:.1f} ms, quiet {quiet[key]:.1f}; "
                   f"{bar} ms more are allowed")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
