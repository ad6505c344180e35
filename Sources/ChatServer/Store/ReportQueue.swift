internal import Chat
internal import Reactor

/// Lists that connections wait for.
struct ReportQueue {
    /// Lists that may be on their way at once.
    private static let limit = 64

    struct Asked {
        let asker: Token
        let id: String?
        let room: RoomName
        let query: ReportQuery
    }

    private var waiting: [UInt64: Asked] = [:]
    private var nextID: UInt64 = 0

    /// Returns the number of the request, or nil if there are too many.
    mutating func add(_ asked: Asked) -> UInt64? {
        guard waiting.count < Self.limit else { return nil }
        nextID += 1
        waiting[nextID] = asked
        return nextID
    }

    mutating func take(_ id: UInt64) -> Asked? { waiting.removeValue(forKey: id) }
}
