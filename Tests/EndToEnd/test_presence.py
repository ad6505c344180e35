"""Presence: joins and leaves are merged, so that a crowd costs no more than it has members."""

import itertools
import time

from chat import line, say
from crowd import Crowd, Peer, command
from rich import checked

NAMED = 200


def join_as(name: str, room: str = "go") -> bytes:
    return command(type="join", room=room, username=name, history=0)


class Member(Peer):
    """Keeps the presence events that it gets, with their times."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.times: list[float] = []
        self.presence: list[dict] = []
        self.members = 0

    def heard(self, event, payload):
        if event["type"] == "presence":
            checked(payload.decode())
            self.times.append(time.monotonic())
            self.presence.append(event)
        if event["type"] == "joined":
            self.members = event["members"]

    def count(self) -> int:
        """The number of members of the room, as far as this one knows."""
        return self.presence[-1]["count"] if self.presence else self.members


def who(event: dict) -> tuple[int, list[str], list[str]]:
    return event["count"], sorted(event["joined"]), sorted(event["left"])


def news(client) -> tuple[int, list[str], list[str]]:
    """Ann's next presence. Her own join may be merged with what came right after it."""
    count, joined, left = who(client.expect("presence"))
    return count, [name for name in joined if name != "ann"], left


def test_members_are_told_who_comes_and_goes(daemon, rich):
    ann, bob, elsewhere = rich(daemon), rich(daemon), rich(daemon)
    ann.join("go", username="ann"), elsewhere.join("stay", username="cy")
    bob.join("go", username="bob")
    assert news(ann) == (2, ["bob"], [])
    bob.leave("go")
    assert news(ann) == (1, [], ["bob"])
    bob.join("go", username="bobby")
    assert news(ann) == (2, ["bobby"], [])
    bob.client.close()
    assert news(ann) == (1, [], ["bobby"])
    assert all(each["room"] == "go" for each in ann.heard("presence"))
    assert elsewhere.heard("presence") == []


def test_a_new_member_is_not_told_of_itself(daemon, rich):
    ann, bob, cy = rich(daemon), rich(daemon), rich(daemon)
    ann.join("go", username="ann")
    assert bob.join("go", username="bob")["members"] == 2
    assert news(ann) == (2, ["bob"], [])
    assert cy.join("go", username="cy")["members"] == 3
    for client in (ann, bob):
        assert who(client.expect("presence")) == (3, ["cy"], [])
    assert cy.heard("presence") == [] and len(bob.heard("presence")) == 1
    ann.leave("go")
    assert who(cy.expect("presence")) == who(bob.expect("presence")) == (2, [], ["ann"])
    assert len(cy.heard("presence")) == 1


def test_a_member_that_leaves_at_once_is_not_named(daemon, rich):
    ann, bob = rich(daemon), rich(daemon)
    ann.join("go", username="ann")
    with Crowd() as crowd:
        fleeting = crowd.add(Peer(
            daemon.port, *(join_as(f"ghost {number}") + command(type="leave", room="go")
                           for number in range(5)), join_as("cy")))
        crowd.hear(lambda: fleeting.sizes["joined"])
        assert news(ann) == (2, ["cy"], [])
        fleeting.send(command(type="leave", room="go"), join_as("cy"), join_as("cy"))
        bob.join("go", username="bob")
        assert news(ann) == (3, ["bob"], [])


def test_plain_members_count_and_are_named_after_their_first_line(daemon, rich, join):
    ann = rich(daemon)
    ann.join("go", username="ann")
    plain = join(daemon, "?room=go")
    assert news(ann) == (2, [], [])
    say(plain, "it's me", "cy")
    line(plain)
    assert news(ann) == (2, ["cy"], [])
    assert sorted(ann.members("go")["usernames"]) == ["ann", "cy"]
    plain.close()
    assert news(ann) == (1, [], ["cy"])


def test_presence_is_sent_at_most_once_a_second(start):
    daemon = start("--lines-per-second", "0")
    with Crowd() as crowd:
        members = [crowd.add(Member(daemon.port, join_as(f"m{number}"))) for number in range(5)]
        churners = [crowd.add(Peer(daemon.port)) for _ in range(10)]
        crowd.hear(lambda: all(each.sizes["welcome"] for each in churners))
        turns = itertools.cycle([True, False])

        def churn() -> bool:
            joins = next(turns)
            for number, churner in enumerate(churners):
                churner.send(
                    join_as(f"c{number}") if joins else command(type="leave", room="go"))
            return all(len(each.times) >= 6 for each in members)

        crowd.hear(churn)
        for each in members:
            span = each.times[-1] - each.times[0]
            # Reading late makes the span too short by less than this.
            assert len(each.times) <= span + 2.5


def test_up_to_200_members_are_named(daemon, rich):
    ann = rich(daemon)
    ann.join("go", username="ann")
    with Crowd() as crowd:
        others = [crowd.add(Member(daemon.port, join_as(f"m{number}")))
                  for number in range(NAMED - 1)]
        told = []
        while not told or told[-1]["count"] < NAMED:
            crowd.turn()
            told.append(ann.expect("presence"))
            assert told[-1]["count"] <= NAMED
        names = sorted(f"m{number}" for number in range(NAMED - 1))
        assert sorted({name for each in told for name in each["joined"]} - {"ann"}) == names
        members = ann.members("go")
        assert members["count"] == NAMED and sorted(members["usernames"]) == sorted(names + ["ann"])
        one_more = crowd.add(Member(daemon.port, join_as("one more")))
        event = ann.expect("presence")
        assert event["count"] == NAMED + 1 and "joined" not in event and "left" not in event
        members = ann.members("go")
        assert members["count"] == NAMED + 1 and "usernames" not in members
        crowd.remove(one_more)
        one_more.close()
        assert ann.expect("presence")["count"] == NAMED
        assert len(ann.members("go")["usernames"]) == NAMED
        # All others know the same.
        crowd.hear(lambda: all(each.count() == NAMED for each in others))


CROWD = 2_000


def test_presence_of_2_000_joins_costs_in_proportion(start):
    daemon = start("--lines-per-second", "0")
    with Crowd() as crowd:
        began = time.monotonic()
        members = []
        for number in range(CROWD):
            members.append(crowd.add(Member(daemon.port, join_as(f"member {number}"))))
            crowd.turn()
        crowd.hear(lambda: all(each.count() == CROWD for each in members),
                   lambda: sum(each.sizes["joined"] > 0 for each in members))
        seconds = time.monotonic() - began
        for each in members:
            assert len(each.presence) <= seconds + 2
            for event in each.presence:
                assert ("joined" in event) == (event["count"] <= NAMED), event
        # Counts are about 50 bytes each. Names cost only for the first 200, each name once to each.
        counts = CROWD * (seconds + 2) * len('{"type":"presence","room":"go","count":2000}')
        names = NAMED * NAMED * len('"member 1999",') + NAMED * len(',"joined":[],"left":[]') * 10
        assert sum(each.sizes["presence"] for each in members) <= counts + names
