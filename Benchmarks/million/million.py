"""Opens 1 000 to 1 000 000 connections in one daemon, on a kernel that does almost nothing, and
prints their cost in user space. TLS is measured on the real kernel, with as many connections as it
allows: see scripts/million."""

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import certificate
from document import CATALOG, machine, write_between, write_drawing
from drawing import number
from measuring import Bench
from plot import plot
from running import Cores
from servers import servers

ARTICLE = CATALOG / "Scaling.md"

# The promises for a million connections.
MOST_BYTES, LINE_SECONDS = 256e6, 0.2
# The largest number of pings in a step of the clock, relative to an even spread.
UNEVENNESS = 1.5
# Servers with TLS, and what a connection may cost the first one.
SECURE, MOST_SECURE_BYTES = ("hubbub-tls", "nginx", "stunnel"), 12_288
# The largest number of connections with TLS that is tried, and descriptors that a front needs for
# each, and all together besides.
MOST_SECURE, DESCRIPTORS_EACH, SPARE = 10_000, 2, 500


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/million", description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000, metavar="N",
                        help="stop at this many connections (1000000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE",
                        help="write a drawing (SVG) to this file")
    parser.add_argument("--document", action="store_true",
                        help=f"update {ARTICLE.name} and its drawing")
    parser.add_argument("--daemon", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--kernel", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--load", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--logs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--server", nargs=2, action="append", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()

    results = run(options.daemon, options.kernel, options.most)
    measure_secure(results, options)
    origin = f"{datetime.date.today()}, {machine()}, `scripts/million`"
    print(table(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if options.plot:
        options.plot.write_text(plot(results, origin))
    if options.document:
        write_drawing("scaling.svg", plot(results, origin))
        write_between(
            ARTICLE, "scripts/million --document", f"{origin}:\n\n{table(results)}")
    broken = list(problems(results))
    if broken:
        sys.exit("Promises are broken:\n" + "\n".join(broken))


def run(daemon: str, kernel: str, most: int) -> list[dict]:
    """A result for 1 000 connections, for 10 000 and so on."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"], "LD_PRELOAD": kernel, "MOST_CONNECTIONS": str(most)}
        done = subprocess.run(
            [daemon, "serve", "--host", "127.0.0.1", "--port", "0", "--log-level", "critical",
             "--lines-per-second", "0", "--history", "none", "--max-connections", str(most),
             "--data", f"{folder}/data"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace")
        if done.returncode != 0:
            sys.exit(f"The run failed, with {done.returncode}:\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]


def measure_secure(results: list[dict], options: argparse.Namespace) -> None:
    """Adds the memory of a connection with TLS to the results whose number of connections the
    system allows."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
    bench = Bench(options.load, Cores.pick(), options.logs)
    found = servers(dict(options.server), certificate.make(options.logs))
    for each in results:
        count = each["connections"]
        # The last one may be a little smaller than the power of ten.
        if count > min(MOST_SECURE, allowed):
            continue
        count = min(count, (allowed - SPARE) // DESCRIPTORS_EACH)
        each["secure"] = {"connections": count}
        for name in SECURE:
            if name not in found:
                continue
            report, result = bench.run(
                found[name], f"idle-{count}",
                ("idle", "--connections", str(count), "--hold", "0.2"), 0.2)
            if report:
                each["secure"][name] = report["server_memory"]["bytes_per_connection"]
            else:
                print(f"million: {name}, {count} connections: {result.problem}", file=sys.stderr)


def secure_cells(found: dict) -> str:
    """What a connection with TLS takes: hubbub's own, and behind nginx and stunnel."""
    secure = found.get("secure", {})
    return " ".join(f"| {secure[name] / 1_024:.1f} KiB" if name in secure else "| —"
                    for name in SECURE)


def table(results: list[dict]) -> str:
    rows = ["| connections | memory | at most | a connection | handshake | empty tick "
            "| a line to all | pings of a 250 ms step | a connection with TLS | behind nginx "
            "| behind stunnel |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for found in results:
        count = found["connections"]
        each = (found["idle_bytes"] - found["empty_bytes"]) / count
        rows.append(
            f"| {number(count)} | {found['idle_bytes'] / 1e6:.1f} MB "
            f"| {found['most_bytes'] / 1e6:.1f} MB | {each:.0f} B "
            f"| {found['handshake_ns'] / 1e3:.1f} µs | {found['tick_ns']:.0f} ns "
            f"| {found['line_ns'] / 1e6:.2f} ms "
            f"| {number(min(found['pings']))} to {number(max(found['pings']))} "
            f"{secure_cells(found)} |")
    return "\n".join(rows)


def problems(results: list[dict]):
    """Promises that the results break."""
    for found in results:
        count, pings = found["connections"], found["pings"]
        text = f"{number(count)} connections: "
        if found["most_bytes"] > MOST_BYTES:
            yield f"{text}{found['most_bytes'] / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f}"
        if found["line_ns"] / 1e9 > LINE_SECONDS:
            yield f"{text}a line takes {found['line_ns'] / 1e9:.2f} s, more than {LINE_SECONDS}"
        # A factor of two is noise, not growth: there are ten times as many connections.
        if found["tick_ns"] > 2 * results[0]["tick_ns"] + 100:
            yield f"{text}an empty tick takes {found['tick_ns']:.0f} ns"
        if sum(pings) != count:
            yield f"{text}{sum(pings)} pings in an interval"
        if max(pings) > max(UNEVENNESS * count / len(pings), 20):
            yield f"{text}{max(pings)} pings in one step, of {count} in {len(pings)}"
        # Few connections share what the process takes once.
        secure = found.get("secure", {}).get(SECURE[0], 0)
        if count >= MOST_SECURE and secure > MOST_SECURE_BYTES:
            yield f"{text}{secure:.0f} B a connection with TLS, more than {MOST_SECURE_BYTES}"


if __name__ == "__main__":
    main()
