"""The attacks: what each connection sends, again and again."""

import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace

from packets import (
    CONTINUATION, PING, PONG, TEXT, command, frame, handshake, hello, join, leave, line, packed,
    request, text)

# What one client may have: the bar holds for any attack within both.
MOST_CONNECTIONS, MOST_BYTES_PER_SECOND = 300, 1_000_000
# A rate that no connection reaches.
UNBOUNDED = 100_000_000
# The room with old lines.
FULL = "full"
OLD_LINES = 8_000
# Combining marks of different classes, whose order makes no difference to Unicode.
MARKS = "\u0300\u0315\u0316\u031b\u0327\u0334\u0345\u035c\u035d"


@dataclass(frozen=True)
class Scene:
    """What the attackers know of the server."""

    port: int
    # The place of the last line of the room with old lines.
    epoch: str = ""
    last: int = 0

    def after(self, missed: int) -> dict:
        """The place of a client that has missed so many lines."""
        return {"epoch": self.epoch, "seq": max(self.last - missed, 0)}


@dataclass(frozen=True)
class Script:
    """What one connection sends."""

    # Once, before the measurement begins.
    opening: bytes
    # Again and again.
    cycle: bytes
    # How it ends after one cycle, and is opened again: "close" or "reset".
    ends: str | None = None


@dataclass(frozen=True)
class Attack:
    name: str
    text: str
    connections: int
    script: Callable[[int, Scene], Script]
    # Settings of the daemon besides its defaults.
    flags: tuple[str, ...] = ()
    # Lines that the room with old lines has.
    lines: int = 0
    reads: bool = True
    # Bytes that a connection sends in one call.
    piece: int = 1_024
    is_bounded: bool = True
    # Whether the daemon speaks TLS.
    is_secure: bool = False
    # Whether the daemon has a public key for tokens.
    has_public_key: bool = False
    # What each second has, if it isn't what the bar allows.
    bytes_per_second: int | None = None
    # How many times as long as undisturbed the p99 may be, if that is limited.
    most_ratio: float | None = None

    @property
    def rate(self) -> int:
        return self.bytes_per_second or (MOST_BYTES_PER_SECOND if self.is_bounded else UNBOUNDED)


def marked_name(number: int) -> str:
    """One of many names of 32 characters that look the same, and are one to Unicode."""
    marks = list(MARKS * 3 + MARKS[:4])
    random.Random(number).shuffle(marks)
    return "a" + "".join(marks)


def plain(cycle: bytes, room: str = "noise") -> Callable[[int, Scene], Script]:
    """A client of the plain dialect in a room of the attackers."""
    return lambda number, scene: Script(handshake(room, is_rich=False), cycle)


def rich(cycle: bytes, opening: bytes = b"", deflates: bool = False
         ) -> Callable[[int, Scene], Script]:
    return lambda number, scene: Script(handshake(deflates=deflates) + opening, cycle)


def http(*requests: bytes) -> Callable[[int, Scene], Script]:
    """A client that sends requests without waiting for the responses."""
    return lambda number, scene: Script(b"", b"".join(requests) * 20)


def in_crowd(cycle: Callable[[int], bytes]) -> Callable[[int, Scene], Script]:
    """A member of a room with as many long names as are listed."""
    def script(number: int, scene: Scene) -> Script:
        opening = handshake() + join("crowd", username=marked_name(number), history=0)
        return Script(opening, cycle(number))

    return script


def renames(number: int, count: int = 40) -> list[bytes]:
    return [join("crowd", username=marked_name(1_000 + number * count + each), history=0)
            for each in range(count)]


def asks_for_members(number: int) -> bytes:
    return command(type="members", room="crowd", id="1") * 20


def changes_and_asks(number: int) -> bytes:
    return b"".join(each + command(type="members", room="crowd") for each in renames(number))


def resumes_and_leaves(deflates: bool) -> Callable[[int, Scene], Script]:
    def script(number: int, scene: Scene) -> Script:
        cycle = join(FULL, after=scene.after(OLD_LINES - 1)) + leave(FULL)
        return Script(handshake(deflates=deflates), cycle * 10)

    return script


def resumes_and_stays(number: int, scene: Scene) -> Script:
    """It takes all lines, and comes again."""
    cycle = handshake(deflates=True) + join(FULL, after=scene.after(OLD_LINES - 1))
    return Script(b"", cycle, ends="close")


def asks_for_history(number: int, scene: Scene) -> Script:
    cycle = b"".join(
        command(type="history", room=FULL, before=before, limit=200)
        for before in range(201, max(scene.last, 202), 397))
    return Script(handshake() + join(FULL, history=0), cycle)


def in_many_rooms(number: int, scene: Scene) -> Script:
    """As many rooms as a connection may have, each with news all the time."""
    rooms = [f"r{number}-{each}" for each in range(16)]
    opening = handshake() + b"".join(join(each, username="a", history=0) for each in rooms)
    cycle = b"".join(join(room, username=name, history=0)
                     for name in ("b", "c") for room in rooms)
    return Script(opening, cycle)


def in_new_rooms(number: int, scene: Scene) -> Script:
    rooms = [f"n{number}-{each}" for each in range(200)]
    return Script(handshake(), b"".join(join(each) + leave(each) for each in rooms))


def comes_and_goes(ends: str, fields: dict[str, str] | None = None
                   ) -> Callable[[int, Scene], Script]:
    cycle = handshake("noise", is_rich=False, fields=fields)
    return lambda number, scene: Script(b"", cycle, ends)


def begins_tls(number: int, scene: Scene) -> Script:
    """A client that sends the first flight of TLS, waits for the server's, and leaves."""
    return Script(b"", hello(), ends="reset")


def repeats_an_id(number: int, scene: Scene) -> Script:
    said = command(type="message", room="noise", id=f"id-{number}", message="once")
    return Script(handshake() + join("noise", username=f"m{number}", history=0) + said, said * 20)


def sends_new_ids(number: int, scene: Scene) -> Script:
    name = f"m{number}"
    cycle = b"".join(command(type="message", room="noise", id=f"{number}-{each}", message="x")
                     for each in range(200))
    return Script(handshake() + join("noise", username=name, history=0), cycle)


def encoded(part: dict) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def bad_token(algorithm: str, signature: str) -> str:
    """A token in order, but for its signature, which has the right form."""
    claims = {"sub": "u1", "exp": 4_000_000_000, "name": "Ann", "role": "owner"}
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded(claims)}.{signature}"


def blank(count: int) -> str:
    """A text of characters that are drawn as nothing, but for the last one."""
    return "\u2060" * (count - 1) + "x"


BAD_TOKENS = {
    "HS256": command(type="auth", token=bad_token("HS256", "A" * 43)),
    "ES256": command(type="auth", token=bad_token("ES256", "E" * 85 + "Q")),
}
BAD_TOKENS_PER_SECOND = 10_000
# 60 KiB of a JSON object that is a valid command.
WIDE = text(type="members", room="noise", pad="a" * 60_000)
ESCAPED = b'{"type":"members","room":"noise","pad":"' + b"\\u0041" * 1_000 + b'"}'
NESTED = b'{"type":"members","room":"noise","pad":' + b'[' * 30 + b']' * 30 + b'}'
FIELDS = b'{"type":"members","room":"noise"' + b',"a":1' * 1_000 + b'}'
COMMAS = "," * 7_800
GET, HEAD = "GET /metrics", "HEAD /metrics"

LIST = [
    Attack("members", "195 members with unnormalised names ask for the members", 195,
           in_crowd(asks_for_members)),
    Attack("members-renamed", "195 members change their names, and ask for the members each time",
           195, in_crowd(changes_and_asks)),
    Attack("renames", "195 members change their names, which Unicode calls equivalent", 195,
           in_crowd(lambda number: b"".join(renames(number)))),
    Attack("resume-leave", "10 clients with compression resume 8 000 lines and leave, again and "
           "again", 10, resumes_and_leaves(deflates=True), lines=OLD_LINES),
    Attack("resume-leave-plain", "10 clients without compression resume 8 000 lines and leave, "
           "again and again", 10, resumes_and_leaves(deflates=False), lines=OLD_LINES),
    Attack("resume-reconnect", "300 clients with compression resume 8 000 lines and reconnect "
           "when the first arrive", 300, resumes_and_stays, lines=OLD_LINES),
    Attack("history", "300 members ask for 200 old lines each time", 300, asks_for_history,
           lines=OLD_LINES),
    Attack("rejoin", "300 members join the room that they are in", 300,
           rich(join("noise", username="a", history=0) * 20)),
    Attack("join-leave", "300 clients join a room and leave it", 300,
           rich((join("noise", username="a", history=0) + leave("noise")) * 20)),
    Attack("new-rooms", "300 clients join and leave rooms that nobody was in", 300, in_new_rooms),
    Attack("presence", "300 clients change their names in 16 rooms each: 4 800 rooms with news",
           300, in_many_rooms),
    Attack("flood", "200 clients say more than --lines-per-second allows", 200,
           plain(line("hello there") * 20)),
    Attack("flood-ids", "200 clients say more than --lines-per-second allows, each line with a new "
           "id", 200,
           sends_new_ids),
    Attack("repeat-id", "300 clients repeat a line with its id", 300, repeats_an_id),
    Attack("blank-lines", "300 clients say lines of 2 000 characters that are drawn as nothing",
           300, plain(line(blank(2_000)), "noise"), piece=8_192),
    Attack("pings", "300 clients send pings", 300, plain(frame(PING) * 100)),
    Attack("pongs", "300 clients send pongs", 300, plain(frame(PONG) * 100)),
    Attack("drip", "300 clients send pongs byte by byte", 300, plain(frame(PONG) * 20), piece=1),
    Attack("fragments", "300 clients send messages in fragments of a byte", 300,
           plain(frame(TEXT, b" ", final=False) + frame(CONTINUATION, b" ", final=False) * 100)),
    Attack("refused", "300 clients send commands that are refused, and come again when they are "
           "closed", 300, rich(command(type="leave", room="nowhere") * 20)),
    Attack("nonsense", "300 clients send texts that aren't JSON, and come again when they are "
           "closed", 300, plain(frame(TEXT, b"{") * 20)),
    Attack("bombs", "300 clients send compressed commands of 60 KB, 1 000 times their size", 300,
           rich(packed(WIDE), join("noise"), deflates=True)),
    Attack("escapes", "300 clients send commands of 1 000 escapes", 300,
           rich(frame(TEXT, ESCAPED), join("noise")), piece=8_192),
    Attack("nested", "300 clients send commands of nested arrays", 300,
           rich(frame(TEXT, NESTED) * 10, join("noise"))),
    Attack("fields", "300 clients send commands of 1 000 fields", 300,
           rich(frame(TEXT, FIELDS), join("noise")), piece=8_192),
    Attack("churn", "300 clients connect, open a WebSocket and disconnect", 300,
           comes_and_goes("close")),
    Attack("churn-reset", "300 clients connect, open a WebSocket and reset the connection", 300,
           comes_and_goes("reset")),
    Attack("head-metrics", "one client sends HEAD /metrics without waiting", 1,
           http(request(HEAD)), piece=16_384),
    Attack("get-metrics", "300 clients send GET /metrics without waiting", 300,
           http(request(GET))),
    Attack("get-page", "300 clients send GET / without waiting", 300,
           http(request("GET /"), request("GET /", {"Accept-Encoding": "gzip"}))),
    Attack("head-page", "300 clients send HEAD / without waiting", 300, http(request("HEAD /"))),
    Attack("not-found", "300 clients ask for pages that aren't there", 300,
           http(request("GET /nowhere", {"Accept": "text/html"}))),
    Attack("forwarded", "300 clients of a trusted proxy send 7 800 commas in X-Forwarded-For", 300,
           comes_and_goes("close", {"X-Forwarded-For": COMMAS}),
           ("--trusted-proxies", "127.0.2.0/24", "--handshakes-per-second-per-address", "1"),
           piece=8_192),
    Attack("forwarded-node", "300 clients of a trusted proxy send 7 800 bytes in Forwarded", 300,
           comes_and_goes("close", {"Forwarded": "for=a;" * 1_300}),
           ("--trusted-proxies", "127.0.2.0/24", "--forwarded-header", "forwarded",
            "--handshakes-per-second-per-address", "1"), piece=8_192),
    Attack("forwarded-host", "300 clients of a trusted proxy send 7 800 commas in "
           "X-Forwarded-Host", 300,
           http(handshake(fields={"X-Forwarded-Host": COMMAS, "Origin": "https://a.example"})),
           ("--trusted-proxies", "127.0.2.0/24", "--allow-origin", "https://b.example"),
           piece=8_192),
    Attack("long-lists", "300 clients send long lists of codings and of tags", 300,
           http(request("HEAD /", {"Accept-Encoding": COMMAS, "If-None-Match": "a" + "," * 5_000})),
           piece=8_192),
    Attack("extensions", "300 clients offer 700 extensions each time", 300,
           http(handshake("!", fields={
               "Sec-WebSocket-Extensions": ",".join(["permessage-deflate"] * 700)})),
           piece=8_192),
    Attack("many-fields", "300 clients send heads of 90 fields", 300,
           http(request("GET /healthz", {f"x{number}": "a" for number in range(90)}))),
    Attack("slow-readers", "300 clients read nothing, and some talk", 300,
           plain(line("x" * 500) * 20), reads=False),
    Attack("unread-pings", "300 clients send pings and read nothing", 300,
           plain(frame(PING, b"x" * 100) * 20), reads=False),
    Attack("unread-members", "195 members ask for the members and read nothing", 195,
           in_crowd(asks_for_members), reads=False),
]

# More connections than the bar for attackers allows: these wait, as a crowd does after a restart.
LIST.append(Attack(
    "tls-handshakes", "2 000 clients wait for their handshake of TLS, and come again after it",
    2_000, begins_tls, is_bounded=False, is_secure=True, most_ratio=2))

LIST += [
    Attack(name, f"300 clients send 10 000 tokens a second with a wrong signature ({algorithm})",
           300, rich(BAD_TOKENS[algorithm] * 10), ("--errors-per-minute", "0"), is_bounded=False,
           bytes_per_second=BAD_TOKENS_PER_SECOND * len(BAD_TOKENS[algorithm]), most_ratio=1.5,
           has_public_key=algorithm == "ES256")
    for name, algorithm in (("bad-tokens", "HS256"), ("bad-tokens-ecdsa", "ES256"))]

# The same beyond the bytes that the bar allows. A machine that others share has no such network.
BEYOND = ("flood", "pings", "rejoin", "members", "head-metrics", "drip", "churn")
LIST += [replace(each, name=f"{each.name}-unbounded", text=f"{each.text}: as fast as they can",
                 is_bounded=False, piece=max(each.piece, 16_384) if each.piece > 1 else 1)
         for each in LIST if each.name in BEYOND]

ATTACKS = {each.name: each for each in LIST}


def selected(names: str | None) -> list[Attack]:
    """The attacks of a comma-separated list, or all. Raises KeyError for an unknown one."""
    return [ATTACKS[name] for name in names.split(",")] if names else list(LIST)


assert all(each.connections <= MOST_CONNECTIONS for each in LIST if not each.most_ratio)
assert len(ATTACKS) == len(LIST)
assert len({marked_name(number) for number in range(195)}) == 195
