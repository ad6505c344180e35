internal import Chat
internal import ChatServer
internal import TestSupport
internal import WebSocket

/// The members of a crowd that use the rich dialect.
final class Regulars {
    private let simulation: Simulation
    private let world: World
    private let everybody: [Regular]
    private let rooms: [String]
    private let isTight: Bool
    var isDraining = false

    init(
        simulation: Simulation, chronicle: Chronicle, size: Int, rooms: [String], isTight: Bool
    ) {
        self.simulation = simulation
        world = simulation.world
        self.rooms = rooms
        self.isTight = isTight
        everybody = (0..<size).map {
            Regular(number: $0 + 1, simulation: simulation, chronicle: chronicle)
        }
    }

    /// Lets a few of them act.
    func act() {
        guard !everybody.isEmpty else { return }
        for _ in 0..<world.random.number(in: 1...3) {
            let regular = world.random.pick(everybody)
            if regular.isChatting {
                regular.act(rooms)
            } else if !regular.isOnline, world.random.happens(700) {
                regular.arrive(rooms)
            }
        }
        for regular in everybody { regular.examine() }
    }

    /// Checks the events that have arrived.
    func examine() {
        for regular in everybody {
            regular.examine()
            guard let client = regular.client, client.ending != nil else { continue }
            judgeEnd(of: regular, client)
            regular.lost()
        }
    }

    func clockJumped() {
        for regular in everybody { regular.clockJumped() }
    }

    func calmDown() {
        for regular in everybody {
            regular.isCalm = true
            regular.recover()
            regular.client?.isCut = false
        }
    }

    /// Lets absent regulars come back, and join rooms that refused them before.
    func gather() {
        for regular in everybody {
            if !regular.isOnline { regular.arrive(rooms) }
            guard regular.isChatting, regular.waiting.isEmpty else { continue }
            for room in regular.wanted.sorted() where regular.streams[room] == nil {
                regular.join(room)
            }
        }
    }

    func talk() {
        for regular in everybody where regular.isChatting {
            for room in regular.wanted.sorted() { regular.speak(in: room) }
        }
    }

    func askMembers() {
        for regular in everybody where regular.isChatting {
            for room in regular.rooms {
                regular.ask(.members(room: room)) { $0.askMembers(of: room, id: $1) }
            }
        }
    }

    func disperse() {
        for regular in everybody where regular.isChatting { regular.breakOff() }
    }

    /// The number of regulars in a room.
    func count(in room: String) -> Int {
        everybody.count { $0.isChatting && $0.streams[room] != nil }
    }

    /// Checks, once nothing is left to do, that no reply or line is missing. `plain` is the number
    /// of clients of the plain dialect in a room.
    func checkAll(plain: (String) -> Int) {
        for regular in everybody where regular.isChatting {
            for id in regular.waiting.keys.sorted() { regular.violate("no reply to \(id)") }
            for (room, stream) in regular.streams {
                let truth = plain(room) + count(in: room)
                if stream.members != truth {
                    regular.violate("\(stream.members) members of \(room), not \(truth)")
                }
                let last = regular.chronicle.last(in: room, epoch: stream.epoch)
                if let disk = world.store?.disk, stream.epoch != disk.epoch.text {
                    regular.violate("\(room) is in \(stream.epoch), not \(disk.epoch.text)")
                }
                // If the last event was a gap, no regular may have received those lines.
                if let cursor = stream.cursor, cursor < last {
                    regular.violate("\(room) ended with \(cursor) instead of \(last)")
                }
                if stream.cursor == nil, stream.joinedAt > 0 {
                    regular.violate("nothing arrived from \(room)")
                }
            }
        }
    }

    private func judgeEnd(of regular: Regular, _ client: Client) {
        if client.link.isBroken || regular.hasLeft { return }
        if client.phase == .plain || client.phase == .handshaking {
            let status = client.responses?.first?.status
            let isLimited =
                simulation.limits.connections < 100
                || simulation.limits.connectionsPerAddress > 0
                || simulation.limits.handshakesPerSecondPerAddress > 0
                || Waits.mayHappen(simulation.limits)
            if !isLimited, !isDraining, !regular.hasLagged, !isTight {
                regular.violate("it was refused: \(status ?? 0)")
            }
            return
        }
        let errorLimit = simulation.limits.chat.errorsPerMinute
        let isDue =
            switch client.closeCode {
            case .goingAway?: isDraining && regular.isClosing
            case .policyViolation?:
                errorLimit > 0 && regular.dueErrors > errorLimit
                    || Waits.mayHappen(simulation.limits)
            case .internalError?: regular.hasLagged
            case .tryAgainLater?: regular.hasLagged || isTight
            // A Close may wait behind more bytes than can be sent in time.
            case nil: regular.hasLagged || isTight
            default: false
            }
        if !isDue { regular.violate("it was closed: \(client.closeCode?.rawValue ?? 1006)") }
    }
}
