/// The recently sent lines by their keys, in many small dictionaries. A dictionary that grows moves
/// all its entries at once, and never shrinks by itself: here only a small part grows or shrinks at
/// a time.
struct SendTable {
    struct Entry {
        /// The line's number, or its ticket while it is on its way.
        var number: UInt64
        var isStored: Bool
        /// The lowest bits of the time when it is forgotten, which tell it from a later one.
        let mark: UInt32
        let time: Timestamp
        let digest: UInt64
    }

    private static let parts = 256
    /// Entries for which a part keeps its memory.
    private static let spare = 16
    /// Bytes of memory for an entry. Measured: parts are half full on average, and leave gaps when
    /// they grow.
    static let entryBytes = 160

    private var parts = [[RecentSends.Key: Entry]](repeating: [:], count: SendTable.parts)
    private(set) var count = 0

    /// The entry of a key. Nil if it isn't known; setting nil removes it.
    subscript(key: RecentSends.Key) -> Entry? {
        get { parts[Self.part(of: key)][key] }
        set {
            let part = Self.part(of: key)
            let before = parts[part].count
            parts[part][key] = newValue
            count += parts[part].count - before
            if newValue == nil { shrink(part) }
        }
    }

    /// Removes the lines that have numbers.
    mutating func removeStored() {
        for part in parts.indices { parts[part] = parts[part].filter { !$0.value.isStored } }
        count = parts.reduce(0) { $0 + $1.count }
    }

    /// Gives back memory of a part that has become nearly empty.
    private mutating func shrink(_ part: Int) {
        let (count, capacity) = (parts[part].count, parts[part].capacity)
        guard capacity > Self.spare, count < capacity / 4 else { return }
        var smaller: [RecentSends.Key: Entry] = [:]
        smaller.reserveCapacity(count)
        for (key, entry) in parts[part] { smaller[key] = entry }
        parts[part] = smaller
    }

    /// The low half is as random as the high one, by which the parts place their keys.
    private static func part(of key: RecentSends.Key) -> Int { key.low & (parts - 1) }
}
