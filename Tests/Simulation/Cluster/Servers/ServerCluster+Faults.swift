internal import Chat
internal import ChatCluster
internal import Reactor
internal import TestSupport

/// What goes wrong with a cluster's nodes, and whether they notice.
extension ServerCluster {
    /// Has the faults of shards that are drawn, and those of nodes.
    func suffer() {
        for shard in shards.indices { shards[shard].suffer(at: now) }
        let room = random.pick(rooms)
        shards[shard(of: room)].trim(room, at: now)
        let node = random.pick(nodes)
        if random.happens(nodeFaults.deaths) { kill(node) }
        let pause = UInt64(random.number(in: 0...random.pick([50, 1_000, 6_000])))
        if random.happens(nodeFaults.standstills), node.lives {
            node.standStill(milliseconds: pause, isWhole: true, at: now)
        }
        if random.happens(nodeFaults.stalls), node.lives {
            node.standStill(milliseconds: pause, isWhole: false, at: now)
        }
        if random.happens(nodeFaults.clockSteps) {
            node.world.wallClock += Int64(random.number(in: -400_000...400_000))
        }
    }

    /// A node's process dies. Another one starts after a while.
    func kill(_ node: ServerNode, restarting: Bool = true) {
        guard node.lives else { return }
        trace?("\(now) \(node.label) dies")
        node.die()
        node.simulation.crash(onto: NodeMailbox())
        hasDied = true
        for shard in shards.indices { shards[shard].cut(node.place, at: now, telling: false) }
        guard restarting else { return }
        starts.append((now + UInt64(random.number(in: 0...3_000)), node.place))
    }

    /// A process of a node that has died starts.
    func begin(_ place: Int) {
        let node = nodes[place]
        node.start(newRun(node.name.text), shards: shards.count, at: now)
        trace?("\(now) \(node.label) starts")
        for shard in shards.indices { shards[shard].cut(place, at: now, telling: false) }
        cuts[place] = Array(repeating: nil, count: shards.count)
        isProbed[place] = false
    }

    /// Another process starts with the name of a node that lives.
    func startTwin(of node: ServerNode) throws(SystemError) -> ServerNode {
        let twin = try newNode(nodes.count, named: node.name.text)
        for shard in shards.indices { shards[shard].cut(twin.place, at: now, telling: false) }
        nodes.append(twin)
        return twin
    }

    /// The faults are over. Returns when the last one of them ends.
    func calm() -> UInt64 {
        faults = .none
        var end = now
        for shard in shards.indices {
            shards[shard].calm()
            end = max(end, shards[shard].lastFaultEnd)
        }
        for node in nodes { end = max(end, node.world.now.milliseconds) }
        return max(end, starts.map(\.time).max() ?? 0)
    }

    // MARK: Readiness

    /// A node that is cut off says so.
    func checkCuts() {
        for node in nodes where node.lives {
            let place = node.place
            for shard in shards.indices {
                if shards[shard].isCutOff(place, at: now), !node.stands(at: now) {
                    cuts[place][shard] = cuts[place][shard] ?? now
                } else {
                    cuts[place][shard] = nil
                }
            }
            guard let since = cuts[place].compactMap(\.self).min() else {
                isProbed[place] = false
                continue
            }
            guard !isProbed[place], now > since + Self.notice, node.world.now.milliseconds <= now
            else { continue }
            isProbed[place] = true
            if isReady(node) { truth.broken("\(node.label) is cut off since \(since), and ready") }
            checkSender(on: node)
        }
    }

    /// Somebody says a line on a node that is cut off, and is told at once that it isn't stored.
    private func checkSender(on node: ServerNode) {
        // Otherwise the line waits until it is known what has become of those.
        guard !node.hasLines else { return }
        let failing = shards.indices.filter { shard in
            cuts[node.place][shard].map { now > $0 + Self.notice } ?? false
        }
        guard let room = rooms.first(where: { failing.contains(shard(of: $0)) }) else { return }
        let client = node.simulation.connect()
        client.handshake(room: room.text)
        node.simulation.settle()
        client.say("a line that can't be stored")
        for _ in 0..<4 {
            node.stir()
            _ = turn(node)
        }
        if client.errors.map(\.code) != ["store_unavailable"] {
            truth.broken("\(node.label) is cut off, and says \(client.errors) to a line")
        }
        client.link.reset()
        node.simulation.settle()
        node.simulation.abandon(client)
        node.stir()
    }

    /// Whether a node says that it is ready.
    func isReady(_ node: ServerNode) -> Bool {
        let client = node.simulation.connect()
        client.send("GET /readyz HTTP/1.1\r\nHost: chat.example\r\n\r\n")
        node.simulation.settle()
        let status = client.responses?.first?.status
        client.link.reset()
        node.simulation.settle()
        node.simulation.abandon(client)
        node.stir()
        return status == 200
    }
}
