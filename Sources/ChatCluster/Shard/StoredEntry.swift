package import Chat

/// An entry of a room's stream, as a shard keeps it.
package struct StoredEntry: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        case line(Line, Origin)
        indirect case change(RoomChange)
    }

    /// The position after it: (seq, rev) is the id of the entry in the stream, and one total order.
    package let cursor: RoomCursor
    package let content: Content

    package init(_ cursor: RoomCursor, _ content: Content) {
        self.cursor = cursor
        self.content = content
    }

    /// As followers see it.
    package var entry: RoomEntry {
        switch content {
        case .line(let line, _): .line(line)
        case .change(let change): .change(change)
        }
    }
}
