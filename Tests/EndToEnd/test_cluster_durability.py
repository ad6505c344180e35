"""A Redis that keeps what it acknowledges: no acknowledged line is lost, however it ends."""

import itertools
import threading

from cluster import check_numbers, post_again
from rich import numbers_of, texts_of
from siege import eventually

ALWAYS = ("--appendonly", "yes", "--appendfsync", "always")


def test_no_line_is_lost_if_redis_keeps_what_it_acknowledges(node, serve_redis, proxy, rich):
    redis = serve_redis(*ALWAYS)
    nodes = [node(proxy(redis).url) for _ in range(2)]
    members = [rich(each) for each in nodes]
    for number, member in enumerate(members):
        member.join("go", username=f"m{number}")
    acknowledged, stop = {}, threading.Event()

    def speak(member, name):
        for number in itertools.count():
            if stop.is_set():
                return
            id = f"{name} {number}"
            acknowledged[id] = post_again(member, id, id, "go")

    speakers = [threading.Thread(target=speak, args=(member, number))
                for number, member in enumerate(members)]
    for speaker in speakers:
        speaker.start()
    for _ in range(2):
        count = len(acknowledged)
        eventually(lambda: len(acknowledged) > count + 40, lambda: len(acknowledged))
        redis.kill()
        redis.start()
    count = len(acknowledged)
    eventually(lambda: len(acknowledged) > count + 40, lambda: len(acknowledged))
    stop.set()
    for speaker in speakers:
        speaker.join()
    late = rich(node(redis.url))
    last = late.join("go", username="late")["seq"]
    history = late.scroll(last + 1, "go")
    numbers = {text: seq for text, seq in zip(texts_of(history), numbers_of(history))}
    # Each line is there, and once.
    assert len(numbers) == len(history)
    assert numbers == {id: ack["seq"] for id, ack in acknowledged.items()}
    check_numbers(*members, late, room="go")
