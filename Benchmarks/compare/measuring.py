"""One run of hubbub-load against one server, each on its own core, with a check whether other
work used these cores."""

import gzip
import json
import os
import platform
import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from running import Cores, Failure, Running, Server, end, processor_clock

# The largest share of the two cores' time that others may use in a run. On an idle machine it grows
# with the connections, through the kernel's own work for them, to 0.06 at 19 000.
MOST_OTHERS = 0.10
# The largest delay of a line by hubbub-load, in milliseconds, unless it was busy with received
# data, that is, used BUSY of its core.
MOST_LATE, BUSY = 100, 0.5
# Attempts of one run, including repeats.
TRIES = 3
# Seconds that a run may take beyond its planned length.
PATIENCE = 90
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    """The facts about a run that aren't in hubbub-load's report."""

    # Lost lines and other findings, by kind.
    findings: dict[str, int] = field(default_factory=dict)
    # The reason why there is no report.
    problem: str | None = None
    # The share of the cores' time that others used.
    others: float = 0
    is_disturbed: bool = False
    # The number of earlier attempts, all of which were disturbed.
    disturbed: int = 0


class Bench:
    """The place where runs are made."""

    def __init__(self, load: str, cores: Cores, logs: Path):
        self.load = load
        self.cores = cores
        self.logs = logs
        self.count = 0
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)

    def run(self, server: Server, name: str, arguments: Sequence[str], seconds: float,
            tries: int = TRIES) -> tuple[dict, Result]:
        """The report, and the other facts about the run. A disturbed run is repeated."""
        for disturbed in range(tries):
            report, result = self.once(server, name, arguments, seconds)
            result.disturbed = disturbed
            if not result.is_disturbed:
                break
        return report, result

    def once(self, server: Server, name: str, arguments: Sequence[str],
             seconds: float) -> tuple[dict, Result]:
        self.count += 1
        log = self.logs / f"{self.count}-{server.name}-{name}.log"
        with Running(server, self.cores.server, log) as running:
            try:
                # What the command has started is there as soon as its port is.
                running.port()
                before = Usage.now(self.cores, running.pids)
                report = self.hit(running, arguments, seconds)
                others = Usage.now(self.cores, running.pids).others_since(before)
            except Failure as failure:
                return {}, Result(problem=str(failure))
        if report["is_clean"]:
            log.unlink()
        result = Result(findings=report["violations"], others=others)
        result.is_disturbed = others > MOST_OTHERS or is_late(report)
        return report, result

    def hit(self, running: Running, arguments: Sequence[str], seconds: float) -> dict:
        """The report of hubbub-load."""
        is_secure = running.server.is_secure
        url = f"{'wss' if is_secure else 'ws'}://127.0.0.1:{running.port()}/ws"
        watched = [word for pid in running.pids for word in ("--server-pid", str(pid))]
        process = subprocess.Popen(
            ["taskset", "--cpu-list", str(self.cores.load), self.load, *arguments, url,
             *watched, *["--insecure"] * is_secure, "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", start_new_session=True)
        try:
            output, errors = process.communicate(timeout=seconds + PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure(f"no end within {seconds + PATIENCE:.0f} s") from None
        finally:
            end(process)
        if running.process.poll() is not None:
            raise Failure(f"the server ended, with {running.process.returncode}; "
                          f"see {running.log}")
        if process.returncode not in (0, 1):
            lines = errors.strip().splitlines() or [f"hubbub-load ended with {process.returncode}"]
            raise Failure(lines[-1].removeprefix("hubbub-load: "))
        return json.loads(output.splitlines()[-1])


def is_late(report: dict) -> bool:
    """Whether hubbub-load was late although it had the time."""
    lines, own = report.get("lines"), report["own_processor"]["seconds"]
    if not lines or lines["latest_milliseconds"] <= MOST_LATE:
        return False
    return own < BUSY * report["deliveries"]["seconds"]


@dataclass(frozen=True)
class Usage:
    """Elapsed seconds, and seconds used on the two cores, in total, and by the server's and our
    processes."""

    at: float
    idle: float
    interrupts: float
    server: float
    ended: float

    @staticmethod
    def now(cores: Cores, servers: Sequence[int]) -> "Usage":
        idle = interrupts = 0.0
        wanted = {f"cpu{cores.server}", f"cpu{cores.load}"}
        for line in Path("/proc/stat").read_text().splitlines():
            name, *ticks = line.split()
            if name in wanted:
                # user nice system idle iowait irq softirq steal
                idle += (int(ticks[3]) + int(ticks[4])) / TICK
                interrupts += (int(ticks[5]) + int(ticks[6])) / TICK
        return Usage(
            at=time.monotonic(), idle=idle, interrupts=interrupts,
            server=sum(time.clock_gettime(processor_clock(each)) for each in servers),
            ended=sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))

    def others_since(self, before: "Usage") -> float:
        """The share of the two cores' time that neither process used and that wasn't idle: other
        processes, or another machine on the same hardware."""
        passed = (self.at - before.at) * 2
        used = passed - (self.idle - before.idle)
        if INTERRUPTS_ARE_APART:
            used -= self.interrupts - before.interrupts
        ours = self.server - before.server + self.ended - before.ended
        return max(used - ours, 0) / passed


def interrupts_are_apart() -> bool:
    """Whether the kernel counts the time of interrupts separately from that of processes. Most
    of it is ours, because loopback delivers in interrupts."""
    try:
        if Path("/proc/config.gz").exists():
            config = gzip.decompress(Path("/proc/config.gz").read_bytes()).decode()
        else:
            config = Path(f"/boot/config-{platform.release()}").read_text()
    except OSError:
        return False
    return "CONFIG_IRQ_TIME_ACCOUNTING=y" in config


INTERRUPTS_ARE_APART = interrupts_are_apart()
