"""The daemon stops: everybody is told when to come back, and nothing is lost by it."""

import signal

from crowd import PLAIN, Crowd, Peer, command
from rich import fresh_id, numbers_of, texts_of

FREE = ("--lines-per-second", "0")


def closings(start, count: int) -> list[int]:
    """After how many milliseconds each of so many clients is to come back."""
    daemon = start()
    with Crowd() as crowd:
        peers = [crowd.add(Peer(daemon.port, command(type="join", room="go")))
                 for _ in range(count)]
        # Those who are in no room are told too.
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


def test_each_is_told_its_own_time_to_come_back_and_a_crowd_takes_longer(start):
    few, many = closings(start, 5), closings(start, 1_000)
    assert len(set(few)) > 1 and len(set(many)) > len(many) // 10
    # Spread over the whole window: each quarter of it has its share.
    window = max(many)
    quarters = [sum(window * part / 4 <= each <= window * (part + 1) / 4 for each in many)
                for part in range(4)]
    assert min(quarters) > len(many) // 10, quarters
    assert window > max(few)


def test_what_was_acknowledged_is_delivered_before_the_close(start):
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


def test_what_is_in_flight_is_there_once_when_it_is_sent_again(start, rich, tmp_path):
    ids = [fresh_id() for _ in range(500)]
    lines = [command(type="message", room="go", message=id, id=id) for id in ids]
    daemon = start(*FREE, data=tmp_path / "data")
    with Crowd() as crowd:
        listener = crowd.add(Peer(daemon.port, command(type="join", room="go")))
        speaker = crowd.add(Peer(daemon.port, command(type="join", room="go", username="ann")))
        crowd.hear(lambda: speaker.sizes["joined"] and listener.sizes["joined"])
        # In the middle of them, whatever the daemon has read of it.
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
    # What was heard or acknowledged is there, and it is the beginning of what was sent.
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
