"""The daemon stops: all clients are told when to come back, and no line is lost."""

import signal

from crowd import PLAIN, Crowd, Peer, command
from rich import fresh_id, numbers_of, texts_of

FREE = ("--lines-per-second", "0")


def closings(start, count: int) -> list[int]:
    """The milliseconds after which each of this many clients is to come back."""
    daemon = start()
    with Crowd() as crowd:
        peers = [crowd.add(Peer(daemon.port, command(type="join", room="go")))
                 for _ in range(count)]
        # Clients that are in no room are told too.
        peers += [crowd.add(Peer(daemon.port)) for _ in range(count)]
        plain = crowd.add(Peer(daemon.port, fields=PLAIN, query="?room=go"))
        crowd.hear(lambda: all(each.sizes["joined"] for each in peers[:count]))
        crowd.hear(lambda: all(each.sizes["welcome"] for each in peers))
        daemon.signal(signal.SIGTERM)
        crowd.hear_out()
        assert daemon.wait() == 0
        assert {each.code for each in (*peers, plain)} == {1001}
        assert plain.events == []
        for each in peers:
            types = [event["type"] for event in each.events]
            assert types.count("closing") == 1 and types[-1] == "closing", types
        return [checked_delay(each.events[-1]) for each in peers]


def checked_delay(closing: dict) -> int:
    assert closing.keys() == {"type", "reconnect_after_ms"}
    assert type(closing["reconnect_after_ms"]) is int and closing["reconnect_after_ms"] >= 0
    return closing["reconnect_after_ms"]


def test_each_client_is_told_its_own_time_to_come_back(start):
    few, many = closings(start, 5), closings(start, 1_000)
    assert len(set(few)) > 1 and len(set(many)) > len(many) // 10
    # The times are spread over the whole window: each quarter of it has its share.
    window = max(many)
    quarters = [sum(window * part / 4 <= each <= window * (part + 1) / 4 for each in many)
                for part in range(4)]
    assert min(quarters) > len(many) // 10, quarters
    assert window > max(few)


def test_acknowledged_lines_are_delivered_before_the_close(start):
    daemon = start(*FREE)
    with Crowd() as crowd:
        listeners = [crowd.add(Peer(daemon.port, command(type="join", room="go")))
                     for _ in range(50)]
        crowd.hear(lambda: all(each.sizes["joined"] for each in listeners))
        speaker = crowd.add(Peer(
            daemon.port, command(type="join", room="go", username="ann"),
            *(command(type="message", room="go", message=str(number), id=str(number))
              for number in range(200))))
        crowd.hear(lambda: sum(each["type"] == "ack" for each in speaker.events) >= 100)
        daemon.signal(signal.SIGTERM)
        crowd.hear_out()
        acknowledged = {each["seq"] for each in speaker.events if each["type"] == "ack"}
        for each in (*listeners, speaker):
            types = [event["type"] for event in each.events]
            assert each.code == 1001 and types[-1] == "closing"
            heard = numbers_of([event for event in each.events if event["type"] == "message"])
            assert heard == list(range(1, len(heard) + 1))
            assert acknowledged <= set(heard)


def test_lines_in_flight_appear_once_when_they_are_sent_again(start, rich, tmp_path):
    ids = [fresh_id() for _ in range(500)]
    lines = [command(type="message", room="go", message=id, id=id) for id in ids]
    daemon = start(*FREE, data=tmp_path / "data")
    with Crowd() as crowd:
        listener = crowd.add(Peer(daemon.port, command(type="join", room="go")))
        speaker = crowd.add(Peer(daemon.port, command(type="join", room="go", username="ann")))
        crowd.hear(lambda: speaker.sizes["joined"] and listener.sizes["joined"])
        # The signal comes in the middle of the lines, however many the daemon has read.
        speaker.send(*lines[:250])
        daemon.signal(signal.SIGTERM)
        speaker.send(*lines[250:])
        crowd.hear_out()
        assert daemon.wait() == 0
        acks = {each["id"]: each for each in speaker.events if each["type"] == "ack"}
        heard = [each for each in listener.events if each["type"] == "message"]
        assert not speaker.sizes["error"]
    daemon = start(*FREE, data=tmp_path / "data")
    ann, bob = rich(daemon), rich(daemon)
    last = bob.join("go", history=0)["seq"]
    before = bob.scroll(last + 1, "go")
    # Lines that were received or acknowledged are there, and are the first of those sent.
    assert before[:len(heard)] == heard
    assert texts_of(before) == ids[:last] and len(acks) <= last
    ann.join("go", username="ann", history=0)
    for id in ids:
        ann.send(type="message", room="go", message=id, id=id)
    again = [ann.reply(id) for id in ids]
    assert all(each["type"] == "ack" for each in again), again
    assert all(acks.get(each["id"], each) == each for each in again)
    assert texts_of(bob.scroll(len(ids) + 1, "go")) == ids
    assert bob.join("go")["seq"] == len(ids)
