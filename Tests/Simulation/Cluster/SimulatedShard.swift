internal import Chat
package import ChatCluster
internal import TestSupport

/// A shard in memory, and the network between it and its nodes. It carries out commands as the
/// scripts on Redis do. Its faults, and how long everything takes, are drawn from a seed. Times are
/// in milliseconds.
package struct SimulatedShard {
    package var faults: ShardFaults
    /// Whether the faults are over.
    var isCalm = false
    /// Which of the cluster's shards it is.
    let number: Int
    let truth: ClusterTruth
    var random: SplitMix64
    var data: ShardData
    /// What was there before each of the last writes.
    var past: [ShardData] = []
    /// Counts up with each restart.
    var process = 1
    var connections: [ShardConnection]
    /// In the order of arrival.
    var deliveries: [ShardDelivery] = []
    private var sent: UInt64 = 0
    var downUntil: UInt64 = 0
    var pausedUntil: UInt64 = 0
    var refusingUntil: UInt64 = 0
    var shortUntil: UInt64 = 0
    /// When each node was last kept from its work.
    var lastTrouble: [UInt64]
    /// The positions that each node was told of by messages.
    var told: [Int: [RoomName: ToldHeads]] = [:]

    /// How late a command of a broken connection is carried out at most.
    static let longestDelay: UInt64 = 2_000
    /// The writes that a restart may lose.
    static let writesAtRisk = 30

    package init(
        _ number: Int = 0, nodes: Int, faults: ShardFaults, seed: UInt64, truth: ClusterTruth
    ) {
        (self.number, self.faults, self.truth) = (number, faults, truth)
        random = SplitMix64(seed: seed)
        data = ShardData(number: number)
        connections = Array(repeating: ShardConnection(), count: nodes)
        lastTrouble = Array(repeating: 0, count: nodes)
        for node in 0..<nodes { send(.connect, node, at: 0) }
    }

    /// When ``next(at:)`` has something to do. `UInt64.max` if never.
    package var nextTime: UInt64 { deliveries.first?.time ?? .max }

    /// Whether a node can't reach it now.
    func isCutOff(_ node: Int, at now: UInt64) -> Bool {
        now < max(downUntil, pausedUntil, connections[node].partitionEnd)
    }

    /// When the last fault so far is over, and the last command of a broken connection is carried
    /// out.
    var lastFaultEnd: UInt64 {
        let own = connections.reduce(max(downUntil, pausedUntil, refusingUntil, shortUntil)) {
            max($0, $1.partitionEnd)
        }
        return deliveries.reduce(own) { $1.survives ? max($0, $1.time) : $0 }
    }

    // MARK: What a node does

    package mutating func perform(_ effects: [ShardEffect], of node: Int, at now: UInt64) {
        for effect in effects {
            if case .reconnect = effect {
                cut(node, at: now, telling: false)
                continue
            }
            // What is sent on a broken connection is gone.
            guard connections[node].isUp else { continue }
            let arrival = max(connections[node].lastCommand, now + delay())
            connections[node].lastCommand = arrival
            switch effect {
            case .command(let number, let command):
                send(.command(number, command), node, at: arrival)
            case .subscribe(let room): send(.subscribe(room), node, at: arrival)
            case .unsubscribe(let room): send(.unsubscribe(room), node, at: arrival)
            case .reconnect: break
            }
        }
    }

    /// What happens next at a node, until this time.
    package mutating func next(at now: UInt64) -> (node: Int, event: ShardEvent)? {
        while let first = deliveries.first, first.time <= now {
            deliveries.removeFirst()
            if let event = arrived(first, at: first.time) { return (first.node, event) }
        }
        return nil
    }

    private mutating func arrived(_ delivery: ShardDelivery, at now: UInt64) -> ShardEvent? {
        let node = delivery.node
        if case .heal(let breaks) = delivery.content {
            if breaks { cut(node, at: now, telling: true) }
            return nil
        }
        let isCurrent = delivery.life == connections[node].life
        guard isCurrent || delivery.survives else { return nil }
        if now < connections[node].partitionEnd {
            return postpone(delivery, to: connections[node].partitionEnd)
        }
        switch delivery.content {
        case .heal: break
        case .connect:
            guard downUntil <= now else { return postpone(delivery, to: downUntil + delay()) }
            connections[node].isUp = true
            return .connected
        case .command(let number, let command):
            guard pausedUntil <= now else { return postpone(delivery, to: pausedUntil) }
            carryOut(command, number, of: node, isCurrent, at: now)
        case .subscribe(let room):
            guard pausedUntil <= now else { return postpone(delivery, to: pausedUntil) }
            connections[node].rooms.insert(room)
            message(.subscribed(room), to: node, at: now)
        case .unsubscribe(let room): connections[node].rooms.remove(room)
        case .event(let event):
            if case .published(let room, let publication) = event {
                heard(publication, of: room, by: node, at: now)
            }
            return event
        }
        return nil
    }

    private mutating func carryOut(
        _ command: ShardCommand, _ number: UInt64, of node: Int, _ isAnswered: Bool, at now: UInt64
    ) {
        if ShardData.isWrite(command) {
            past.append(data)
            if past.count > Self.writesAtRisk { past.removeFirst() }
        }
        let outcome = data.carryOut(
            command, on: process, at: now, refusing: now < refusingUntil, shortage(at: now))
        if case .append(let run, _, let room, let epoch, _) = command {
            for (submission, entry) in outcome.ordered {
                truth.ordered(submission, of: run, entry, in: room, epoch, by: self.number, at: now)
            }
        }
        if isAnswered {
            let arrival = max(connections[node].lastAnswer, now + delay())
            connections[node].lastAnswer = arrival
            send(.event(.answered(number, outcome.reply)), node, at: arrival)
        }
        for (room, publication) in outcome.publications { publish(publication, room, at: now) }
        for (room, entry) in outcome.changes {
            guard let epoch = data.epoch else { continue }
            truth.changed(entry, in: room, epoch, at: now)
        }
        if !outcome.news.isEmpty { tell(.news(outcome.news), connections.map(\.isUp), at: now) }
        if let (room, notice) = outcome.notice { publish(.present(room, notice), room, at: now) }
    }

    private mutating func shortage(at now: UInt64) -> ShardData.Shortage? {
        guard now < shortUntil else { return nil }
        return random.happens(500) ? .noticed : .unnoticed
    }

    mutating func publish(_ publication: Publication, _ room: RoomName, at now: UInt64) {
        publish(.published(room, publication), room, at: now)
    }

    mutating func publish(_ event: ShardEvent, _ room: RoomName, at now: UInt64) {
        tell(event, connections.map { $0.rooms.contains(room) }, at: now)
    }

    /// Tells those nodes something, as far as the network does it.
    private mutating func tell(_ event: ShardEvent, _ hearers: [Bool], at now: UInt64) {
        for node in connections.indices where hearers[node] {
            guard !random.happens(faults.losses) else { continue }
            for _ in 0...(random.happens(faults.doubles) ? 1 : 0) {
                if random.happens(faults.lags) {
                    let lag = UInt64(random.number(in: 0...faults.lag))
                    send(.event(event), node, at: now + delay() + lag)
                } else {
                    message(event, to: node, at: now)
                }
            }
        }
    }

    private mutating func message(_ event: ShardEvent, to node: Int, at now: UInt64) {
        let arrival = max(connections[node].lastMessage, now + delay())
        connections[node].lastMessage = arrival
        send(.event(event), node, at: arrival)
    }

    private mutating func heard(
        _ publication: Publication, of room: RoomName, by node: Int, at now: UInt64
    ) {
        let last = publication.entries.last?.cursor ?? publication.previous
        told[node, default: [:]][room, default: ToldHeads()].heard(of: last, at: now)
    }

    /// Since when a node knows of entries that it doesn't have, if it is at this position.
    mutating func isWaiting(_ node: Int, at cursor: RoomCursor, in room: RoomName) -> UInt64? {
        told[node]?[room]?.reached(cursor)
        return told[node]?[room]?.first
    }

    /// What a node was told of a room has another meaning now.
    mutating func startedAnew(_ node: Int, in room: RoomName) { told[node]?[room] = nil }

    mutating func delay() -> UInt64 { UInt64(random.number(in: 0...faults.delay)) }

    mutating func send(
        _ content: ShardDelivery.Content, _ node: Int, at time: UInt64
    ) {
        sent += 1
        insert(
            ShardDelivery(
                time: time, number: sent, node: node, life: connections[node].life,
                content: content))
    }

    private mutating func postpone(_ delivery: ShardDelivery, to time: UInt64) -> ShardEvent? {
        var delivery = delivery
        delivery.time = time
        insert(delivery)
        return nil
    }

    mutating func insert(_ delivery: ShardDelivery) {
        var place = deliveries.count
        while place > 0, delivery.isBefore(deliveries[place - 1]) { place -= 1 }
        deliveries.insert(delivery, at: place)
    }
}
