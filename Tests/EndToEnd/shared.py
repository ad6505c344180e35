"""A cluster under the tests: with `pytest --cluster` every daemon that keeps a history is a node. Daemons with one data
directory share a database of Redis, and others are apart."""

import atexit
from pathlib import Path

# Whether this run is over Redis.
IS_ON = False

# As many directories as the tests of a process may have.
DATABASES = 10_000

_server = None
_databases: dict[Path, int] = {}


def switch_on():
    """Makes nodes of all daemons of this run. Call it before any of them starts."""
    global IS_ON
    IS_ON = True


def flags(data: Path) -> list[str]:
    """What makes a node of a daemon with this data directory."""
    global _server
    if _server is None:
        # It needs the module that imports this one.
        from redis_server import Redis
        _server = Redis("--databases", str(DATABASES))
        atexit.register(_server.stop)
    number = _databases.setdefault(data, len(_databases) + 1)
    return ["--cluster", f"{_server.url}?db={number}"]
