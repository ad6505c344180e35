internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport

/// A reader of an event stream of one room or two, which comes back when its connection is lost, as
/// a browser does: with the id of the last event that it got, and with nothing else.
final class Reader {
    let number: Int
    let world: World
    let rooms: [String]
    let chronicle: Chronicle
    private let simulation: Simulation
    private let decoder = EventReader()

    private(set) var client: Client?
    /// When this connection was opened, on the chronicle's clock.
    private(set) var since = 0
    /// Whether it has stopped reading for a while on this connection.
    private(set) var hasLagged = false
    private(set) var hasLeft = false
    private(set) var isClosing = false
    var streams: [String: RoomStream] = [:]
    /// Rooms whose `gap` must come next, with the number that the reader had.
    private(set) var gaps: [String: UInt64?] = [:]
    /// The places with which it came.
    private var places: [String: (epoch: String, seq: UInt64)] = [:]
    private var wantedLines: UInt64 = 0
    private var bytesSeen = 0
    private var lastID: String?

    init(number: Int, rooms: [String], simulation: Simulation, chronicle: Chronicle) {
        (self.number, self.rooms) = (number, rooms)
        (self.simulation, self.chronicle) = (simulation, chronicle)
        world = simulation.world
        world.isRich = true
    }

    var isReading: Bool {
        guard let client else { return false }
        return client.ending == nil && !hasLeft && !streams.isEmpty
    }
    /// The status of its response, once it has arrived.
    var status: Int? {
        guard let raw = client?.raw, raw.count > 12, raw.starts(with: "HTTP/1.1 ".utf8) else {
            return nil
        }
        return Int(String(decoding: raw[9..<12], as: UTF8.self))
    }

    func violate(_ what: String) {
        world.violate("reader \(number), client \(client?.number ?? 0): \(what)")
    }

    // MARK: Coming and going

    func arrive(isCalm: Bool) {
        let client = simulation.connect(
            from: SocketAddress(ipv4: 0xC000_0200 + UInt32(world.random.number(in: 1...3)), port: 3)
        )
        self.client = client
        since = chronicle.tick()
        (hasLagged, hasLeft, isClosing) = (false, false, false)
        (streams, gaps, bytesSeen) = ([:], [:], 0)
        client.isCut = !isCalm && world.random.happens(world.faults.cuts)
        wantedLines = UInt64(world.random.pick([0, 1, 10, 50, 200]))
        let target =
            rooms.count == 1
            ? "rooms/\(rooms[0])/events?" : "events?rooms=\(rooms.joined(separator: ","))&"
        var fields = ["Host: chat.example"] + (lastID.map { ["Last-Event-ID: \($0)"] } ?? [])
        if simulation.identity.demand == .required { fields += Pass.crowd(in: world) }
        places = lastID.map(Self.places) ?? [:]
        client.send(
            "GET /api/v1/\(target)history=\(wantedLines) HTTP/1.1\r\n"
                + fields.map { "\($0)\r\n" }.joined() + "\r\n")
        world.note(
            "reader \(number) comes as client \(client.number), after \(lastID ?? "nothing")")
        if !isCalm, world.random.happens(150) { dawdle() }
    }

    private static func places(_ id: String) -> [String: (epoch: String, seq: UInt64)] {
        var places: [String: (epoch: String, seq: UInt64)] = [:]
        for place in id.split(separator: ",") {
            let parts = place.split(separator: "=")
            let numbers = parts[1].split(separator: ".")
            places["\(parts[0])"] = ("\(numbers[0])", UInt64(numbers[1]) ?? 0)
        }
        return places
    }

    func breakOff() {
        hasLeft = true
        world.note("reader \(number) breaks off")
        switch world.random.number(in: 1...3) {
        case 1: client?.finish()
        case 2: client?.link.breakOff()
        default: client?.link.reset()
        }
    }

    func dawdle() {
        hasLagged = true
        world.note("reader \(number) dawdles")
        if world.random.happens(500) {
            client?.reads = false
        } else {
            client?.appetite = world.random.number(in: 1...300)
        }
    }

    func recover() {
        client?.reads = true
        client?.appetite = .max
        client?.isCut = false
    }

    func lost() { client = nil }

    // MARK: Events

    /// Checks the events that have arrived since the last call.
    func examine() {
        guard let client, status == 200 else { return }
        if bytesSeen == 0 {
            guard let end = client.raw.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            bytesSeen = end.upperBound
        }
        while let end = client.raw[bytesSeen...].firstRange(of: [10, 10]) {
            let block = String(decoding: client.raw[bytesSeen..<end.lowerBound], as: UTF8.self)
            bytesSeen = end.upperBound
            received(block)
        }
    }

    private func received(_ block: String) {
        var fields: [String: String] = [:]
        for line in block.split(separator: "\n") where !line.hasPrefix(":") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix(" ") else { return violate("\(line)") }
            fields["\(parts[0])"] = "\(parts[1].dropFirst())"
        }
        guard let data = fields["data"] else {
            if fields["id"] != nil || fields["event"] != nil { violate("no data: \(block)") }
            return
        }
        guard let event = decoder.read(Array(data.utf8)), event.type == fields["event"] else {
            return violate("not an event: \(block)")
        }
        world.note("reader \(number) gets \(fields["id"] ?? "no id"), \(event)")
        take(event)
        guard let id = fields["id"] else {
            if event.type == "message" { violate("no id: \(event)") }
            return
        }
        lastID = id
        check(id, event)
    }

    private func take(_ event: ChatEvent) {
        switch event.type {
        case "joined": joined(event)
        case "message", "deleted": heard(event)
        case "gap" where isNew(event.epoch, of: event.room): began(event)
        case "gap": missed(event)
        case "presence":
            guard let room = event.room, let count = event.count, streams[room] != nil else {
                return violate("\(event)")
            }
            streams[room]?.members = count
        case "closing", "closed": isClosing = true
        default: violate("an unknown event: \(event)")
        }
    }

    private func isNew(_ epoch: String?, of room: String?) -> Bool {
        epoch != nil && epoch != room.flatMap { streams[$0]?.epoch }
    }

    /// An id has the place after its event in each room: no other would resume exactly.
    private func check(_ id: String, _ event: ChatEvent) {
        let found = Self.places(id)
        for room in rooms {
            let expected: (String, UInt64?)? =
                streams[room].map { ($0.epoch, $0.cursor) } ?? places[room].map { ($0.0, $0.1) }
            guard let (epoch, seq) = expected else {
                if found[room] != nil { violate("\(id) of \(room), before it was joined") }
                continue
            }
            guard let place = found[room], place.epoch == epoch, seq == nil || place.seq == seq
            else { return violate("\(id), but \(room) is at \(epoch) \(seq ?? 0): \(event)") }
        }
    }

    private func joined(_ event: ChatEvent) {
        guard let room = event.room, rooms.contains(room), streams[room] == nil,
            let epoch = event.epoch, let seq = event.seq, let members = event.memberCount
        else { return violate("\(event)") }
        let place = places[room]
        if (event.recovered == nil) != (place == nil) { violate("\(event) after \(places)") }
        let start =
            place.map { RoomStream.Start.after(epoch: $0.epoch, seq: $0.seq) } ?? .last(wantedLines)
        streams[room] = RoomStream(
            life: chronicle.life(of: room, epoch: epoch), epoch: epoch, seq: seq, start: start,
            isRecovered: event.recovered ?? false, members: members)
        if event.recovered == false {
            gaps[room] = place.flatMap { $0.epoch == epoch ? $0.seq : nil }
        }
    }

    /// Lines are missing: between two, or after the place where it wanted to go on.
    private func missed(_ event: ChatEvent) {
        guard let room = event.room, let stream = streams[room] else { return violate("\(event)") }
        guard let known = gaps.removeValue(forKey: room) else {
            if !hasLagged, !simulation.limits.isTightForReaders, !areDeleted(event, in: room) {
                violate("\(event)")
            }
            let wrong = streams[room]?.missed(event) { chronicle.areLost($0, of: room) }
            if let wrong { violate("\(wrong) in \(room)") }
            return
        }
        if let from = event.from, from != known.map({ $0 + 1 }) { violate("\(event)") }
        guard let last = event.through ?? event.seq else { return violate("\(event)") }
        streams[room] = RoomStream(
            life: stream.life, epoch: stream.epoch, seq: stream.joinedAt,
            start: .after(epoch: stream.epoch, seq: last), isRecovered: true,
            members: stream.members)
    }

    // MARK: At rest

    /// Checks, once nothing is left to do, that it has everything.
    func checkAll(members: (String) -> Int) {
        for (room, stream) in streams {
            if stream.members != members(room) {
                violate("\(stream.members) members of \(room), not \(members(room))")
            }
            let last = chronicle.last(in: room, epoch: stream.epoch)
            if let cursor = stream.cursor, cursor < last {
                violate("\(room) ended with \(cursor) instead of \(last)")
            }
        }
    }
}

extension Limits {
    /// Whether readers that keep reading may miss lines.
    var isTightForReaders: Bool { roomLogBytes < 1_000_000 || bufferBudget < 1_000_000 }
}
