"""A Redis that comes back with less than it had acknowledged: numbers go on, and none stands for two
lines in one epoch."""

from chat import close_code, line
from cluster import await_readiness, check_numbers, post_again
from redis_proxy import REPLIES
from rich import numbers_of, texts_of
from siege import eventually


def crowd(rich, join, *nodes):
    members = [rich(each) for each in nodes]
    epochs = [member.join("go", username=f"m{number}", history=0)["epoch"]
              for number, member in enumerate(members)]
    assert len(set(epochs)) == 1
    return members, [join(each, "?room=go") for each in nodes], epochs[0]


def await_epoch(member, old: str) -> dict:
    event = member.expect("epoch")
    assert event["room"] == "go" and event["epoch"] != old, event
    return event


def test_a_redis_that_keeps_nothing_begins_a_new_epoch(node, redis, proxy, rich, join):
    nodes = [node(proxy(redis).url) for _ in range(2)]
    members, plain, old = crowd(rich, join, *nodes)
    for number in range(1, 6):
        members[0].post(f"old {number}", "go")
    for member in members:
        assert numbers_of(member.lines(5)) == [1, 2, 3, 4, 5]
    redis.kill()
    redis.start()
    for each in nodes:
        await_readiness(each, 200)
    events = [await_epoch(member, old) for member in members]
    assert events[0] == events[1] and events[0]["seq"] >= 5
    for reader in plain:
        assert close_code(reader) == 1012
    again = [join(each, "?room=go") for each in nodes]
    for number, member in enumerate(members):
        assert member.post(f"new {number}", "go")["seq"] == 6 + number
    for member in members:
        assert numbers_of(member.lines(2)) == [6, 7]
    for reader in again:
        assert [line(reader)[1] for _ in range(2)] == [6, 7]
    # What a client knows of the old epoch has no continuation.
    back = rich(nodes[1])
    joined = back.join("go", username="back", after={"epoch": old, "seq": 3})
    assert (joined["recovered"], joined["epoch"]) == (False, events[0]["epoch"])
    check_numbers(*members, back, room="go")


def test_a_promoted_replica_begins_a_new_epoch(node, serve_redis, proxy, rich, join):
    master = serve_redis("--repl-diskless-sync-delay", "0")
    stream = proxy(master)
    replica = serve_redis("--replicaof", "127.0.0.1", str(stream.port))
    eventually(lambda: b"master_link_status:up" in replica("INFO", "replication"),
               lambda: replica.log)
    between = [proxy(master) for _ in range(2)]
    nodes = [node(each.url) for each in between]
    members, plain, old = crowd(rich, join, *nodes)
    for number in range(1, 6):
        members[0].post(f"kept {number}", "go")
    eventually(lambda: replica("XLEN", "hubbub:room:go") == 5, lambda: replica.log)
    stream.hold(REPLIES)
    lost = [members[1].post(f"lost {number}", "go")["seq"] for number in range(3)]
    assert lost == [6, 7, 8]
    for member in members:
        assert numbers_of(member.lines(8)) == list(range(1, 9))
    master.kill()
    stream.cut()
    replica("REPLICAOF", "NO", "ONE")
    for each in between:
        each.target = replica.path
        each.cut()
    events = [await_epoch(member, old) for member in members]
    assert events[0]["epoch"] == events[1]["epoch"]
    for reader in plain:
        assert close_code(reader) == 1012
    for each in nodes:
        await_readiness(each, 200)
    assert members[0].post("new", "go")["seq"] == 9
    for member in members:
        assert texts_of([member.line()]) == ["new"]
    late = rich(nodes[0])
    assert late.join("go", username="late", history=200)["epoch"] == events[0]["epoch"]
    assert texts_of(late.lines(6)) == [*(f"kept {number}" for number in range(1, 6)), "new"]
    # A client that has seen no lost line goes on.
    back = {seq: rich(nodes[1]) for seq in (4, 8)}
    for seq, client in back.items():
        joined = client.join("go", username=f"b{seq}", after={"epoch": old, "seq": seq})
        assert joined["recovered"] is (seq == 4), joined
    assert texts_of(back[4].lines(2)) == ["kept 5", "new"]
    check_numbers(*members, late, *back.values(), room="go")


def test_data_that_somebody_deletes_begins_a_new_epoch(node, redis, rich):
    nodes = [node(redis.url) for _ in range(2)]
    ann, bob = (rich(each) for each in nodes)
    old = ann.join("go", username="ann")["epoch"]
    bob.join("go", username="bob")
    for number in range(3):
        ann.post(str(number), "go")
    for client in (ann, bob):
        assert numbers_of(client.lines(3)) == [1, 2, 3]
    redis("FLUSHALL")
    assert post_again(bob, "after", "after", "go")["seq"] == 4
    for client in (ann, bob):
        await_epoch(client, old)
        assert client.line()["seq"] == 4
    check_numbers(ann, bob, room="go")
