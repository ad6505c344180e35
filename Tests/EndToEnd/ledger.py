"""A record of what clients saw of a daemon that is killed and restarted, checked against its
history."""

from collections import Counter, deque

from crowd import PLAIN, Peer, command

ROOMS = ("one", "two")


class Ledger:
    """Everything that any client saw or had acknowledged, over all runs of the daemon."""

    def __init__(self):
        self.epochs: dict[str, str] = {}
        self.lines: dict[tuple[str, int], dict] = {}
        self.acks: dict[str, tuple[str, int, str]] = {}
        # The last number in each room that any client saw.
        self.last: Counter[str] = Counter()

    def joined(self, event: dict):
        """An epoch outlives each end of the daemon."""
        epoch = self.epochs.setdefault(event["room"], event["epoch"])
        assert event["epoch"] == epoch, f"{event['epoch']} after {epoch}"

    def line(self, event: dict):
        """A number always stands for the same line, for every client."""
        known = self.lines.setdefault((event["room"], event["seq"]), event)
        assert known == event, f"{known} was {event['seq']} before {event}"
        self._saw(event)

    def ack(self, event: dict):
        """An id always stands for the same line, however often it was sent."""
        ack = event["room"], event["seq"], event["time"]
        known = self.acks.setdefault(event["id"], ack)
        assert known == ack, f"{event} after {known}"
        self._saw(event)

    def _saw(self, event: dict):
        self.last[event["room"]] = max(self.last[event["room"]], event["seq"])

    def check(self, room: str, history: list[dict]):
        """The room's history is complete and contains everything that was seen and acknowledged."""
        assert [line["seq"] for line in history] == list(range(1, len(history) + 1))
        assert len(history) >= self.last[room]
        for line in history:
            self.line(line)
        for id, (name, seq, time) in self.acks.items():
            if name == room:
                line = history[seq - 1]
                assert (line["message"], line["time"]) == (id, time), f"{line} is not {id}"
        said = [line["message"] for line in history]
        assert len(said) == len(set(said)), "a line appears twice"


class Speaker:
    """A sender that outlives its connections. Each line's text is its id."""

    WINDOW = 16

    def __init__(self, name: str, room: str):
        self.name, self.room = name, room
        self._number = 0
        # Lines that were sent and not acknowledged so far.
        self.unanswered: deque[str] = deque()

    def next(self) -> bytes:
        self._number += 1
        self.unanswered.append(f"{self.name} {self._number}")
        return self.command(self.unanswered[-1])

    def command(self, id: str) -> bytes:
        return command(type="message", room=self.room, message=id, id=id)


class Guest(Peer):
    """One connection of a client that knows the last line it has got in each room."""

    def __init__(self, port: int, ledger: Ledger, heard: dict[str, int],
                 speaker: Speaker | None = None, is_speaking: bool = True):
        self.ledger, self.last, self.speaker = ledger, heard, speaker
        self.is_speaking = is_speaking
        # Rooms from which lines may arrive.
        self.joined: set[str] = set()
        joins = []
        for room in ROOMS:
            after = {"epoch": ledger.epochs[room], "seq": heard[room]} if room in heard else None
            fields = {"after": after} if after else {"history": 0}
            if speaker:
                fields["username"] = speaker.name
            joins.append(command(type="join", room=room, **fields))
        again = [speaker.command(id) for id in speaker.unanswered] if speaker else []
        super().__init__(port, *joins, *again)
        if is_speaking and speaker:
            self.send(*(speaker.next() for _ in range(speaker.WINDOW - len(speaker.unanswered))))

    def heard(self, event, payload):
        match event["type"]:
            case "joined":
                self.ledger.joined(event)
                room = event["room"]
                assert event.get("recovered", True), f"{event} after {self.last[room]}"
                assert room not in self.joined
                self.joined.add(room)
                self.last.setdefault(room, event["seq"])
            case "message":
                room = event["room"]
                assert room in self.joined and event["seq"] == self.last[room] + 1, (
                    f"{event} after {self.last[room]}")
                self.last[room] = event["seq"]
                self.ledger.line(event)
            case "ack":
                self.ledger.ack(event)
                self.speaker.unanswered.remove(event["id"])
                if self.is_speaking:
                    self.send(self.speaker.next())
            case "closing":
                self.is_speaking = False
            case type:
                assert type in ("welcome", "presence"), event


class PlainGuest(Peer):
    """One connection of the plain dialect: only lines arrive."""

    def __init__(self, port: int, ledger: Ledger, room: str):
        self.ledger, self.last = ledger, None
        super().__init__(port, fields=PLAIN, query=f"?room={room}")

    def heard(self, event, payload):
        assert event["type"] == "message", event
        assert self.last in (None, event["seq"] - 1), f"{event} after {self.last}"
        self.last = event["seq"]
        self.ledger.line(event)
