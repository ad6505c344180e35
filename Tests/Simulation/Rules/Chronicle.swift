internal import Chat

/// A record of all lines said and received, which checks that they agree: a room has one order,
/// given by its lines' numbers, and a client that stays misses no line.
///
/// It doesn't know how the server works. Each line carries a unique tag, which identifies it. If
/// lines are stored, a room has one life, whatever happens to the server, and received lines must
/// be on the disk. Otherwise a room that vanishes and appears again counts from 1: its lives are
/// told apart by epochs, and by the lines that several clients received.
final class Chronicle {
    /// Counts events, in the order in which they happened.
    private(set) var clock = 0
    private(set) var said: [String: Said] = [:]
    /// Where each line was first received.
    var places: [String: (life: RoomLife, line: ChatEvent)] = [:]
    /// The numbers with which lines were acknowledged.
    var acknowledged: [String: UInt64] = [:]
    /// Lines that were refused permanently.
    private var refused: Set<String> = []
    var lives = RoomLives()
    /// Where epochs ended because a machine died, by room.
    var ends: [String: [String: UInt64]] = [:]
    /// The numbers of lines that were lost under connected clients, in each room. They may be on
    /// their way to clients that haven't been told yet, and are never used again.
    var holes: [String: Set<UInt64>] = [:]
    /// When another epoch began under connected clients for the last time.
    var failedOver = 0
    /// When the server was last started.
    private(set) var serverSince = 0
    var pastEpochs: Set<String> = []
    /// Whether the wall clock has jumped. It is then unknown which lines lie within five minutes.
    var clockHasJumped = false
    let world: World

    init(world: World) {
        self.world = world
    }

    private var isDurable: Bool { world.store != nil }

    func tick() -> Int {
        clock += 1
        return clock
    }

    func said(_ saying: Saying, in room: String, by visitor: Int, number: Int = 0) {
        said[saying.message] = Said(
            by: visitor, room: room, username: saying.username, message: saying.message,
            at: tick(), number: number)
    }

    /// A line that was sent once was refused. No client may receive it.
    func refused(_ message: String) {
        refused.insert(message)
        if places[message] != nil { world.violate("heard and refused: \(message.prefix(80))") }
    }

    // MARK: Hearing

    /// A plain visitor has received a line.
    func heard(_ line: ChatEvent, by visit: Visit) {
        func violate(_ what: String) {
            world.violate("client \(visit.client.number): \(what)")
        }
        guard let seq = line.seq, let origin = origin(of: line, in: visit.room) else { return }
        if let last = visit.lastSeq, seq <= last || !areLost(last + 1..<seq, of: visit.room) {
            violate("line \(seq) after \(last)")
        }
        visit.firstSeq = visit.firstSeq ?? seq
        visit.lastSeq = seq
        if origin.by == visit.client.number {
            if origin.number <= visit.lastOwnHeard { violate("own line \(seq) out of order") }
            visit.lastOwnHeard = origin.number
            visit.ownHeard += 1
        }
        guard isOfThisServer(visit.opened ?? 0), !isLost(line) else { return }
        visit.life = place(line, seq, in: visit.life ?? onlyLife(of: visit.room))
    }

    /// Whether events of a connection that was opened at `opened` belong to rooms of this server.
    private func isOfThisServer(_ opened: Int) -> Bool { isDurable || opened > serverSince }

    /// A client that knows the room's life has received a line, on a connection opened at `opened`.
    /// If it knows that it is in epoch `epoch`, no line may come that was lost before.
    func heard(_ line: ChatEvent, in life: RoomLife, opened: Int, epoch: String? = nil) {
        if isLost(line) {
            guard let epoch, let seq = line.seq, let room = RoomName(life.room),
                let end = world.store?.disk.end(of: epoch, in: room), end < seq
            else {
                guard epoch != nil else { return }
                return world.violate("a lost line in \(epoch ?? ""): \(line)")
            }
            return
        }
        guard let seq = line.seq, origin(of: line, in: life.room) != nil, isOfThisServer(opened)
        else { return }
        _ = place(line, seq, in: life)
    }

    /// The origin of a line, if it was received as it was said.
    private func origin(of line: ChatEvent, in room: String) -> Said? {
        guard line.seq != nil, let message = line.message, let time = line.time else {
            world.violate("an incomplete line: \(line)")
            return nil
        }
        guard let origin = said[message], message.utf8.elementsEqual(origin.message.utf8) else {
            world.violate("a line that was never said: \(message.prefix(80).debugDescription)")
            return nil
        }
        if line.username.map({ $0.utf8.elementsEqual(origin.username.utf8) }) != true {
            world.violate("\(line.username ?? "no name") instead of \(origin.username) in \(line)")
        }
        if line.room != room || origin.room != room {
            world.violate("a line of \(origin.room), named \(line.room ?? "none"), in \(room)")
        }
        if time.utf8.count != 24 || !time.hasSuffix("Z") { world.violate("the time \(time)") }
        if refused.contains(message) { world.violate("refused and heard: \(message.prefix(80))") }
        return origin
    }

    /// Finds the life that the line belongs to, and its position in it.
    private func place(_ line: ChatEvent, _ seq: UInt64, in hearer: RoomLife?) -> RoomLife {
        let message = line.message!
        let known = places[message]
        let knownLife = known?.life.whole
        let life = hearer?.whole ?? knownLife ?? lives.begin(line.room ?? "")
        if let known, let knownLife, known.line.seq != seq, life === knownLife {
            checkRepetition(known.line, line)
        } else if let known, let knownLife, knownLife !== life {
            if let one = knownLife.epoch, let other = life.epoch, one != other {
                checkRepetition(known.line, line)
            } else {
                merge(knownLife, into: life)
            }
        }
        if let number = acknowledged[message], number != seq, known == nil, !clockHasJumped {
            world.violate("line \(seq) was acknowledged as \(number): \(message.prefix(80))")
        }
        if known == nil { places[message] = (life, line) }
        insert(line, seq, into: life)
        checkStored(line, seq)
        return life
    }

    private func insert(_ line: ChatEvent, _ seq: UInt64, into life: RoomLife) {
        if let other = life.insert(line, seq), other != line {
            world.violate("two lines \(seq) in \(life.room): \(other) and \(line)")
        }
    }

    /// A line has two numbers. That is allowed only if it was sent again much later.
    private func checkRepetition(_ first: ChatEvent, _ second: ChatEvent) {
        guard !clockHasJumped else { return }
        let times = [first, second].compactMap { $0.time.flatMap(ChatEvent.milliseconds) }
        guard times.count == 2, abs(times[0] - times[1]) > RecentSends.period else {
            return world.violate("said twice: \(first) and \(second)")
        }
    }

    /// Checks that a received line is stored, unless it was deleted since.
    private func checkStored(_ line: ChatEvent, _ seq: UInt64) {
        guard let disk = world.store?.disk, let name = line.room.flatMap({ RoomName($0) }),
            seq >= disk.oldest(of: name)
        else { return }
        let stored = disk.line(seq, of: name)
        if stored?.message != line.message || stored?.username != line.username {
            world.violate("line \(seq) of \(name.text) is not what is stored: \(line)")
        }
    }

    /// The sender of a line was told its number.
    func acknowledged(_ message: String, as seq: UInt64, in room: String, opened: Int) {
        guard isOfThisServer(opened), !areLost(seq..<seq + 1, of: room) else { return }
        if let place = places[message], place.line.seq != seq, !clockHasJumped {
            world.violate("\(place.line) was acknowledged as \(seq)")
        }
        if refused.contains(message) { world.violate("refused, then \(seq): \(message)") }
        acknowledged[message] = seq
        guard let disk = world.store?.disk, let name = RoomName(room), seq >= disk.oldest(of: name)
        else { return }
        if disk.line(seq, of: name)?.message != message {
            world.violate("line \(seq) of \(room) was acknowledged and is not stored")
        }
    }

    // MARK: Lives

    /// The only life of a room, if lines are stored.
    private func onlyLife(of room: String) -> RoomLife? { isDurable ? lives.only(of: room) : nil }

    /// The life of a room in an epoch.
    func life(of room: String, epoch: String) -> RoomLife {
        onlyLife(of: room) ?? lives.life(of: room, epoch: epoch)
    }

    /// The highest number of a room in an epoch that any client knows.
    func last(in room: String, epoch: String?) -> UInt64 {
        if let life = onlyLife(of: room) { return life.last }
        return epoch.flatMap { lives.known(of: room, epoch: $0)?.last } ?? 0
    }

    private func merge(_ part: RoomLife, into life: RoomLife) {
        if part.room != life.room { world.violate("a line in \(part.room) and \(life.room)") }
        for (seq, line) in part.lines { insert(line, seq, into: life) }
        part.turnedOut(toBePartOf: life)
    }

    /// Whether an epoch belongs to a server that has ended without storing anything.
    func isOver(_ epoch: String) -> Bool { pastEpochs.contains(epoch) }

    /// A new server has started. If nothing is stored, nothing is left of the rooms.
    func serverStarted() {
        serverSince = tick()
        guard !isDurable else { return }
        for life in lives.all {
            if let epoch = life.epoch { pastEpochs.insert(epoch) }
        }
        (lives, places, acknowledged) = (RoomLives(), [:], [:])
    }

    // MARK: At rest

    /// Checks that a connected visitor has received all lines of its room that were said after it
    /// entered and that any client has received.
    func checkComplete(_ visit: Visit) {
        guard let opened = visit.opened else { return }
        if visit.mustGo {
            world.violate("client \(visit.client.number) wasn't closed for a new epoch")
        }
        for (message, place) in places where place.life.room == visit.room {
            guard let origin = said[message], origin.at > opened else { continue }
            guard let own = visit.life, own.whole === place.life.whole,
                let first = visit.firstSeq, let last = visit.lastSeq,
                let seq = place.line.seq, first <= seq, seq <= last
            else {
                world.violate("client \(visit.client.number) has missed \(message.prefix(80))")
                continue
            }
        }
    }
}
