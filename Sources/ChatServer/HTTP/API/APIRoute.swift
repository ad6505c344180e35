internal import Chat
internal import WebSocket

/// A resource of the API, and what its path names.
enum APIRoute: Equatable {
    /// The lines of a room.
    case messages(RoomName)
    /// The event stream of a room, or of the rooms that the query names.
    case events(RoomName?)

    private static let prefix: StaticString = "/api/"
    private static let rooms: StaticString = "/api/v1/rooms/"
    private static let messages: StaticString = "/messages"
    private static let events: StaticString = "/events"
    private static let allEvents: StaticString = "/api/v1/events"

    /// Whether a path belongs to the API, whether or not there is a resource at it.
    static func isPath(_ path: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        bytes.extracting(path).begins(with: prefix, ignoringCase: false)
    }

    /// Whether a request for the API begins with these bytes, as far as they tell.
    static func isBegun(by bytes: Span<UInt8>) -> Bool {
        // The longest method that matters is DELETE.
        for index in 0..<min(bytes.count, 7) where bytes[index] == UInt8(ascii: " ") {
            return isPath(index + 1..<bytes.count, in: bytes)
        }
        return false
    }

    /// The resource at `path`.
    init(_ path: Range<Int>, in bytes: Span<UInt8>) throws(Problem) {
        if bytes.matches(path, exactly: Self.allEvents) {
            self = .events(nil)
            return
        }
        let text = bytes.extracting(path)
        let start = Self.rooms.utf8CodeUnitCount
        guard text.begins(with: Self.rooms, ignoringCase: false),
            let end = (start..<text.count).first(where: { text[$0] == UInt8(ascii: "/") })
        else { throw .nothing }
        let tail = path.lowerBound + end..<path.upperBound
        let isForEvents = bytes.matches(tail, exactly: Self.events)
        guard isForEvents || bytes.matches(tail, exactly: Self.messages) else { throw .nothing }
        let name = text.extracting(start..<end)
        guard let room = RoomName(name), room.text != ".", room.text != ".." else {
            throw Problem(.notFound, Refusal.invalidRoom.code.rawValue, RoomName.rule)
        }
        self = isForEvents ? .events(room) : .messages(room)
    }

    /// The methods that the resource allows, for `Allow`.
    var allowedMethods: String {
        switch self {
        case .messages: "POST, OPTIONS"
        case .events: "GET, HEAD, OPTIONS"
        }
    }
}
