"""What a command of each kind costs the daemon: its processor time, from one connection that waits
for each batch of commands. It is compared with the price that the daemon takes."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from attacks import (
    COMMAS, ESCAPED, FIELDS, FULL, NESTED, OLD_LINES, WIDE, Attack, Scene, blank, marked_name,
    rich)
from scenery import Talk, prepare
from packets import (
    PING, PONG, TEXT, command, frame, handshake, join, leave, packed, request)
from running import Cores, Running, Server, processor_clock

# The largest rate that can be set.
MOST = "1000000"
# How many microseconds of the reactor a unit may stand for.
MOST_PER_UNIT = 2
# Commands of a batch, few enough for one tick.
BATCH = 50
# Seconds for which a kind is measured.
SECONDS = 0.5
# Seconds after which the daemon has told all news of presence, and is quiet.
SETTLING = 1.2
# Members of the crowded room, besides the one that is measured.
CROWD = 194
ROOM = "crowd"


@dataclass(frozen=True)
class Kind:
    """A kind of command."""

    name: str
    text: str
    # Its `number`th command. Several frames if they are measured together.
    make: Callable[[int], bytes]
    batch: int = BATCH
    is_http: bool = False
    deflates: bool = False


def join_crowd(number: int) -> bytes:
    return join(ROOM, username=marked_name(number), history=0)


def history(limit: int) -> Callable[[int], bytes]:
    return lambda number: command(type="history", room=FULL, before=4_000, limit=limit)


def message(**fields) -> bytes:
    return command(type="message", room="own", **fields)


def kinds(scene: Scene) -> list[Kind]:
    return [
        Kind("pong", "pong", lambda number: frame(PONG)),
        Kind("ping", "ping, and its pong", lambda number: frame(PING)),
        Kind("refused", "refused command", lambda number: command(type="leave", room="nowhere")),
        Kind("nonsense", "text that isn't JSON", lambda number: frame(TEXT, b"{")),
        Kind("rejoin", "join of a room that one is in",
             lambda number: join("own", username="a", history=0)),
        Kind("rename", "join with another name, among 195", join_crowd),
        Kind("join-leave", "join and leave", lambda number: join("new", history=0) + leave("new")),
        Kind("new-rooms", "join and leave of a room that nobody was in",
             lambda number: join(f"r{number}", history=0) + leave(f"r{number}")),
        Kind("members", "members, of 195 that haven't changed",
             lambda number: command(type="members", room=ROOM)),
        Kind("members-renamed", "members, of 195 of which one has changed its name",
             lambda number: join_crowd(number) + command(type="members", room=ROOM)),
        Kind("message", "line", lambda number: message(message="hello there", username="a")),
        Kind("message-id", "line with an id",
             lambda number: message(message="hello there", username="a", id=f"{number}")),
        Kind("repeat-id", "line with an id that is known",
             lambda number: message(message="once", username="a", id="known")),
        Kind("blank", "line of 2 000 characters that are drawn as nothing",
             lambda number: message(message=blank(2_000), username="a"), 10),
        Kind("history-10", "history of 10 lines", history(10)),
        Kind("history-200", "history of 200 lines", history(200), 10),
        Kind("resume", "join with 8 000 missed lines, and leave",
             lambda number: join(FULL, after=scene.after(OLD_LINES - 1)) + leave(FULL), 10),
        Kind("resume-packed", "the same with compression",
             lambda number: join(FULL, after=scene.after(OLD_LINES - 1)) + leave(FULL), 10,
             deflates=True),
        Kind("bomb", "compressed command of 60 KB", lambda number: packed(WIDE), 10, deflates=True),
        Kind("escapes", "command of 1 000 escapes", lambda number: frame(TEXT, ESCAPED), 10),
        Kind("nested", "command of nested arrays", lambda number: frame(TEXT, NESTED)),
        Kind("fields", "command of 1 000 fields", lambda number: frame(TEXT, FIELDS), 10),
        Kind("healthz", "GET /healthz", lambda number: request("GET /healthz"), is_http=True),
        Kind("page", "GET /", lambda number: request("GET /"), 1, is_http=True),
        Kind("page-head", "HEAD /", lambda number: request("HEAD /"), is_http=True),
        Kind("metrics", "GET /metrics", lambda number: request("GET /metrics"), 1, is_http=True),
        Kind("metrics-head", "HEAD /metrics", lambda number: request("HEAD /metrics"),
             is_http=True),
        Kind("not-found", "GET of a page that isn't there",
             lambda number: request("GET /nowhere", {"Accept": "text/html"}), is_http=True),
        Kind("forwarded", "refused handshake with 7 800 commas in X-Forwarded-For",
             lambda number: handshake(fields={"X-Forwarded-For": COMMAS}), 1, is_http=True),
        Kind("connection", "connection with a handshake",
             lambda number: handshake("noise", is_rich=False), 1, is_http=True),
    ]


def prices(daemon: str, cores: Cores, logs: Path) -> list[dict]:
    """The microseconds of each kind, on a daemon without limits of rates."""
    found = []
    server = Server("hubbub", "hubbub", (
        daemon, "serve", "--host", "127.0.0.1", "--port", "0", "--control-watermark", "64MiB",
        # With the limits off, nothing would be charged.
        "--cost-per-second", MOST, "--cost-burst", MOST, "--lines-per-second", MOST,
        "--line-burst", MOST, "--errors-per-minute", "0",
        "--trusted-proxies", "127.0.0.0/8", "--handshakes-per-second-per-address", MOST))
    with Running(server, cores.server, logs / "prices.log") as running:
        port = running.port()
        # To ask has its price, too.
        asking = -paid(port) + paid(port)
        scene = prepare(Attack("", "", 1, rich(b""), lines=OLD_LINES), port)
        crowd = [Talk(port) for _ in range(CROWD)]
        for number, member in enumerate(crowd):
            member.socket.sendall(join_crowd(number + 1_000_000))
            member.event("joined")
        for kind in kinds(scene):
            # The crowd takes its news, or its sockets would fill.
            for member in crowd:
                member.drain()
            time.sleep(SETTLING)
            units = -paid(port) - asking
            reactor, threads, count = measure(kind, port, running.pid)
            units += paid(port)
            found.append({"name": kind.name, "text": kind.text, "count": count,
                          "units": units / count, "reactor": reactor / count / 1_000,
                          "threads": threads / count / 1_000})
        for member in crowd:
            member.__exit__()
    return found


def paid(port: int) -> int:
    """The units that all connections have paid so far."""
    with Talk(port, is_http=True) as caller:
        caller.socket.sendall(request("GET /metrics", {"Connection": "close"}))
        page = b"".join(iter(lambda: caller.socket.recv(65_536), b"")).decode()
    return int(re.search(r"^hubbub_cost_units_total (\d+)$", page, re.MULTILINE)[1])


def spent(pid: int) -> tuple[int, int]:
    """Nanoseconds of the reactor, which is the first thread, and of all threads."""
    reactor = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]
    return int(reactor), time.clock_gettime_ns(processor_clock(pid))


def measure(kind: Kind, port: int, pid: int) -> tuple[float, float, int]:
    """The nanoseconds of the reactor and of all threads, and the number of commands."""
    number = count = 0
    talk = None if kind.name == "connection" else Talk(port, kind.is_http, kind.deflates)
    if talk and not kind.is_http:
        talk.socket.sendall(
            join("own", username="a", history=0) + join_crowd(2_000_000)
            + join(FULL, history=0) * (not kind.name.startswith("resume")) + join("noise")
            + message(message="once", username="a", id="known"))
        talk.event("ack")
    end, before = time.monotonic() + SECONDS, spent(pid)
    while time.monotonic() < end or count < 2 * kind.batch:
        batch = b"".join(kind.make(number + each) for each in range(kind.batch))
        number += kind.batch
        count += kind.batch
        if talk is None:
            with Talk(port, is_http=True) as caller:
                caller.socket.sendall(batch)
                caller.responses(1)
        elif kind.is_http:
            talk.socket.sendall(batch)
            talk.responses(kind.batch, has_content=not batch.startswith(b"HEAD"))
        else:
            # The pong shows that all commands before it were executed.
            talk.socket.sendall(batch + frame(PING, b"%d" % number))
            talk.pong(b"%d" % number)
        if kind.name == "forwarded" and talk.has_upgraded:
            talk.__exit__()
            talk = Talk(port, is_http=True)
    after = spent(pid)
    if talk:
        talk.__exit__()
    return after[0] - before[0], after[1] - before[1], count


def table_of_prices(found: list[dict]) -> str:
    rows = ["| kind | price | µs of the reactor | µs of all threads | measured |",
            "|---|--:|--:|--:|--:|"]
    rows += [f"| {each['text']} (`{each['name']}`) | {each['units']:.1f} | {each['reactor']:.1f} "
             f"| {each['threads']:.1f} | {each['count']} |" for each in found]
    return "\n".join(rows)


def too_cheap(found: list[dict]) -> list[str]:
    """The kinds that take far more of the reactor than they pay for."""
    return [f"{each['name']}: {each['reactor']:.1f} µs for {each['units']:.1f} units"
            for each in found if each["reactor"] > MOST_PER_UNIT * each["units"]]
