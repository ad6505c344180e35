"""Fixtures: daemons that end with their test, and clients that end before them."""

from contextlib import ExitStack
from pathlib import Path

import pytest

import secure
import shared
from cluster import node, proxy, redis, serve_redis  # noqa: F401
from daemon import PATIENCE, Daemon
from rich import SUBPROTOCOL, Rich
from terminal import Chat


def pytest_addoption(parser):
    parser.addoption("--tls", action="store_true", help="put TLS under all daemons and clients")
    parser.addoption("--cluster", action="store_true", help="keep all histories in Redis")


def pytest_configure(config):
    config.addinivalue_line("markers", "plain: the test is about a port without TLS")
    config.addinivalue_line("markers", "embedded: the test is about the embedded store")
    if config.getoption("--tls"):
        secure.switch_on()
    if config.getoption("--cluster"):
        shared.switch_on()


def pytest_collection_modifyitems(items):
    for item in items:
        if secure.IS_ON and item.get_closest_marker("plain"):
            item.add_marker(pytest.mark.skip(reason="about a port without TLS"))
        if shared.IS_ON and item.get_closest_marker("embedded"):
            item.add_marker(pytest.mark.skip(reason="about the embedded store"))


@pytest.fixture
def start(tmp_path):
    """Starts daemons with the given arguments. All are stopped when the test is over.

    Each has its own data directory, unless `data` names one.
    """
    running = []

    def start(*arguments: str, data: Path | None = None, **options) -> Daemon:
        daemon = Daemon(data or tmp_path / f"data-{len(running)}", *arguments, **options)
        running.append(daemon)
        return daemon

    yield start
    for daemon in running:
        daemon.stop()


@pytest.fixture
def daemon(start) -> Daemon:
    """A daemon with the default limits."""
    return start()


@pytest.fixture
def join():
    """Connects clients of the plain dialect. All are closed when the test is over."""
    with ExitStack() as clients:
        def join(daemon: Daemon, query: str = "", **options):
            return clients.enter_context(secure.connect(
                daemon.ws(query), open_timeout=PATIENCE, close_timeout=PATIENCE, proxy=None,
                **options))

        yield join


@pytest.fixture
def rich(join):
    """Connects clients of the rich dialect that are in no room yet."""
    def rich(daemon: Daemon, query: str = "", **options) -> Rich:
        return Rich(join(
            daemon, query, subprotocols=[SUBPROTOCOL], max_size=None, max_queue=None, **options))

    return rich


@pytest.fixture
def chat():
    """Starts `hubbub chat`. All are stopped when the test is over."""
    running = []

    def start(url: str, *arguments: str) -> Chat:
        running.append(Chat(url, *arguments))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture(params=["sqlite", "none"])
def storage(request) -> tuple[str, str]:
    """Arguments of a daemon that keeps lines, and of one that doesn't."""
    return "--history", request.param
