internal import Chat
internal import ChatServer
internal import TestSupport

/// The members of a crowd that read event streams.
final class Readers {
    private let simulation: Simulation
    private let world: World
    private let everybody: [Reader]
    private let isTight: Bool
    private var isCalm = false
    var isDraining = false

    init(
        simulation: Simulation, chronicle: Chronicle, size: Int, rooms: [String], isTight: Bool
    ) {
        self.simulation = simulation
        world = simulation.world
        self.isTight = isTight
        everybody = (0..<size).map { number in
            // Every second one has several rooms, if there are some.
            let mine = number.isMultiple(of: 2) ? [rooms[number / 2 % rooms.count]] : rooms
            return Reader(
                number: number + 1, rooms: mine, simulation: simulation, chronicle: chronicle)
        }
    }

    /// Lets one of them act.
    func act() {
        guard !everybody.isEmpty else { return }
        let reader = world.random.pick(everybody)
        if reader.client == nil {
            if world.random.happens(700) { reader.arrive(isCalm: isCalm) }
        } else if reader.isReading {
            switch world.random.number(in: 1...10) {
            case 1: reader.breakOff()
            case 2: reader.dawdle()
            case 3...5: reader.recover()
            case 6: reader.client?.send("what nobody reads\r\n\r\n")
            default: break
            }
        }
        examine()
    }

    /// Checks the events that have arrived.
    func examine() {
        for reader in everybody {
            reader.examine()
            guard let client = reader.client, client.ending != nil else { continue }
            judgeEnd(of: reader, client)
            reader.lost()
        }
    }

    func calmDown() {
        isCalm = true
        for reader in everybody { reader.recover() }
    }

    /// Lets absent readers come back.
    func gather() {
        for reader in everybody where reader.client == nil { reader.arrive(isCalm: true) }
    }

    func disperse() {
        for reader in everybody where reader.client != nil { reader.breakOff() }
    }

    /// The number of readers in a room.
    func count(in room: String) -> Int {
        everybody.count { $0.isReading && $0.streams[room] != nil }
    }

    /// Checks, once nothing is left to do, that no line is missing. `others` is the number of other
    /// clients in a room.
    func checkAll(others: (String) -> Int) {
        for reader in everybody where reader.isReading {
            reader.checkAll { others($0) + count(in: $0) }
        }
    }

    private func judgeEnd(of reader: Reader, _ client: Client) {
        if client.link.isBroken || reader.hasLeft || reader.hasLagged || isTight || isDraining {
            return
        }
        if Waits.mayHappen(simulation.limits) { return }
        let isLimited =
            simulation.limits.connections < 100 || simulation.limits.connectionsPerAddress > 0
            || simulation.limits.handshakesPerSecondPerAddress > 0
        if reader.status != 200, isLimited { return }
        // The store can't tell the state of a room.
        if world.store != nil, reader.status == 503 || reader.isClosing { return }
        if reader.status == nil { return }
        reader.violate("it ended: \(reader.status ?? 0)")
    }
}
