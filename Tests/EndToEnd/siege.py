"""A daemon under attack, and two clients that keep chatting."""

import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import secure
from chat import parse, say
from daemon import PATIENCE, Daemon
from wire import Wire, request

# Limits for a daemon under attack: far more lines than the bystanders say, and short timeouts.
LIMITS = ("--lines-per-second", "100", "--line-burst", "200", "--close-timeout", "1")
# Separate addresses, so that limits for the attacker's address don't apply to them.
ANN, BOB, MONITOR = "127.0.1.1", "127.0.1.2", "127.0.1.3"
# Seconds between two lines of the bystanders.
PACE = 0.02

COMPLAINT = re.compile(r"^\S+ (warning|error|critical) ")
HISTORY_IS_OPEN = re.compile("History is open")


def eventually(holds: Callable[[], bool], what: Callable[[], object]):
    """Polls until something holds. `what` describes the state if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what()


def descriptors(daemon: Daemon) -> int:
    """How many descriptors are open, without files, which the store opens and closes as needed.
    Waits for the store, because opening it briefly takes descriptors of other kinds."""
    if daemon.keeps_history:
        daemon.wait_for(HISTORY_IS_OPEN)
    count = 0
    for each in Path("/proc", str(daemon.process.pid), "fd").iterdir():
        # It may already be closed.
        with suppress(FileNotFoundError):
            count += not os.readlink(each).startswith("/")
    return count


class Monitor:
    """What the kernel and `/metrics` report about a daemon, over one connection kept alive."""

    def __init__(self, daemon: Daemon):
        self._process = Path("/proc", str(daemon.process.pid))
        self._daemon = daemon
        self._wire = Wire(daemon.port, MONITOR)

    def close(self):
        self._wire.__exit__()

    def metric(self, name: str) -> float:
        """The sum of a metric's samples, or 0 if there is none yet."""
        self._wire.send(request("GET /metrics HTTP/1.1"))
        text = self._wire.response().body.decode()
        samples = re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, samples))

    def memory(self) -> int:
        """Bytes of the largest resident set so far."""
        return int(re.search(
            r"^VmHWM:\s+(\d+) kB$", self._process.joinpath("status").read_text(), re.MULTILINE,
        ).group(1)) << 10

    def processor_time(self) -> int:
        """Nanoseconds of processor time of all threads."""
        return sum(
            int(each.joinpath("schedstat").read_text().split()[0])
            for each in self._process.joinpath("task").iterdir())

    def holdings(self) -> dict[str, float]:
        """What must not be left after an attack."""
        names = ("hubbub_connections", "hubbub_websockets", "hubbub_waiting_bytes",
                 "hubbub_laggards")
        holdings = {name: self.metric(name) for name in names}
        return holdings | {"descriptors": descriptors(self._daemon)}

    def complaints(self) -> list[str]:
        return list(filter(COMPLAINT.match, self._daemon.lines))


class Bystanders:
    """Ann says numbers, and Bob gets all of them in order, whatever other clients do."""

    def __init__(self, daemon: Daemon, query: str = ""):
        self.said = 0
        self._failure: BaseException | None = None
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._open = ExitStack()
        options = {"open_timeout": PATIENCE, "close_timeout": PATIENCE, "proxy": None}
        self._ann, self._bob = (
            self._open.enter_context(secure.connect(
                daemon.ws(query), source_address=(address, 0), **options))
            for address in (ANN, BOB))
        self._thread = threading.Thread(target=self._chat)

    def close(self):
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._open.close()

    def exchange(self):
        """One line that both clients get."""
        say(self._ann, str(self.said))
        for client in (self._bob, self._ann):
            while True:
                _, _, name, text = parse(client.recv(timeout=PATIENCE))
                if name == "ann":
                    break
            assert text == str(self.said)
        with self._changed:
            self.said += 1
            self._changed.notify_all()

    def start(self):
        self.exchange()
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join()
        self._check()

    def _check(self):
        if self._failure:
            raise AssertionError(f"the chat broke at line {self.said}") from self._failure

    def hear(self, lines: int):
        """Waits until this many more lines were said and received."""
        wanted = self.said + lines
        with self._changed:
            self._changed.wait_for(lambda: self._failure or self.said >= wanted, PATIENCE)
        self._check()
        assert self.said >= wanted, f"only {self.said} lines"

    def _chat(self):
        try:
            while not self._over.wait(PACE):
                self.exchange()
        except BaseException as failure:
            with self._changed:
                self._failure = failure
                self._changed.notify_all()


class Siege:
    def __init__(self, daemon: Daemon, bystanders: Bystanders, monitor: Monitor):
        self.daemon, self.bystanders, self.monitor = daemon, bystanders, monitor


@contextmanager
def besieged(daemon: Daemon, query: str = "?room=quiet", complaint: str | None = None):
    """Two clients keep chatting while the block attacks the daemon, and after it. They have their
    own room, unless `query` puts them where the attacker is.

    Afterwards nothing is left of the attack: no connection, no descriptor, no waiting byte, and
    nothing in the log except the one expected kind of message.
    """
    with ExitStack() as stack:
        monitor = Monitor(daemon)
        stack.callback(monitor.close)
        bystanders = Bystanders(daemon, query)
        stack.callback(bystanders.close)
        before = monitor.holdings()
        bystanders.start()
        yield Siege(daemon, bystanders, monitor)
        bystanders.stop()
        for _ in range(10):
            bystanders.exchange()
        eventually(lambda: monitor.holdings() == before,
                   lambda: f"{monitor.holdings()} is left after the attack, before:  {before}")
        said = monitor.complaints()
        assert bool(said) == bool(complaint) and all(complaint in each for each in said), said
        assert daemon.process.poll() is None
