internal import Chat

/// Where the recent lines of a room come from, if nothing is stored. The store knows it otherwise.
struct LineOrigins {
    /// The number of lines that are known, a power of 2.
    static let limit = 4_096

    private struct Entry {
        let seq: UInt64
        let origin: Origin
    }

    private var entries: [Entry] = []

    /// The room's next line has this origin.
    @inline(__always)
    mutating func append(_ seq: UInt64, _ origin: Origin) {
        let entry = Entry(seq: seq, origin: origin)
        if entries.count < Self.limit {
            entries.append(entry)
        } else {
            entries[Int(truncatingIfNeeded: seq) & (Self.limit - 1)] = entry
        }
    }

    /// All that are known.
    var all: [UInt64: Origin] {
        Dictionary(entries.map { ($0.seq, $0.origin) }) { _, last in last }
    }

    /// Nil if it isn't known.
    func origin(of seq: UInt64) -> Origin? {
        entries.first { $0.seq == seq }?.origin
    }
}
