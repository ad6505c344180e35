package import Chat
internal import ChatCluster
internal import TestSupport

/// Nodes that tell each other of their members through one shard in memory.
///
/// Messages are late, lost, doubled and out of order, connections break, and nodes die. All
/// of it is drawn from a seed. Times are in milliseconds.
package struct PresenceNodes {
    package var faults: PresenceFaults
    package private(set) var now: UInt64 = 1_000_000
    package private(set) var epoch = Epoch(number: 1)
    package private(set) var commands = 0
    /// Of each node, what its server was told and when.
    package private(set) var news: [[(time: UInt64, room: RoomName, presence: RoomPresence)]]
    private var shard = SimulatedPresence()
    private var nodes: [PresenceNode]
    private var deliveries: [PresenceDelivery] = []
    private var sent = 0
    private var pausedUntil: UInt64 = 0
    private var random: SplitMix64

    package init(_ count: Int, faults: PresenceFaults = PresenceFaults(), seed: UInt64) {
        self.faults = faults
        random = SplitMix64(seed: seed)
        nodes = []
        news = Array(repeating: [], count: count)
        for number in 0..<count { nodes.append(makeNode(number)) }
        for number in 0..<count { connect(number) }
    }

    private mutating func makeNode(_ number: Int) -> PresenceNode {
        guard let name = NodeName("node-\(number)") else { preconditionFailure("a bad name") }
        let run = NodeRun(name, number: random.next())
        return PresenceNode(run: run, machine: ShardPresence(run))
    }

    // MARK: What is observed

    /// The members of a room on the other nodes, as a node's server was told.
    package func elsewhere(_ node: Int, _ room: RoomName) -> RoomPresence {
        nodes[node].told[room] ?? .nobody
    }

    /// The members of a room on the other nodes that live.
    package func truth(_ node: Int, _ room: RoomName) -> RoomPresence {
        nodes.indices.filter { $0 != node && nodes[$0].lives }.reduce(.nobody) {
            $0 + (nodes[$1].own[room] ?? .nobody)
        }
    }

    package func own(_ node: Int, _ room: RoomName) -> RoomPresence {
        nodes[node].own[room] ?? .nobody
    }

    package func lives(_ node: Int) -> Bool { nodes[node].lives }

    package func follows(_ node: Int, _ room: RoomName) -> Bool { nodes[node].told[room] != nil }

    /// What is wrong in a room, on nodes that follow it and live.
    package func errors(in room: RoomName) -> [String] {
        nodes.indices.compactMap { node in
            guard nodes[node].lives, follows(node, room) else { return nil }
            let (told, truth) = (elsewhere(node, room), truth(node, room))
            return told == truth ? nil : "node \(node) says \(told.count), not \(truth.count)"
        }
    }

    // MARK: What happens

    /// A room has these members on a node.
    package mutating func set(_ presence: RoomPresence, in room: RoomName, on node: Int) {
        guard nodes[node].lives else { return }
        if presence == .nobody {
            guard nodes[node].told[room] != nil else { return }
            (nodes[node].told[room], nodes[node].own[room]) = (nil, nil)
            return use(node) { [now] in $0.unfollow(room, at: now) }
        }
        if nodes[node].told[room] == nil {
            nodes[node].told[room] = .nobody
            use(node) { machine in
                machine.follow(room)
                machine.subscribed(room)
            }
        }
        nodes[node].own[room] = presence
        use(node) { [now] in $0.changed(presence, in: room, at: now) }
    }

    /// A node dies without a word.
    package mutating func kill(_ node: Int) {
        nodes[node].lives = false
        nodes[node].connection += 1
        nodes[node].isConnected = false
    }

    /// A node that died comes back, without members.
    package mutating func revive(_ node: Int) {
        guard !nodes[node].lives else { return }
        nodes[node] = makeNode(node)
        connect(node)
    }

    /// The connections of a node break. What it has sent still arrives.
    package mutating func cut(_ node: Int, for milliseconds: UInt64 = 0) {
        guard nodes[node].lives, nodes[node].isConnected else { return }
        nodes[node].connection += 1
        nodes[node].isConnected = false
        nodes[node].machine.cut()
        connect(node, after: milliseconds)
    }

    /// The shard does nothing for a while.
    package mutating func pause(for milliseconds: UInt64) { pausedUntil = now + milliseconds }

    /// The shard has lost its data: another epoch begins, which nodes learn of one after another.
    package mutating func lose() {
        epoch = Epoch(number: random.next())
        for node in nodes.indices { cut(node) }
    }

    /// The shard forgets a room.
    package mutating func forget(_ room: RoomName) { shard.forget(room, in: epoch) }

    package mutating func run(for milliseconds: UInt64) {
        let end = now + milliseconds
        while let time = nextTime, time <= end {
            now = max(now, time)
            if let place = deliveries.firstIndex(where: { $0.time <= now }) {
                deliver(deliveries.remove(at: place))
            }
            for node in nodes.indices where nodes[node].lives {
                guard nodes[node].machine.deadline <= now else { continue }
                use(node) { [now] in $0.timePassed(to: now) }
            }
        }
        now = end
    }

    private var nextTime: UInt64? {
        let timers = nodes.lazy.filter(\.lives).map(\.machine.deadline)
        let next = min(timers.min() ?? .max, deliveries.first?.time ?? .max)
        return next == .max ? nil : next
    }

    // MARK: The way between

    private mutating func connect(_ node: Int, after milliseconds: UInt64 = 0) {
        send(.connected, node, at: max(now, pausedUntil) + milliseconds + delay())
    }

    private mutating func deliver(_ delivery: PresenceDelivery) {
        let node = delivery.node
        if case .command(let command) = delivery.event {
            if now < pausedUntil {
                return insert(delivery, at: pausedUntil)
            }
            return carryOut(command, of: delivery)
        }
        guard nodes[node].run == delivery.run, nodes[node].connection == delivery.connection,
            nodes[node].lives
        else { return }
        switch delivery.event {
        case .connected:
            nodes[node].isConnected = true
            let rooms = nodes[node].told.keys.sorted { $0.text < $1.text }
            use(node) { [epoch, now] machine in
                machine.opened(epoch, at: now)
                for room in rooms { machine.subscribed(room) }
            }
        case .command: break
        case .answer(let command, let reply):
            use(node) { [now] in $0.answered(command, reply, at: now) }
        case .notice(let room, let notice):
            guard nodes[node].told[room] != nil else { return }
            use(node) { [now] in $0.received(notice, in: room, at: now) }
        }
    }

    private mutating func carryOut(_ command: PresenceCommand, of delivery: PresenceDelivery) {
        commands += 1
        let (reply, told) = shard.carryOut(command)
        let node = delivery.node
        if nodes[node].connection == delivery.connection {
            let time = max(nodes[node].answerAt, now + delay())
            nodes[node].answerAt = time
            send(.answer(command, reply), node, at: time)
        }
        guard let (room, notice) = told else { return }
        for node in nodes.indices where nodes[node].isConnected {
            guard !random.happens(faults.losses) else { continue }
            for _ in 0...(random.happens(faults.doubles) ? 1 : 0) {
                let lag = random.happens(faults.lags) ? faults.lag : 0
                let way = UInt64(random.number(in: 0...Int(faults.delay + lag)))
                send(.notice(room, notice), node, at: now + way)
            }
        }
    }

    private mutating func use(_ node: Int, _ body: (inout ShardPresence) -> Void) {
        body(&nodes[node].machine)
        for command in nodes[node].machine.takeCommands() where nodes[node].isConnected {
            let time = max(nodes[node].commandAt, now + delay())
            nodes[node].commandAt = time
            send(.command(command), node, at: time)
        }
        for case .present(let room, let presence) in nodes[node].machine.takeReplies() {
            guard nodes[node].told[room] != nil else { continue }
            nodes[node].told[room] = presence
            news[node].append((now, room, presence))
        }
    }

    private mutating func delay() -> UInt64 {
        UInt64(random.number(in: 0...Int(faults.delay)))
    }

    private mutating func send(_ event: PresenceDelivery.Event, _ node: Int, at time: UInt64) {
        sent += 1
        insert(
            PresenceDelivery(
                time: time, number: sent, node: node, run: nodes[node].run,
                connection: nodes[node].connection, event: event), at: time)
    }

    private mutating func insert(_ delivery: PresenceDelivery, at time: UInt64) {
        var delivery = delivery
        delivery.time = time
        var place = deliveries.count
        while place > 0, delivery.isBefore(deliveries[place - 1]) { place -= 1 }
        deliveries.insert(delivery, at: place)
    }
}
