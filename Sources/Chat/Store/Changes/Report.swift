/// The answer to a ``ReportQuery``.
public struct Report: Equatable, Sendable {
    /// Each is an object in JSON.
    public let entries: [String]
    /// Whether there are more of them.
    public let hasMore: Bool

    public init(entries: [String], hasMore: Bool) {
        self.entries = entries
        self.hasMore = hasMore
    }

    /// At most `limit` of these entries.
    public init(_ entries: [String], atMost limit: Int) {
        self.init(entries: Array(entries.prefix(limit)), hasMore: entries.count > limit)
    }
}
