"""Fixtures: daemons that end with their test, and clients that end before them."""

from contextlib import ExitStack

import pytest
from websockets.sync.client import connect

from daemon import PATIENCE, Daemon


@pytest.fixture
def start(tmp_path):
    """Starts daemons with given arguments; all are stopped when the test is over."""
    running = []

    def start(*arguments: str, data=None, **options) -> Daemon:
        data = data or tmp_path / f"data-{len(running)}"
        daemon = Daemon(data, *arguments, **options)
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
    """Connects clients of the plain dialect; all are closed when the test is over."""
    with ExitStack() as clients:
        def join(daemon: Daemon, query: str = "", **options):
            return clients.enter_context(connect(
                daemon.ws(query), open_timeout=PATIENCE, close_timeout=PATIENCE, proxy=None,
                **options))

        yield join
