"""What stands between nodes and a Redis server: a proxy that loses, doubles and delays messages,
holds bytes back, and cuts connections."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

# What a connection carries: to the server, its answers, and what it publishes.
REQUESTS, REPLIES, MESSAGES = "requests", "replies", "messages"
ALL = (REQUESTS, REPLIES, MESSAGES)


class RedisProxy:
    """Passes connections on to the local socket of a server. It has a thread of its own.

    What is held back is passed on later, as a network does that works again.
    """

    def __init__(self, target: Path):
        # Where new connections go.
        self.target = target
        # Seconds that everything is on its way, in each direction.
        self.latency = 0.0
        # Given the channel and the text of a published message: how long each copy of it is on its
        # way, in seconds. None at all if it is lost.
        self.copies: Callable[[bytes, bytes], Iterable[float]] = lambda channel, text: (0,)
        self._links: set[_Link] = set()
        self._serving: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        self._gates: dict[str, asyncio.Event] = {}
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._server = self._await(self._open())

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def hold(self, *kinds: str):
        """Holds back all bytes of these kinds, of new connections, too."""
        self._in_loop(lambda: [self._gates[kind].clear() for kind in kinds or ALL])

    def release(self):
        """Passes on what was held back, and what comes then."""
        self._in_loop(lambda: [gate.set() for gate in self._gates.values()])

    def cut(self):
        """Resets all connections. Bytes that were held back are lost."""
        self._in_loop(lambda: [link.abort() for link in list(self._links)])

    def stop(self):
        async def end():
            self._server.close()
            for link in list(self._links):
                link.abort()
            if self._serving:
                await asyncio.wait(self._serving)

        self._await(end())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _in_loop(self, body: Callable[[], object]):
        async def call():
            body()

        self._await(call())

    def _await(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self):
        for kind in ALL:
            self._gates[kind] = asyncio.Event()
            self._gates[kind].set()
        return await asyncio.start_server(self._serve, sock=self._listener)

    async def _serve(self, reader, writer):
        serving = asyncio.current_task()
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        try:
            server = await asyncio.open_unix_connection(self.target)
        except OSError:
            return writer.transport.abort()
        link = _Link(self, writer, server[1])
        self._links.add(link)
        ways = [asyncio.create_task(self._pass(*way)) for way in (
            (link, reader, server[1], link.requests), (link, server[0], writer, link.answers))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        link.abort()
        await asyncio.wait(ways)
        self._links.discard(link)

    async def _reached(self, due: float):
        if due > self._loop.time():
            moment = asyncio.Event()
            self._loop.call_at(due, moment.set)
            await moment.wait()

    async def _pass(self, link, reader, writer, parts):
        """Passes on what arrives, in order, until it ends. Each part has its time."""
        queue = asyncio.Queue()

        async def send():
            while part := await queue.get():
                due, kind, data = part
                await self._reached(due)
                await self._gates[kind].wait()
                write(data)

        def write(data):
            if not writer.is_closing():
                writer.write(data)

        sending = asyncio.create_task(send())
        link.tasks.append(sending)
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                due = self._loop.time() + self.latency
                for kind, part, late in parts(data):
                    if late:
                        self._loop.call_later(self.latency + late, write, part)
                    else:
                        queue.put_nowait((due, kind, part))
        queue.put_nowait(None)
        await asyncio.wait([sending])


class _Link:
    """A connection of a node, and its continuation to the server."""

    def __init__(self, proxy: RedisProxy, *writers: asyncio.StreamWriter):
        self._proxy, self._writers = proxy, writers
        self.tasks: list[asyncio.Task] = []
        self._is_news = False
        # A message of which a part has arrived.
        self._rest = b""

    def abort(self):
        for task in self.tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()

    def requests(self, data: bytes):
        """The parts of what goes to the server."""
        # Before it, all that was asked is answered.
        self._is_news = self._is_news or b"\r\nSUBSCRIBE\r\n" in data
        yield REQUESTS, data, 0

    def answers(self, data: bytes):
        """The parts of what comes from the server."""
        if not self._is_news:
            yield REPLIES, data, 0
            return
        data = self._rest + data
        place = 0
        while end := end_of_message(data, place):
            message, place = data[place:end], end
            if not message.startswith(b"*3\r\n$7\r\nmessage\r\n"):
                yield MESSAGES, message, 0
                continue
            # The lengths stand before the channel and before the text.
            _, _, _, size, rest = message.split(b"\r\n", 4)
            channel = rest[:int(size[1:])]
            text = rest[len(channel) + 2:].split(b"\r\n", 1)[1][:-2]
            for late in self._proxy.copies(channel, text):
                yield MESSAGES, message, late
        self._rest = data[place:]


def end_of_message(data: bytes, place: int) -> int | None:
    """Where the array at `place` ends, whose elements are no arrays. None if a part is missing."""
    end = data.find(b"\r\n", place)
    if end < 0:
        return None
    count, place = int(data[place + 1:end]), end + 2
    for _ in range(count):
        end = data.find(b"\r\n", place)
        if end < 0:
            return None
        size = int(data[place + 1:end]) + 2 if data[place:place + 1] == b"$" else 0
        # Nothing has the length -1.
        place = end + 2 + (size if size > 1 else 0)
    return place if place <= len(data) else None
