"""A crowd: all clients get all lines in one order."""

import asyncio
import contextlib
import json

from websockets.asyncio.client import connect

from chat import parse
from daemon import PATIENCE

CLIENTS = 200
LINES_EACH = 2


async def crowd(address: str) -> list[list[tuple[str, int, str, str]]]:
    """What each client received, after each has sent its lines."""
    async def speak(number, client):
        for turn in range(LINES_EACH):
            await client.send(json.dumps({"username": f"u{number}", "message": str(turn)}))

    async def listen(client):
        return [parse(await client.recv()) for _ in range(CLIENTS * LINES_EACH)]

    async with contextlib.AsyncExitStack() as stack:
        clients = await asyncio.gather(*(
            stack.enter_async_context(connect(
                address, open_timeout=PATIENCE, ping_interval=None, compression=None, proxy=None))
            for _ in range(CLIENTS)))
        heard, _ = await asyncio.gather(
            asyncio.gather(*map(listen, clients)),
            asyncio.gather(*(speak(*pair) for pair in enumerate(clients))))
        return heard


def test_200_clients_get_all_lines_of_all_in_one_order(start):
    daemon = start("--lines-per-second", "0")
    heard = asyncio.run(asyncio.wait_for(crowd(daemon.ws()), 2 * PATIENCE))

    first = heard[0]
    assert [number for _, number, _, _ in first] == list(range(1, CLIENTS * LINES_EACH + 1))
    assert all(lines == first for lines in heard)
    for number in range(CLIENTS):
        own = [text for _, _, name, text in first if name == f"u{number}"]
        assert own == [str(turn) for turn in range(LINES_EACH)]
