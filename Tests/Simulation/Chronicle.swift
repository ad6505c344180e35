/// What everybody has said and heard, and whether that fits together: a room has one order, which
/// its lines' numbers give, and whoever stays misses nothing of it.
///
/// It knows nothing of how the server works. Lines carry a tag of their own, so that each is known
/// again; a room that vanishes and appears again counts from 1, so what belongs together is found
/// by the lines that are heard in common.
final class Chronicle {
    /// A room, from its first member to its last.
    final class Life {
        let room: String
        fileprivate(set) var lines: [UInt64: ChatEvent] = [:]
        /// The life that this one turned out to be a part of.
        fileprivate var whole: Life?

        fileprivate init(room: String) {
            self.room = room
        }
    }

    private struct Said {
        let visit: Int
        /// Its number among what that visit said.
        let number: Int
        let username: String
        let message: String
        let at: Int
    }

    /// Counts what happens, as the order in which it was done.
    private(set) var clock = 0
    private var said: [String: Said] = [:]
    /// Where each line was first heard.
    private var places: [String: (life: Life, seq: UInt64)] = [:]
    private let world: World

    init(world: World) {
        self.world = world
    }

    func tick() -> Int {
        clock += 1
        return clock
    }

    func said(_ saying: Saying, by visit: Visit) {
        said[saying.message] = Said(
            visit: visit.client.number, number: visit.said, username: saying.username,
            message: saying.message, at: tick())
    }

    /// A line has come to `visit`.
    func heard(_ line: ChatEvent, by visit: Visit) {
        func violate(_ what: String) {
            world.violate("client \(visit.client.number): \(what)")
        }
        guard let seq = line.seq, let message = line.message, let time = line.time else {
            return violate("an incomplete line: \(line)")
        }
        guard let origin = said[message], message.utf8.elementsEqual(origin.message.utf8) else {
            return violate("a line that nobody said: \(message.prefix(80).debugDescription)")
        }
        if line.username.map({ $0.utf8.elementsEqual(origin.username.utf8) }) != true {
            violate("\(line.username ?? "nobody") instead of \(origin.username) in line \(seq)")
        }
        if line.room != visit.room { violate("line \(seq) is of room \(line.room ?? "none")") }
        if time.utf8.count != 24 || !time.hasSuffix("Z") { violate("the time \(time)") }
        if let last = visit.lastSeq, seq != last + 1 { violate("line \(seq) after \(last)") }
        visit.firstSeq = visit.firstSeq ?? seq
        visit.lastSeq = seq
        if origin.visit == visit.client.number {
            if origin.number <= visit.lastOwnHeard { violate("own line \(seq) out of order") }
            visit.lastOwnHeard = origin.number
            visit.ownHeard += 1
        }
        place(line, seq, in: visit)
    }

    /// Finds the life that the line belongs to, and its place in it.
    private func place(_ line: ChatEvent, _ seq: UInt64, in visit: Visit) {
        let known = (places[line.message!]?.life).map(whole(of:))
        let own = visit.life.map(whole(of:))
        let life = own ?? known ?? Life(room: visit.room)
        if let known, known !== life { merge(known, into: life) }
        visit.life = life
        places[line.message!] = (life, seq)
        insert(line, seq, into: life)
    }

    private func insert(_ line: ChatEvent, _ seq: UInt64, into life: Life) {
        if let other = life.lines[seq], other != line {
            world.violate("two lines \(seq) in \(life.room): \(other) and \(line)")
        }
        life.lines[seq] = line
    }

    private func merge(_ part: Life, into life: Life) {
        if part.room != life.room { world.violate("a line in \(part.room) and \(life.room)") }
        for (seq, line) in part.lines { insert(line, seq, into: life) }
        part.whole = life
    }

    private func whole(of life: Life) -> Life {
        var life = life
        while let whole = life.whole { life = whole }
        return life
    }

    /// Checks that a visit which is still there has heard all lines that were said in its room
    /// after it was there and that anybody has heard.
    func checkComplete(_ visit: Visit) {
        guard let opened = visit.opened else { return }
        for (message, place) in places where place.life.room == visit.room {
            guard let origin = said[message], origin.at > opened else { continue }
            guard let own = visit.life, whole(of: own) === whole(of: place.life),
                let first = visit.firstSeq, let last = visit.lastSeq,
                first <= place.seq, place.seq <= last
            else {
                world.violate("client \(visit.client.number) has missed \(message.prefix(80))")
                continue
            }
        }
    }
}
