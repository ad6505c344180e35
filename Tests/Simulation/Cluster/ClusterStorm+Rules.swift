internal import Chat
internal import ChatCluster

/// What must hold in a storm.
extension ClusterStorm {
    /// How long a fault of a shard may be felt by a node, which may have to wait for its name.
    private static let recovery: UInt64 = 10_000

    /// What must hold at each moment.
    mutating func check() {
        for node in nodes.indices {
            for shard in shards.indices {
                guard shards[shard].isCutOff(node, at: now) else {
                    cutOffSince[node][shard] = nil
                    continue
                }
                let since = cutOffSince[node][shard] ?? now
                cutOffSince[node][shard] = since
                if now > since + 2_000, !nodes[node].isFailing {
                    truth.broken("\(nodes[node].name) is cut off since \(since), silently")
                }
            }
            for room in nodes[node].takeFailures() {
                let shard = nodes[node].shard(of: room)
                guard now > shards[shard].lastTrouble[node] + Self.recovery else { continue }
                truth.broken("\(nodes[node].name) can't say lines in \(room.text) for no reason")
            }
            if faults.areOfPublicationsOnly { checkDelay(node) }
            if nodes[node].refusal != nil { truth.broken("\(nodes[node].name) is refused") }
        }
    }

    /// Whether a node lacks for too long what was lost on the way to it.
    private mutating func checkDelay(_ node: Int) {
        let name = nodes[node].name
        if nodes[node].wasFailing { truth.broken("\(name) fails without a reason") }
        for room in rooms {
            let shard = nodes[node].shard(of: room)
            guard let view = nodes[node].rooms[room], view.isFollowed, let epoch = view.epoch,
                let cursor = view.cursor
            else {
                shards[shard].startedAnew(node, in: room)
                continue
            }
            let slack = 4 * UInt64(faults.delay)
            if let time = truth.time(after: cursor, in: room, epoch), now > time + 1_000 {
                truth.broken("\(name) lacks an entry of \(room.text) since \(time)")
            }
            if let time = shards[shard].isWaiting(node, at: cursor, in: room),
                now > time + 50 + slack
            {
                truth.broken("\(name) could have repaired \(room.text) at \(time)")
            }
        }
    }

    func checkPositions(_ node: Int) {
        for room in rooms {
            guard let view = nodes[node].rooms[room] else { continue }
            let data = shards[nodes[node].shard(of: room)].data
            let head = data.rooms[room]?.head ?? RoomCursor()
            guard view.cursor != head || view.epoch != data.epoch else { continue }
            let place = view.cursor.map { "\($0.seq)-\($0.rev)" } ?? "nowhere"
            truth.broken(
                "\(nodes[node].name) is at \(place) of \(room.text), not at \(head.seq)-\(head.rev)"
            )
        }
    }

    func checkRest(_ node: Int) {
        let name = nodes[node].name
        checkPositions(node)
        if nodes[node].isFailing || !nodes[node].isReady { truth.broken("\(name) doesn't recover") }
        if nodes[node].hasLines { truth.broken("\(name) has lines without answers") }
        for room in rooms {
            guard let view = nodes[node].rooms[room], let epoch = view.epoch else { continue }
            let lines = truth.lines(of: room, in: epoch, after: view.first)
            let lost = lines.filter { !view.seen.contains($0) }
            if !lost.isEmpty { truth.broken("\(name) never got \(lost) of \(room.text)") }
        }
    }
}
