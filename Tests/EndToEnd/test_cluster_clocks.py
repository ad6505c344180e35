"""Wall clocks that jump: of a node, and of Redis, which keys expire by."""

import subprocess
import sys
from pathlib import Path

import pytest

from cluster import check_numbers, post_again
from daemon import PATIENCE, ROOT
from rich import fresh_id, numbers_of
from siege import eventually
from test_cluster_presence import await_names, names

HOUR = 3_600
# To the future, to the past, and back.
JUMPS = (HOUR, -24 * HOUR, 0)


class WallClock:
    """The wall clock of processes that are started with its prefix. Their other clocks are right."""

    def __init__(self, folder: Path):
        self._file = folder / "offset"
        self._file.write_bytes(bytes(8))
        library = folder / "wall_clock.so"
        # The compiler of C that comes with Swift.
        subprocess.run(
            ["clang", "-shared", "-fPIC", "-O1", "-o", library, ROOT / "Tests/EndToEnd/wall_clock.c"],
            check=True, timeout=PATIENCE)
        self.prefix = ("env", f"LD_PRELOAD={library}", f"WALL_CLOCK_OFFSET={self._file}")

    def jump(self, seconds: int):
        """Puts it so far off."""
        with self._file.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


@pytest.fixture
def wall_clock(tmp_path) -> WallClock:
    return WallClock(tmp_path)


def test_the_clock_of_a_node_may_jump(node, redis, wall_clock, rich):
    odd, even = node(redis.url, prefix=wall_clock.prefix), node(redis.url)
    ann, bob = rich(odd), rich(even)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    for client in (ann, bob):
        await_names(client, "ann", "bob")
    for number, seconds in enumerate(JUMPS):
        wall_clock.jump(seconds)
        lease = redis("PTTL", "hubbub:node:node-1")
        assert ann.post(f"a{number}", "go")["seq"] == 2 * number + 1
        id = fresh_id()
        line = {"type": "message", "room": "go", "message": f"b{number}", "id": id}
        assert bob.ask(**line)["seq"] == 2 * number + 2
        assert bob.ask(**line)["seq"] == 2 * number + 2
        # Its lease is renewed as before.
        eventually(lambda: redis("PTTL", "hubbub:node:node-1") > lease, lambda: odd.lines)
        assert names(ann) == names(bob) == ["ann", "bob"]
    for client in (ann, bob):
        assert numbers_of(client.lines(6)) == [1, 2, 3, 4, 5, 6]
    back = rich(odd)
    assert back.join("go", username="back", after={"epoch": epoch, "seq": 2})["recovered"] is True
    assert numbers_of(back.lines(4)) == [3, 4, 5, 6]
    # Nobody seemed to be away.
    counts = [event["count"] for event in bob.heard("presence")]
    assert counts == sorted(counts), counts
    check_numbers(ann, bob, back, room="go")


def test_the_clock_of_redis_may_jump(node, serve_redis, wall_clock, rich):
    redis = serve_redis(prefix=wall_clock.prefix)
    nodes = [node(redis.url) for _ in range(2)]
    ann, bob = (rich(each) for each in nodes)
    epoch = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    for number, seconds in enumerate(JUMPS):
        before = int(redis("TIME")[0])
        wall_clock.jump(seconds)
        assert abs(int(redis("TIME")[0]) - before) > HOUR / 2
        assert post_again(ann, f"a{number}", f"a{number}", "go")["seq"] == 2 * number + 1
        assert post_again(bob, f"b{number}", f"b{number}", "go")["seq"] == 2 * number + 2
        # What has expired is written again.
        for key in ("hubbub:node:node-1", "hubbub:node:node-2"):
            eventually(lambda: 0 < redis("PTTL", key) <= 5_000, lambda: redis("PTTL", key))
        for client in (ann, bob):
            await_names(client, "ann", "bob")
    for client in (ann, bob):
        assert numbers_of(client.lines(6)) == [1, 2, 3, 4, 5, 6]
    assert rich(nodes[0]).join("go", username="late")["epoch"] == epoch
    check_numbers(ann, bob, room="go")
    # A node that is gone then is gone soon.
    nodes[1].kill()
    await_names(ann, "ann", "late")
