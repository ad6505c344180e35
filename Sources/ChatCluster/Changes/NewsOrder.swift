/// Puts the news of a shard into order. They may be lost, and come twice or late.
struct NewsOrder {
    /// News that are kept until those before them come. More are asked for again.
    private static let most = 1_024

    /// The number of the last ones that were taken.
    private(set) var last: UInt64
    /// The highest number that is known to be there.
    private(set) var known: UInt64
    private var early: [UInt64: NodeNews] = [:]

    /// All news up to a number are known.
    init(after number: UInt64) { (last, known) = (number, number) }

    /// Whether some are missing, once ``takeNext()`` returns none.
    var isBehind: Bool { last < known }

    /// There are news up to this number.
    mutating func reached(_ number: UInt64) { known = max(known, number) }

    /// News have arrived, in whatever order.
    mutating func received(_ news: [NumberedNews]) {
        for item in news where item.number > last {
            reached(item.number)
            // A full table doesn't keep out what comes next.
            if early.count < Self.most || item.number <= last + UInt64(Self.most) {
                early[item.number] = item.news
            }
        }
    }

    /// Takes the next ones, if they are there.
    mutating func takeNext() -> NodeNews? {
        guard !early.isEmpty, let next = early.removeValue(forKey: last + 1) else { return nil }
        last += 1
        return next
    }
}
