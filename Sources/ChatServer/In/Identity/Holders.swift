internal import Chat
internal import Identity
internal import Reactor

/// What is kept of the holders of tokens, by connection: about 100 bytes for each, besides the text
/// of the name, which the member's rooms have anyway. A guest costs 4 bytes once anybody has a
/// token, and nothing before.
///
/// A value with its strings would take three times as much. So the texts that are rarely read stand
/// in one array without gaps, and are made into strings when they are needed.
struct Holders {
    /// A connection that isn't just a guest.
    struct Record {
        // The order of the fields leaves no gaps.

        /// The user name in every room.
        fileprivate(set) var name: String?
        /// When the token was made, in seconds since 1970.
        fileprivate var issuedAt: Int64
        /// When it ends, in milliseconds of the clock of the loop.
        var end: UInt64
        fileprivate(set) var rights: Rights
        fileprivate var subBytes: UInt8
        fileprivate var jtiBytes: UInt8
        /// So many steps of the coarse clock before the end it is told that the end is near. 0 if
        /// it was told.
        var lead: UInt8
        /// Where its texts begin: `sub`, then `jti`. Of a free record: the next free one.
        fileprivate var texts: UInt32
        /// Its earliest entry in the due times.
        var due: CoarseTime
        /// The place of the key's number in ``keys``.
        fileprivate var key: UInt32

        /// Whether it is somebody, and not only expected to say who it is.
        var isHolder: Bool { subBytes > 0 }
        fileprivate var textBytes: Int { Int(subBytes) + Int(jtiBytes) }

        /// When it has to be told that the end is near, or has ended.
        var next: UInt64 { end - min(UInt64(lead) * CoarseTime.step, end) }
    }

    /// Bytes of texts that nobody needs any more, beyond which they are removed.
    private static let mostWaste = 4_096

    /// By connection: the place of its record, plus 1; 0 for a guest.
    private var places: [UInt32] = []
    private var records: [Record] = []
    /// The place of a free record, plus 1; 0 if there is none.
    private var free: UInt32 = 0
    private var texts: [UInt8] = []
    private var waste = 0
    /// The numbers of the keys that tokens had. There are few.
    private var keys: [SigningKey.ID] = []
    private(set) var count = 0

    /// The connections that have a record.
    var indices: [Int] { places.indices.filter { places[$0] != 0 } }

    /// The record of a connection. Nil for a guest.
    subscript(index: Int) -> Record? {
        guard index < places.count, places[index] != 0 else { return nil }
        return records[Int(places[index]) - 1]
    }

    /// The connections of a user, found without making a string of any.
    func connections(of sub: String) -> [Int] {
        let sub = Array(sub.utf8)
        return places.indices.filter { index in
            guard places[index] != 0, !sub.isEmpty else { return false }
            let place = Int(places[index]) - 1
            guard Int(records[place].subBytes) == sub.count else { return false }
            let start = Int(records[place].texts)
            return texts[start..<start + sub.count].elementsEqual(sub)
        }
    }

    /// Changes the record of a connection that has one.
    mutating func update(_ index: Int, _ change: (inout Record) -> Void) {
        change(&records[Int(places[index]) - 1])
    }

    /// The `sub` of a holder.
    func sub(_ record: Record) -> String {
        text(record.texts, record.subBytes)
    }

    /// The holder as its token described it, `wall` milliseconds since 1970.
    func principal(_ record: Record, at now: Instant, wall: Int64) -> Principal {
        let left = Int64(record.end) - Int64(now.milliseconds)
        let jti = record.texts + UInt32(record.subBytes)
        return Principal(
            sub: sub(record), name: record.name, rights: record.rights, expiry: wall + left,
            issuedAt: record.issuedAt,
            jti: record.jtiBytes > 0 ? text(jti, record.jtiBytes) : nil,
            key: keys[Int(record.key)])
    }

    private func text(_ start: UInt32, _ count: UInt8) -> String {
        String(decoding: texts[Int(start)..<Int(start) + Int(count)], as: UTF8.self)
    }

    /// A connection is the holder of a token.
    mutating func hold(
        _ index: Int, _ holder: Principal, until end: UInt64, lead: UInt8, due: CoarseTime
    ) {
        remove(index)
        let start = texts.count
        texts += holder.sub.utf8
        texts += (holder.jti ?? "").utf8
        add(
            index,
            Record(
                name: holder.name, issuedAt: holder.issuedAt, end: end, rights: holder.rights,
                subBytes: UInt8(holder.sub.utf8.count),
                jtiBytes: UInt8(holder.jti?.utf8.count ?? 0), lead: lead, texts: UInt32(start),
                due: due, key: place(of: holder.key)))
    }

    /// A connection has yet to say who it is.
    mutating func expect(_ index: Int, until end: UInt64) {
        remove(index)
        add(
            index,
            Record(
                name: nil, issuedAt: 0, end: end, rights: Rights(role: .guest), subBytes: 0,
                jtiBytes: 0, lead: 0, texts: UInt32(texts.count), due: .never, key: 0))
    }

    private mutating func add(_ index: Int, _ record: Record) {
        if index >= places.count {
            places.append(contentsOf: repeatElement(0, count: index + 1 - places.count))
        }
        count += 1
        guard free > 0 else {
            records.append(record)
            places[index] = UInt32(records.count)
            return
        }
        let place = Int(free) - 1
        places[index] = free
        free = records[place].texts
        records[place] = record
    }

    /// A connection is a guest, or has gone.
    mutating func remove(_ index: Int) {
        guard let record = self[index] else { return }
        waste += record.textBytes
        let place = places[index]
        records[Int(place) - 1].name = nil
        records[Int(place) - 1].rights = Rights(role: .guest)
        records[Int(place) - 1].texts = free
        (free, places[index]) = (place, 0)
        count -= 1
        if waste > max(Self.mostWaste, texts.count / 4) { compact() }
    }

    private mutating func compact() {
        var kept: [UInt8] = []
        kept.reserveCapacity(texts.count - waste)
        for place in places where place != 0 {
            let record = records[Int(place) - 1]
            let start = Int(record.texts)
            records[Int(place) - 1].texts = UInt32(kept.count)
            kept += texts[start..<start + record.textBytes]
        }
        (texts, waste) = (kept, 0)
    }

    private mutating func place(of key: SigningKey.ID) -> UInt32 {
        // Most tokens have a recent key.
        if let place = keys.lastIndex(of: key) { return UInt32(place) }
        keys.append(key)
        return UInt32(keys.count - 1)
    }
}
