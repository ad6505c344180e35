internal import Chat
internal import Reactor

/// Reads of the store that somebody waits for. Readers of the same lines share one. A few are under
/// way at a time, because their results wait in memory until they are sent; the others wait here,
/// in order. One that nobody waits for any more is never begun.
struct ReadQueue {
    /// A reader of a page's lines.
    enum Reader: Equatable {
        /// A member that is behind.
        case member(Token)
        /// A `history` command.
        case command(Token)

        var token: Token {
            switch self {
            case .member(let token), .command(let token): token
            }
        }
    }

    /// The key of a read: the room and the first number.
    struct Key: Hashable {
        let room: RoomName
        let from: UInt64
    }

    struct Read {
        let through: UInt64
        var readers: [Reader]
        fileprivate(set) var isUnderWay = false
        /// Whether it may bring lines of an epoch that has ended.
        fileprivate(set) var isOld = false
    }

    /// Bytes of memory for a read, and for a reader, for the accounts.
    private static let readBytes = 320
    private static let readerBytes = 24

    /// Reads that are under way or wait.
    private(set) var reads: [Key: Read] = [:]
    /// Keys of reads that wait, in order, from `next` on. Some may have been given up.
    private var waiting: [Key] = []
    private var next = 0
    private(set) var underWay = 0
    private var readers = 0

    /// Bytes that the reads take here.
    var bytes: Int {
        (reads.count + waiting.count) * Self.readBytes + readers * Self.readerBytes
    }

    /// A reader wants lines of a room.
    mutating func add(_ key: Key, through: UInt64, for reader: Reader) {
        readers += 1
        guard reads[key] == nil else {
            reads[key]?.readers.append(reader)
            return
        }
        reads[key] = Read(through: through, readers: [reader])
        waiting.append(key)
    }

    /// A reader doesn't wait any more.
    mutating func gaveUp(_ key: Key, _ reader: Reader) {
        guard let place = reads[key]?.readers.firstIndex(of: reader) else { return }
        readers -= 1
        reads[key]?.readers.remove(at: place)
        guard let read = reads[key], read.readers.isEmpty, !read.isUnderWay else { return }
        reads[key] = nil
        // Its key stays in the list, until most of the list is such keys.
        if waiting.count - next >= Self.leastCompacted, reads.count * 2 < waiting.count - next {
            compact()
        }
    }

    /// The next read to begin, if fewer than `limit` are under way.
    mutating func begin(atMost limit: Int) -> (key: Key, through: UInt64)? {
        while underWay < limit, next < waiting.count {
            let key = waiting[next]
            next += 1
            if next == waiting.count || next >= Self.leastCompacted && next * 2 >= waiting.count {
                compact()
            }
            // It was given up, or given up and then wanted again, which listed it twice.
            guard let read = reads[key], !read.isUnderWay else { continue }
            reads[key]?.isUnderWay = true
            underWay += 1
            return (key, read.through)
        }
        return nil
    }

    /// Another epoch has begun in a room. No member waits for its lines now. Commands do, and reads
    /// that are under way may bring lines of the old epoch.
    mutating func epochBegan(in room: RoomName) {
        for (key, read) in reads where key.room == room {
            reads[key]?.isOld = read.isUnderWay
            for reader in read.readers {
                if case .member = reader { gaveUp(key, reader) }
            }
        }
    }

    /// Whether a read that is done must be made again, up to this line.
    mutating func mustRepeat(_ key: Key) -> UInt64? {
        guard let read = reads[key], read.isOld, !read.readers.isEmpty else { return nil }
        reads[key]?.isOld = false
        return read.through
    }

    /// A read is done. Takes its readers.
    mutating func takeRead(_ key: Key) -> [Reader] {
        underWay -= 1
        let found = reads.removeValue(forKey: key)?.readers ?? []
        readers -= found.count
        if reads.isEmpty { reads = [:] }
        return found
    }

    private static let leastCompacted = 64

    /// Gives back the memory of keys that aren't needed any more.
    private mutating func compact() {
        waiting = waiting[next...].filter { reads[$0]?.isUnderWay == false }
        next = 0
    }
}
