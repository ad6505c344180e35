"""A raid and its end: many accounts fill a crowded room, a moderator purges all their lines with
one command, and undoes that. What it takes, and how long lines of other rooms take meanwhile. For
comparison, the moderator says a line to the crowd before."""

import json
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packets import command, handshake, join
from running import Cores, Failure, Running, Server
from scenery import Talk

ROOM = "raid"
READERS, ACCOUNTS, LINES_OF_EACH = 10_000, 500, 10
# Every tenth line is somebody else's, so that the purged ones are many runs.
BETWEEN = 10
MODERATOR = "mod"
# Seconds before the purge, and of each change with what follows it.
QUIET, WINDOW = 3, 1
# Seconds between two lines of the bystander.
PACE = 0.005
# The longest time until everybody knows, in seconds, and how many times as long as while a line goes
# to the crowd the p99 of other rooms may be.
MOST, MOST_RATIO = 1, 2
WITHOUT_RATES = (
    "--lines-per-second", "0", "--cost-per-second", "0",
    "--ping-interval", "0", "--handshakes-per-second-per-address", "1000000")


class Holder(Talk):
    """A connection with a token, in the room."""

    def __init__(self, port: int, token: str):
        super().__init__(port, is_http=True)
        self.socket.sendall(handshake(fields={"Authorization": f"Bearer {token}"}))
        self.responses(1)
        self.socket.sendall(join(ROOM, rev=0, history=0))
        self.event("joined")

    def ask(self, **fields) -> dict:
        wanted = fields["type"]
        self.socket.sendall(command(id=wanted, room=ROOM, **fields))
        while True:
            _, payload = self.frame()
            event = json.loads(payload)
            if event.get("id") == wanted:
                if event["type"] != "ack":
                    raise Failure(f"{wanted}: {event}")
                return event


def raid(daemon: str, cores: Cores, logs: Path, start, said, finished, figures) -> dict:
    with tempfile.TemporaryDirectory() as data:
        def token(name: str) -> str:
            role = "moderator" if name == MODERATOR else "member"
            made = subprocess.run(
                [daemon, "token", "--data", data, "--sub", name, "--name", name, "--role", role],
                capture_output=True, text=True, check=True)
            return made.stdout.strip()

        accounts = [f"u{number}" for number in range(ACCOUNTS)]
        moderator = token(MODERATOR)
        with ThreadPoolExecutor() as pool:
            tokens = list(pool.map(token, accounts))
        server = Server("hubbub", "hubbub", (
            daemon, "serve", "--host", "127.0.0.1", "--port", "0", "--data", data,
            *WITHOUT_RATES))
        started: list[subprocess.Popen] = []
        with Running(server, cores.server, logs / "raid.log") as running:
            try:
                return observe(running.port(), moderator, tokens, accounts, started,
                               lambda *words: start(cores, *words), said, finished, figures)
            finally:
                for process in started:
                    process.kill()
                    process.wait()


def observe(port: int, moderator: str, tokens: list[str], accounts: list[str],
            started: list[subprocess.Popen], start, said, finished, figures) -> dict:
    fill(port, tokens)
    crowd = start("crowd.py", str(port), ROOM, str(READERS))
    started.append(crowd)
    said(crowd, "the readers")
    bystander = start("bystander.py", str(port), f"{PACE}")
    started.append(bystander)
    said(bystander, "the bystander")
    with Holder(port, moderator) as talk:
        time.sleep(1)
        quiet = time.monotonic()
        time.sleep(QUIET)
        count = ACCOUNTS * LINES_OF_EACH
        line = change(talk, crowd, said, "message 1", type="message", message="all of you: calm down")
        purge = change(talk, crowd, said, f"purged {count}", type="purge", users=accounts)
        undo = change(talk, crowd, said, "restored 1", type="undo", rev=purge["rev"])
        lines = json.loads(finished(bystander, "the bystander"))
    return {
        "readers": READERS, "accounts": ACCOUNTS, "lines": count,
        "quiet": figures(lines, (quiet, quiet + QUIET)),
        **{name: each | figures(lines, (each["begun"], each["begun"] + WINDOW))
           for name, each in (("line", line), ("purge", purge), ("undo", undo))}}


def fill(port: int, tokens: list[str]) -> None:
    """The accounts speak in turn, and a guest between them."""
    with Talk(port) as guest:
        guest.socket.sendall(join(ROOM, username="guest", history=0))
        guest.event("joined")
        holders = [Holder(port, token) for token in tokens]
        for each in range(LINES_OF_EACH):
            for number, holder in enumerate(holders):
                text = f"raid {each} " + "x" * 60
                holder.socket.sendall(command(type="message", room=ROOM, message=text, id=f"{each}"))
                if number % BETWEEN == 0:
                    guest.socket.sendall(
                        command(type="message", room=ROOM, username="guest", message="hm"))
            # All of them are stored before the next round.
            holders[-1].event("ack")
            for holder in [*holders[:-1], guest]:
                holder.drain()
        for holder in holders:
            holder.__exit__()


def change(talk: Holder, crowd: subprocess.Popen, said, awaited: str, **fields) -> dict:
    """Asks for a change, waits until everybody knows, and for the rest of its window."""
    crowd.stdin.write(awaited + "\n")
    crowd.stdin.flush()
    begun = time.monotonic()
    rev = talk.ask(**fields).get("rev")
    acked = time.monotonic() - begun
    told = float(said(crowd, "the readers")) - begun
    time.sleep(max(begun + WINDOW - time.monotonic(), 0))
    return {"rev": rev, "begun": begun, "acked": acked * 1_000, "told": told * 1_000}


def text_of_raid(found: dict) -> str:
    rows = [f"{found['lines']} lines of {found['accounts']} accounts, {found['readers']} readers:",
            "| | ack | all readers told | other rooms: median, p99, worst |", "|---|--:|--:|--:|"]
    for name in ("quiet", "line", "purge", "undo"):
        each = found[name]
        times = (f"{each['acked']:.0f} ms | {each['told']:.0f} ms" if "acked" in each else "|")
        rows.append(f"| {name} | {times} | {each['median']:.1f}, {each['p99']:.1f}, "
                    f"{each['most']:.1f} ms |")
    return "\n".join(rows)


def problems_of_raid(found: dict) -> list[str]:
    """Why the raid isn't ended as it should be."""
    bar = MOST_RATIO * max(found[name]["p99"] for name in ("quiet", "line"))
    missed = []
    for name in ("purge", "undo"):
        each = found[name]
        if each["told"] > MOST * 1_000:
            missed.append(f"{name}: the last reader was told after {each['told']:.0f} ms")
        if each["p99"] > bar:
            missed.append(f"{name}: the p99 of other rooms is {each['p99']:.1f} ms, more than "
                          f"{bar:.1f}")
    return missed
