internal import Chat
internal import Reactor
internal import TestSupport
internal import WebSocket

/// What holds on all nodes once somebody orders it on one, and what a node means to others.
extension ServerStorm {
    /// How long an order may take until it holds everywhere.
    private static let force: UInt64 = 100
    /// How long the members of a dead node may be counted.
    private static let ghosts: UInt64 = 5_000

    private var owner: Roamer { roamers[0] }
    private var moderator: Roamer { roamers[1] }

    func checkOrders() {
        guard let room = moderator.streams.keys.min() else { return }
        freeze(room)
        order(.ban(room: room, sub: "v1"), by: moderator)
        checkBans(of: "v1", roamers[2])
        checkBans(of: "v2", roamers[3])
        close(roamers[3], code: .policyViolation, by: .disconnect(sub: "v2"))
        close(roamers[4], code: .revoked, by: .revoke(sub: "user"))
    }

    private func order(_ order: RoamerOrder, by roamer: Roamer) {
        guard roamer.isChatting else { return roamer.violate("it can't order anything") }
        roamer.order(order)
        play(for: Self.force)
        if !roamer.done.contains(where: { $0.order == order }) {
            roamer.violate("\(order) isn't carried out")
        }
    }

    private func freeze(_ room: String) {
        order(.freeze(room: room, true), by: moderator)
        let others = roamers.filter { $0.pass.map { $0.role < .moderator } ?? true }
        for roamer in others where roamer.streams[room] != nil {
            roamer.speak(in: room)
            guard let id = roamer.ids.last else { continue }
            play(for: 1)
            if roamer.refusals[id] != "frozen" { roamer.violate("\(room) isn't frozen for it") }
        }
        order(.freeze(room: room, false), by: moderator)
    }

    /// Whoever is banned from a room can't join it on any node.
    private func checkBans(of sub: String, _ roamer: Roamer) {
        let rooms = cluster.rooms.filter { room in
            cluster.data(of: room).bans.values.contains { $0.target.user == sub }
        }.map(\.text)
        for node in cluster.nodes where node.lives && !rooms.isEmpty {
            if roamer.isOnline { roamer.breakOff() }
            play(for: 1)
            (roamer.wanted, roamer.barred) = (Set(rooms), [])
            roamer.arrive(on: node)
            play(for: Self.force)
            for room in rooms where !roamer.barred.contains(room) {
                roamer.violate("it isn't banned from \(room) on \(node.label)")
            }
        }
        roamer.wanted.subtract(rooms)
    }

    /// Somebody is closed on all nodes.
    private func close(_ roamer: Roamer, code: CloseCode, by order: RoamerOrder) {
        let node = cluster.nodes.filter { $0.lives && $0 !== owner.node }.first ?? cluster.nodes[0]
        if roamer.isOnline { roamer.breakOff() }
        play(for: 1)
        roamer.arrive(on: node)
        play(for: Self.force)
        roamer.dueCloses.insert(code.rawValue)
        self.order(order, by: owner)
        if roamer.isOnline { roamer.violate("\(order) doesn't reach it") }
        roamer.dueCloses.remove(code.rawValue)
    }

    // MARK: Nodes

    /// Another process has the name of a node that lives, and must end.
    func checkTwin() throws(SystemError) {
        let node = cluster.random.pick(cluster.nodes)
        let twin = try cluster.startTwin(of: node)
        play(for: 8_000)
        let truth = cluster.truth
        if twin.refusal == nil { truth.broken("\(twin.label) may run beside \(node.label)") }
        if node.refusal != nil { truth.broken("\(node.label) is refused") }
        if !cluster.isReady(node) { truth.broken("\(node.label) isn't ready beside a twin") }
        cluster.kill(twin, restarting: false)
    }

    /// A node dies. Its members are gone everywhere soon.
    func checkDeath() {
        let node = cluster.random.pick(cluster.nodes.filter(\.lives))
        cluster.kill(node, restarting: false)
        play(for: Self.ghosts)
        for roamer in roamers {
            for room in roamer.streams.keys.sorted() { roamer.askMembers(of: room) }
        }
        play(for: 1)
        for roamer in roamers where roamer.isChatting {
            for (room, stream) in roamer.streams where stream.members != members(of: room) {
                roamer.violate(
                    "\(stream.members) members of \(room), not \(members(of: room)), "
                        + "\(Self.ghosts) ms after \(node.label) has died")
            }
        }
    }

    // MARK: Delays

    /// What was lost comes within a second, or soon after the next entry.
    func checkDelays() {
        let slack = 4 * UInt64(cluster.faults.delay)
        speak()
        guard cluster.random.happens(500) else {
            play(for: 1_000 + slack)
            return checkArrivals("within a second")
        }
        play(for: 1 + slack)
        _ = cluster.calm()
        speak()
        play(for: 50 + slack)
        checkArrivals("after the next entry")
    }

    /// Somebody says a line in each room.
    private func speak() {
        for room in cluster.rooms {
            roamers.first { $0.streams[room.text] != nil }?.speak(in: room.text)
        }
    }

    private func checkArrivals(_ when: String) {
        for roamer in roamers where roamer.isChatting {
            for (room, stream) in roamer.streams {
                guard let name = RoomName(room), stream.first != nil else { continue }
                checkComplete(stream.first, stream.seen, in: name) {
                    roamer.violate("\($0) \(when)")
                }
            }
        }
    }
}
