package import Chat
internal import ChatCluster
internal import TestSupport

/// What goes wrong with a simulated shard.
extension SimulatedShard {
    /// A node's connections break. Some of its commands that are on their way are still carried
    /// out, possibly later unless the network is calm.
    package mutating func cut(_ node: Int, at now: UInt64, telling isTold: Bool) {
        lastTrouble[node] = max(lastTrouble[node], now)
        let life = connections[node].life
        let end = connections[node].partitionEnd
        connections[node] = ShardConnection(life: life + 1, partitionEnd: end)
        told[node] = nil
        let underWay = deliveries.filter { $0.node == node && $0.life == life && $0.isCommand }
        let survivors = Set(underWay.prefix(random.number(in: 0...underWay.count)).map(\.number))
        let isLate = !isCalm && random.happens(500)
        let late = isLate ? UInt64(random.number(in: 0...Int(Self.longestDelay))) : 0
        let old = deliveries
        deliveries = []
        for var delivery in old {
            if delivery.node == node, delivery.life == life, !delivery.isHeal {
                guard survivors.contains(delivery.number) else { continue }
                delivery.survives = true
                delivery.time += late
            }
            insert(delivery)
        }
        if isTold { send(.event(.disconnected(reason: "broken")), node, at: now + delay()) }
        // The node learns first that the old connections are gone.
        let pause = faults.delay + random.number(in: 1...100)
        send(.connect, node, at: now + UInt64(pause))
    }

    /// A node and the shard don't hear each other for a while.
    package mutating func partition(
        _ node: Int, for duration: UInt64, at now: UInt64, breaking breaks: Bool
    ) {
        connections[node].partitionEnd = max(connections[node].partitionEnd, now + duration)
        lastTrouble[node] = max(lastTrouble[node], now + duration)
        send(.heal(breaks: breaks), node, at: connections[node].partitionEnd)
    }

    /// It stands still for a while.
    package mutating func pause(for duration: UInt64, at now: UInt64) {
        pausedUntil = max(pausedUntil, now + duration)
        troubled(until: now + duration)
    }

    /// It takes no writes for a while.
    package mutating func refuse(for duration: UInt64, at now: UInt64) {
        refusingUntil = max(refusingUntil, now + duration)
        troubled(until: now + duration)
    }

    /// It has too few replicas for a while.
    package mutating func lackReplicas(for duration: UInt64, at now: UInt64) {
        shortUntil = max(shortUntil, now + duration)
        troubled(until: now + duration)
    }

    private mutating func troubled(until time: UInt64) {
        lastTrouble = lastTrouble.map { max($0, time) }
    }

    /// It dies, and comes back after a while without its last writes.
    package mutating func restart(
        losing writes: Int, for duration: UInt64, at now: UInt64
    ) {
        process += 1
        deliveries.removeAll { $0.isCommand }
        for node in connections.indices { cut(node, at: now, telling: true) }
        downUntil = max(downUntil, now + duration)
        troubled(until: now + duration)
        if writes > 0, !past.isEmpty {
            data = past[max(past.count - writes, 0)]
            truth.rolledBack(number, to: data)
        }
        past = []
    }

    /// A moderator somewhere else changes a room.
    package mutating func change(_ room: RoomName, at now: UInt64) {
        guard now >= max(downUntil, pausedUntil, refusingUntil), !data.isOld(on: process) else {
            return
        }
        past.append(data)
        guard let (entry, publication) = data.change(room, at: now) else { return }
        truth.changed(entry, in: room, publication.epoch, at: now)
        publish(publication, room, at: now)
    }

    /// The oldest lines of a room are too many or too old.
    mutating func trim(_ room: RoomName, at now: UInt64) {
        guard random.happens(faults.trims), now >= max(downUntil, pausedUntil, refusingUntil),
            !data.isOld(on: process)
        else { return }
        past.append(data)
        guard let oldest = data.trim(room, by: random.number(in: 1...20)) else { return }
        truth.pruned(room, before: oldest)
        publish(.pruned(room, oldest: oldest), room, at: now)
    }

    /// Has those faults that are drawn.
    mutating func suffer(at now: UInt64) {
        func duration(_ random: inout SplitMix64) -> UInt64 {
            UInt64(random.number(in: 0...random.pick([50, 600, 3_000])))
        }
        for node in connections.indices {
            if random.happens(faults.cuts) { cut(node, at: now, telling: true) }
            if random.happens(faults.partitions) {
                let breaks = Bool.random(using: &random)
                partition(node, for: duration(&random), at: now, breaking: breaks)
            }
        }
        if random.happens(faults.pauses) { pause(for: duration(&random), at: now) }
        if random.happens(faults.refusals) { refuse(for: duration(&random), at: now) }
        if random.happens(faults.shortages) { lackReplicas(for: duration(&random), at: now) }
        if random.happens(faults.restarts) { restart(losing: 0, for: duration(&random), at: now) }
        if random.happens(faults.rollbacks) {
            let writes = random.number(in: 1...Self.writesAtRisk)
            restart(losing: writes, for: duration(&random), at: now)
        }
    }

    /// The faults are over, except those that have an end.
    mutating func calm() {
        faults = .none
        isCalm = true
    }
}

extension ShardDelivery {
    fileprivate var isCommand: Bool {
        if case .command = content { true } else { false }
    }

    fileprivate var isHeal: Bool {
        if case .heal = content { true } else { false }
    }
}
