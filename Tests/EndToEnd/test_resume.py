"""Resume: a client that comes back gets all lines since, or is told that it can't."""

import pytest

from crowd import Crowd, Peer, command
from rich import fresh_id, numbers_of
from siege import LIMITS, besieged

FREE = ("--lines-per-second", "0")
# So small that a room keeps almost nothing in memory.
SMALL_LOG = ("--room-log-bytes", "1KiB")


def speak(client, texts, room: str = "lobby") -> list[dict]:
    """Says lines and receives them."""
    for text in texts:
        client.send(type="message", room=room, message=text)
    return client.lines(len(texts))


def numbered(count: int, first: int = 1) -> list[str]:
    return [f"line {number}" for number in range(first, first + count)]


# Where the missed lines are: in memory, or only on disk.
@pytest.fixture(params=[(), SMALL_LOG, ("--history", "none")], ids=["log", "store", "none"])
def daemon(request, start):
    return start(*FREE, *request.param)


def test_missed_lines_come_before_live_ones(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join(username="ann")
    epoch = bob.join()["epoch"]
    speak(ann, numbered(5))
    assert numbers_of(bob.lines(5)) == [1, 2, 3, 4, 5]
    bob.client.close()
    said = speak(ann, numbered(120, 6))
    back = rich(daemon)
    joined = back.join(after={"epoch": epoch, "seq": 5})
    assert (joined["recovered"], joined["seq"], joined["epoch"]) == (True, 125, epoch)
    assert back.lines(120) == said
    said = speak(ann, ["live"])
    assert back.lines(1) == said


@pytest.mark.parametrize("after", [0, 1, 299, 300])
def test_missed_lines_come_from_any_position(daemon, rich, after):
    ann, bob = rich(daemon), rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    said = speak(ann, numbered(300))
    joined = bob.join(after={"epoch": epoch, "seq": after})
    assert joined["recovered"] is True and joined["seq"] == 300
    said += speak(ann, ["live"])
    assert bob.lines(301 - after) == said[after:]


def test_repeated_lines_have_the_same_bytes(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    epoch = ann.join(username='"ann"')["epoch"]
    speak(ann, ["\u0000 \u001f \\ \" 😀", "x" * 2000, " spaces "])
    bob.join(after={"epoch": epoch, "seq": 0})
    bob.lines(3)
    first, second = (
        [each for each in client.frames if '"type":"message"' in each] for client in (ann, bob))
    assert first == second


@pytest.mark.parametrize("epoch, seq", [("unheard-of", 5), ("", 0), (None, 101), (None, 2 ** 53)])
def test_a_failed_resume_is_reported(daemon, rich, epoch, seq):
    """An unknown epoch, and a number that the room has not reached."""
    ann, bob = rich(daemon), rich(daemon)
    known = ann.join(username="ann")["epoch"]
    said = speak(ann, numbered(100))
    joined = bob.join(after={"epoch": known if epoch is None else epoch, "seq": seq})
    assert (joined["recovered"], joined["seq"], joined["epoch"]) == (False, 100, known)
    said += speak(ann, ["live"])
    assert bob.lines(51) == said[50:]


@pytest.mark.parametrize("small", [(), SMALL_LOG], ids=["log", "store"])
@pytest.mark.parametrize("after, recovered, count", [(50, True, 100), (49, False, 50)])
def test_over_the_limit_only_the_last_lines_come(start, rich, small, after, recovered, count):
    daemon = start(*FREE, *small, "--max-resume-lines", "100")
    ann, bob = rich(daemon), rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    said = speak(ann, numbered(150))
    assert bob.join(after={"epoch": epoch, "seq": after})["recovered"] is recovered
    assert bob.lines(count) == said[-count:]
    said = speak(ann, ["live"])
    assert bob.lines(1) == said


def test_without_history_lines_that_left_the_log_cannot_be_resumed(start, rich):
    daemon = start(*FREE, *SMALL_LOG, "--history", "none")
    ann, bob = rich(daemon), rich(daemon)
    epoch = ann.join(username="ann")["epoch"]
    speak(ann, [text * 100 for text in numbered(100)])
    joined = bob.join(after={"epoch": epoch, "seq": 5})
    assert (joined["recovered"], joined["seq"]) == (False, 100)
    last = speak(ann, ["live"])
    numbers = []
    while not numbers or numbers[-1] < 101:
        numbers.append(bob.line()["seq"])
    assert numbers == list(range(numbers[0], 102)) and bob.heard("message")[-1:] == last


def test_several_rooms_resume_independently(start, rich):
    daemon = start(*FREE)
    ann, bob = rich(daemon), rich(daemon)
    epochs = {room: ann.join(room, username="ann")["epoch"] for room in ("one", "two", "three")}
    for room in epochs:
        speak(ann, numbered(10), room)
    for place, room in enumerate(epochs):
        bob.join(room, after={"epoch": epochs[room], "seq": place})
    heard = bob.lines(10 + 9 + 8)
    for place, room in enumerate(epochs):
        assert numbers_of([each for each in heard if each["room"] == room]) == list(
            range(place + 1, 11))


class Speaker(Peer):
    """Sends lines as fast as they are acknowledged, several at a time."""

    WINDOW = 20

    def __init__(self, port: int, room: str, name: str, size: int = 20):
        super().__init__(port, command(type="join", room=room, username=name, history=0))
        self._room, self._size, self.said, self.acknowledged = room, size, 0, 0
        self.is_speaking = True
        for _ in range(self.WINDOW):
            self.speak()

    def speak(self):
        self.said += 1
        self.send(command(type="message", room=self._room, id=fresh_id(),
                          message=f"{self.said} ".ljust(self._size, "x")))

    def heard(self, event, payload):
        match event["type"]:
            case "joined":
                self.epoch = event["epoch"]
            case "ack":
                self.acknowledged += 1
                if self.is_speaking:
                    self.speak()
            case type:
                assert type in ("welcome", "message", "presence"), event


class Returner(Peer):
    """Comes back to a room, and gets each line once and in order from `after` on."""

    def __init__(self, port: int, room: str, epoch: str, after: int):
        super().__init__(
            port, command(type="join", room=room, after={"epoch": epoch, "seq": after}))
        self.last = after
        self.wanted: int | None = None
        self.payloads: dict[int, bytes] = {}

    def heard(self, event, payload):
        match event["type"]:
            case "joined":
                assert event["recovered"] is True and self.wanted is None, event
                self.wanted = event["seq"]
            case "message":
                assert self.wanted is not None, "a line before `joined`"
                assert event["seq"] == self.last + 1, f"{event['seq']} after {self.last}"
                self.last = event["seq"]
                self.payloads[self.last] = payload
            case type:
                assert type in ("welcome", "presence"), event

    def has(self, live: int) -> bool:
        """Whether it has got the missed lines and this many live ones."""
        return self.wanted is not None and self.last >= self.wanted + live


# A log that has room for the lines of a replay, but not for all missed ones.
@pytest.mark.parametrize("small", [(), ("--room-log-bytes", "64KiB")], ids=["log", "store"])
def test_live_lines_follow_missed_ones_in_the_middle_of_a_flood(start, rich, small):
    daemon = start(*FREE, *small)
    ann = rich(daemon)
    epoch = ann.join("go", username="ann")["epoch"]
    with Crowd() as crowd:
        speaker = crowd.add(Speaker(daemon.port, "go", "cy"))
        crowd.hear(lambda: speaker.acknowledged > 1_500)
        for turn in range(30):
            returners = [
                crowd.add(Returner(daemon.port, "go", epoch, after))
                for after in (0, speaker.acknowledged // 2, speaker.acknowledged)]
            crowd.hear(lambda: all(each.has(live=20) for each in returners),
                       lambda: [(each.wanted, each.last) for each in returners])
            for each in returners:
                crowd.remove(each)
                each.close()


class SlowReturner(Returner):
    """Gets all missed lines too. Of lines said in the meantime it may miss some and is told so."""

    def heard(self, event, payload):
        if event["type"] != "gap":
            return super().heard(event, payload)
        assert self.wanted is not None and self.last >= self.wanted, event
        assert event["from"] == self.last + 1, event
        self.last = event["to"]


def test_a_long_replay_is_complete_for_a_slow_client(start):
    """9 000 lines of 1 000 bytes are more than log, watermark and kernel hold."""
    daemon = start(*FREE, *SMALL_LOG, "--high-watermark", "64KiB", "--low-watermark", "16KiB")
    with Crowd() as crowd:
        speaker = crowd.add(Speaker(daemon.port, "go", "cy", size=1_000))
        crowd.hear(lambda: speaker.said >= 9_000)
        slow = SlowReturner(daemon.port, "go", speaker.epoch, 0)
        # In the middle of the replay live lines arrive.
        while not slow.has(live=30):
            crowd.turn()
            speaker.is_speaking = speaker.said < 9_500
            slow.receive(4_096)
        slow.close()


class Witness(Peer):
    """Keeps the lines that it gets in a room."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.payloads: dict[int, bytes] = {}

    def heard(self, event, payload):
        if event["type"] == "joined":
            self.epoch = event["epoch"]
        if event["type"] == "message":
            self.payloads[event["seq"]] = payload


COUNT = 1_000
MISSED = 60


def test_1_000_clients_that_come_back_at_once_get_what_they_missed(start):
    daemon = start(*LIMITS)
    with besieged(daemon, query="?room=go") as siege, Crowd() as crowd:
        witness = crowd.add(Witness(daemon.port, command(type="join", room="go", history=0)))
        siege.bystanders.hear(MISSED)
        crowd.hear(lambda: len(witness.payloads) >= MISSED)
        said = siege.bystanders.said
        # They come from different positions. The last ones missed nothing.
        returners = [
            crowd.add(Returner(daemon.port, "go", witness.epoch, said - number % MISSED))
            for number in range(COUNT)]
        crowd.hear(lambda: all(each.has(live=2) for each in returners),
                   lambda: f"{sum(not each.has(live=2) for each in returners)} are behind")
        assert siege.bystanders.said > said
        # All received the same bytes.
        crowd.hear(lambda: max(each.last for each in returners) in witness.payloads)
        for each in returners:
            assert each.payloads.items() <= witness.payloads.items()
