"""Clients whose compressed messages refer to earlier ones, and their cost in a crowd."""

import asyncio
import json
import random
import zlib
from contextlib import ExitStack

import pytest
from tornado.websocket import websocket_connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from browser import launched
from chat import line, say
from frames import CLOSE, PING, TEXT, frame, read_frame
from siege import Monitor, eventually
from wire import HANDSHAKE_FIELDS, Wire, request

WORDS = "all that a client says again and again refers to what it has said before".split()
# The largest number of bytes that the daemon keeps for a window of 15 bits.
WHOLE_WINDOW = 33_088


def lines(count: int) -> list[str]:
    generator = random.Random(7692)
    return [f"{number} " + " ".join(generator.choices(WORDS, k=generator.randint(1, 60)))
            for number in range(count)]


class Compressing(Wire):
    """A client that compresses each message, and keeps its context whatever it has promised."""

    def __init__(self, port: int, offer: str, bits: int = 15):
        super().__init__(port)
        self._compressor = zlib.compressobj(9, zlib.DEFLATED, -bits)
        self.send(request("GET /ws HTTP/1.1", HANDSHAKE_FIELDS | {
            "Sec-WebSocket-Extensions": offer}))
        response = self.response()
        assert response.status == 101
        self.agreed = response.fields.get("sec-websocket-extensions")

    def payload(self, message: bytes) -> bytes:
        return (self._compressor.compress(message)
                + self._compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]

    def say(self, text: str) -> bytes:
        """Sends a line. Returns its payload."""
        payload = self.payload(json.dumps({"username": "ann", "message": text}).encode())
        self.send(frame(TEXT, payload, rsv=4))
        return payload


@pytest.mark.parametrize(("offer", "bits"), [
    pytest.param("permessage-deflate", 15, id="Safari 15.0, Mojolicious"),
    pytest.param("permessage-deflate; client_max_window_bits", 10, id="Netty"),
    pytest.param(
        "permessage-deflate; client_no_context_takeover", 15, id="a promise that is broken"),
    pytest.param(
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover", 15,
        id="both promised"),
])
def test_messages_refer_to_earlier_ones(start, join, offer, bits):
    daemon = start("--lines-per-second", "0")
    reader = join(daemon, compression=None)
    with Compressing(daemon.port, offer, bits) as client:
        assert client.agreed
        asks = "client_no_context_takeover" in client.agreed
        assert asks == ("client_no_context_takeover" in offer)
        payloads = []
        for number, text in enumerate(lines(40), 1):
            payloads.append(client.say(text))
            assert line(reader) == ("lobby", number, "ann", text)
        # They do refer to each other: only the first one can be read alone.
        with pytest.raises(zlib.error):
            zlib.decompressobj(-15).decompress(payloads[1] + b"\0\0\xff\xff")


def test_tornado(start, join):
    daemon = start("--lines-per-second", "0")
    reader = join(daemon, compression=None)
    texts = lines(30)

    async def chat() -> list[str]:
        client = await websocket_connect(daemon.ws(), compression_options={})
        assert client.protocol._compressor._max_wbits == 10
        assert client.protocol._compressor._compressor is not None
        for text in texts:
            await client.write_message(json.dumps({"username": "ann", "message": text}))
        heard = [json.loads(await client.read_message())["message"] for _ in texts]
        client.close()
        return heard

    assert asyncio.run(chat()) == texts
    assert [line(reader)[3] for _ in texts] == texts


@pytest.mark.parametrize(("options", "forgets", "bits"), [
    ({"client_max_window_bits": None}, False, 15),
    ({"client_max_window_bits": True}, False, 10),
    ({"client_max_window_bits": 9}, False, 9),
    ({"client_no_context_takeover": True}, True, 15),
], ids=str)
def test_websockets(start, join, options, forgets, bits):
    daemon = start("--lines-per-second", "0")
    reader = join(daemon, compression=None)
    client = join(
        daemon, compression=None, extensions=[ClientPerMessageDeflateFactory(**options)])
    agreed, = client.protocol.extensions
    assert (agreed.local_no_context_takeover, agreed.local_max_window_bits) == (forgets, bits)
    for number, text in enumerate(lines(30), 1):
        say(client, text)
        assert line(reader) == line(client) == ("lobby", number, "ann", text)


def test_chromium(start):
    daemon = start("--lines-per-second", "0")
    with launched() as browser:
        page = browser.new_page()
        page.goto(daemon.url("/healthz"))
        heard, extensions, code = page.evaluate("""async ([url, texts]) => {
            const socket = new WebSocket(url);
            await new Promise((resolve) => { socket.onopen = resolve; });
            const heard = [];
            const done = new Promise((resolve) => {
                socket.onclose = ({ code }) => resolve(code);
                socket.onmessage = ({ data }) => {
                    heard.push(JSON.parse(data).message);
                    if (heard.length === texts.length) resolve(0);
                };
            });
            for (const message of texts) {
                socket.send(JSON.stringify({ username: "ann", message }));
            }
            return [heard, socket.extensions, await done];
        }""", [daemon.ws(), lines(30)])
        assert (heard, code) == (lines(30), 0)
        assert extensions == (
            "permessage-deflate; server_no_context_takeover; client_max_window_bits=10")


def test_readers_have_no_context(start, join):
    daemon = start()
    monitor = Monitor(daemon)
    readers = [join(daemon, compression="deflate") for _ in range(20)]
    speaker = Compressing(daemon.port, "permessage-deflate")
    with speaker:
        assert monitor.metric("hubbub_compression_promised_bytes") > 20 * 1_024
        assert monitor.metric("hubbub_compression_contexts") == 0
        assert monitor.metric("hubbub_compression_context_bytes") == 0
        speaker.say("hello")
        assert all(line(each)[3] == "hello" for each in readers)
        assert monitor.metric("hubbub_compression_contexts") == 1
        assert 0 < monitor.metric("hubbub_compression_context_bytes") < 1_000
    for each in readers:
        each.close()
    eventually(lambda: monitor.metric("hubbub_compression_promised_bytes") == 0,
               lambda: monitor.metric("hubbub_compression_promised_bytes"))
    monitor.close()


def test_over_the_budget_compression_is_declined(start):
    daemon = start("--compression-budget", str(WHOLE_WINDOW))
    with Compressing(daemon.port, "permessage-deflate") as first:
        assert first.agreed
        with Compressing(daemon.port, "permessage-deflate") as second:
            assert second.agreed is None
            second.send(frame(TEXT, b'{"username":"ann","message":"plain"}'))
            assert json.loads(read_frame(second.stream)[1])["message"] == "plain"
            with Compressing(
                    daemon.port, "permessage-deflate; client_no_context_takeover") as third:
                assert third.agreed
        first.send(frame(CLOSE))
        assert read_frame(first.stream)[0] == TEXT
        assert read_frame(first.stream)[0] == CLOSE
        assert first.at_end()
    with Compressing(daemon.port, "permessage-deflate") as fourth:
        assert fourth.agreed


def test_contexts_of_a_crowd_stay_in_their_budget_and_are_freed(start):
    """A thousand clients fill their windows with incompressible data, as far as they may, and
    with bombs, which leave nothing behind."""
    budget = 200 * WHOLE_WINDOW
    daemon = start("--compression-budget", str(budget), "--close-timeout", "1")
    monitor = Monitor(daemon)
    with Compressing(daemon.port, "permessage-deflate; client_no_context_takeover") as bystander:
        before = monitor.memory()
        noise = random.Random(1).randbytes(48_000).hex().encode()[:40_000]
        # It is made once, before clients wait that don't answer pings.
        maker = zlib.compressobj(9, zlib.DEFLATED, -15)
        bomb = (maker.compress(bytes(32 << 20)) + maker.flush(zlib.Z_SYNC_FLUSH))[:-4]
        with ExitStack() as crowd:
            clients = [
                crowd.enter_context(Compressing(daemon.port, "permessage-deflate"))
                for _ in range(1_000)]
            accepted = [each for each in clients if each.agreed]
            # The bystander is promised a window, too.
            assert len(accepted) == 199
            assert monitor.metric("hubbub_compression_promised_bytes") == budget
            for each in accepted[:150]:
                each.send(frame(TEXT, each.payload(noise), rsv=4))
            for each in accepted[150:]:
                each.send(frame(TEXT, bomb, rsv=4))
                while (found := read_frame(each.stream))[0] == PING:
                    pass
                opcode, reason = found
                assert (opcode, reason[:2]) == (CLOSE, (1009).to_bytes(2))
            eventually(lambda: monitor.metric("hubbub_compression_contexts") == 150,
                       lambda: monitor.metric("hubbub_compression_contexts"))
            assert 150 * (32 << 10) < monitor.metric("hubbub_compression_context_bytes") <= budget
            assert monitor.memory() - before < 3 * budget
            bystander.say("still here")
            assert json.loads(read_frame(bystander.stream)[1])["message"] == "still here"
        for name in ("hubbub_compression_contexts", "hubbub_compression_context_bytes",
                     "hubbub_compression_promised_bytes"):
            left = {"contexts": 1, "context_bytes": 1_000}.get(
                name.removeprefix("hubbub_compression_"), WHOLE_WINDOW)
            eventually(lambda: monitor.metric(name) <= left, lambda: monitor.metric(name))
    monitor.close()
