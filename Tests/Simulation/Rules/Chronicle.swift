internal import Chat

/// What everybody has said and heard, and whether that fits together: a room has one order, which
/// its lines' numbers give, and whoever stays misses nothing of it.
///
/// It knows nothing of how the server works. Lines carry a tag of their own, so that each is known
/// again. Where lines are stored a room has one life, whatever happens to the server, and what is
/// heard of it must be on the disk. Where they are not, a room that vanishes and appears again
/// counts from 1: what belongs together is found by epochs, and by the lines that are heard in
/// common.
final class Chronicle {
    /// Counts what happens, as the order in which it was done.
    private(set) var clock = 0
    private var said: [String: Said] = [:]
    /// Where each line was first heard.
    private var places: [String: (life: RoomLife, line: ChatEvent)] = [:]
    /// The numbers with which lines were acknowledged.
    private var acknowledged: [String: UInt64] = [:]
    /// Lines that were refused for good.
    private var refused: Set<String> = []
    private var lives = RoomLives()
    /// Where epochs ended with a machine, by room.
    private(set) var ends: [String: [String: UInt64]] = [:]
    /// When the server was last started.
    private(set) var serverSince = 0
    private(set) var pastEpochs: Set<String> = []
    /// The wall clock jumped at some time: nobody can say what lies within five minutes.
    var clockHasJumped = false
    private let world: World

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

    /// A line that was said once was refused: nobody may hear it.
    func refused(_ message: String) {
        refused.insert(message)
        if places[message] != nil { world.violate("heard and refused: \(message.prefix(80))") }
    }

    // MARK: Hearing

    /// A line has come to a plain visitor.
    func heard(_ line: ChatEvent, by visit: Visit) {
        func violate(_ what: String) {
            world.violate("client \(visit.client.number): \(what)")
        }
        guard let seq = line.seq, let origin = origin(of: line, in: visit.room) else { return }
        if let last = visit.lastSeq, seq != last + 1 { violate("line \(seq) after \(last)") }
        visit.firstSeq = visit.firstSeq ?? seq
        visit.lastSeq = seq
        if origin.by == visit.client.number {
            if origin.number <= visit.lastOwnHeard { violate("own line \(seq) out of order") }
            visit.lastOwnHeard = origin.number
            visit.ownHeard += 1
        }
        guard isOfThisServer(visit.opened ?? 0) else { return }
        visit.life = place(line, seq, in: visit.life ?? onlyLife(of: visit.room))
    }

    /// Whether what comes on a connection that was opened then belongs to rooms that are there now.
    private func isOfThisServer(_ opened: Int) -> Bool { isDurable || opened > serverSince }

    /// A line has come to somebody who knows which life of the room it is in, on a connection that
    /// was opened then.
    func heard(_ line: ChatEvent, in life: RoomLife, opened: Int) {
        guard let seq = line.seq, origin(of: line, in: life.room) != nil, isOfThisServer(opened)
        else { return }
        _ = place(line, seq, in: life)
    }

    /// Who said a line, if it is as it was said.
    private func origin(of line: ChatEvent, in room: String) -> Said? {
        guard line.seq != nil, let message = line.message, let time = line.time else {
            world.violate("an incomplete line: \(line)")
            return nil
        }
        guard let origin = said[message], message.utf8.elementsEqual(origin.message.utf8) else {
            world.violate("a line that nobody said: \(message.prefix(80).debugDescription)")
            return nil
        }
        if line.username.map({ $0.utf8.elementsEqual(origin.username.utf8) }) != true {
            world.violate("\(line.username ?? "nobody") instead of \(origin.username) in \(line)")
        }
        if line.room != room || origin.room != room {
            world.violate("a line of \(origin.room), named \(line.room ?? "none"), in \(room)")
        }
        if time.utf8.count != 24 || !time.hasSuffix("Z") { world.violate("the time \(time)") }
        if refused.contains(message) { world.violate("refused and heard: \(message.prefix(80))") }
        return origin
    }

    /// Finds the life that the line belongs to, and its place in it.
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

    /// The same line has two numbers, which may only be if it was sent again much later.
    private func checkRepetition(_ first: ChatEvent, _ second: ChatEvent) {
        guard !clockHasJumped else { return }
        let times = [first, second].compactMap { $0.time.flatMap(ChatEvent.milliseconds) }
        guard times.count == 2, abs(times[0] - times[1]) > RecentSends.period else {
            return world.violate("said twice: \(first) and \(second)")
        }
    }

    /// What anybody sees is stored, unless it was given up since.
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
        guard isOfThisServer(opened) else { return }
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

    /// The greatest number of a room that anybody has heard of in an epoch.
    func last(in room: String, epoch: String?) -> UInt64 {
        if let life = onlyLife(of: room) { return life.last }
        return epoch.flatMap { lives.known(of: room, epoch: $0)?.last } ?? 0
    }

    private func merge(_ part: RoomLife, into life: RoomLife) {
        if part.room != life.room { world.violate("a line in \(part.room) and \(life.room)") }
        for (seq, line) in part.lines { insert(line, seq, into: life) }
        part.turnedOut(toBePartOf: life)
    }

    /// Whether an epoch is one of a server that has ended without keeping anything.
    func isOver(_ epoch: String) -> Bool { pastEpochs.contains(epoch) }

    /// Another server has started. Where nothing is stored, nothing is left of the rooms.
    func serverStarted() {
        serverSince = tick()
        guard !isDurable else { return }
        for life in lives.all {
            if let epoch = life.epoch { pastEpochs.insert(epoch) }
        }
        (lives, places, acknowledged) = (RoomLives(), [:], [:])
    }

    /// The machine died in an epoch: what is not on the disk any more was never said.
    func machineDied(in epoch: String, leaving disk: Disk) {
        pastEpochs.insert(epoch)
        ends[epoch] = [:]
        for name in disk.rooms { ends[epoch]?[name.text] = disk.lastSeq(of: name) }
        for life in lives.all {
            let end = RoomName(life.room).map { disk.lastSeq(of: $0) } ?? 0
            for line in life.forget(behind: end) {
                if let message = line.message { places[message] = nil }
            }
        }
        for (message, seq) in acknowledged {
            let end = (said[message]?.room).flatMap { RoomName($0) }.map { disk.lastSeq(of: $0) }
            if seq > end ?? 0 { acknowledged[message] = nil }
        }
    }

    // MARK: At rest

    /// Checks that a visit which is still there has heard all lines that were said in its room
    /// after it was there and that anybody has heard.
    func checkComplete(_ visit: Visit) {
        guard let opened = visit.opened else { return }
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
