internal import Chat
internal import WebSocket

/// What a request for an event stream asks for: rooms, and where to begin in each.
struct StreamRequest: Equatable {
    static let contentType = "text/event-stream"
    /// Proxies must neither keep the events back nor change them. The first field is nginx's.
    static let fields = [
        ResponseHead.Field("Cache-Control", "no-store, no-transform"),
        ResponseHead.Field("X-Accel-Buffering", "no"),
    ]

    /// The rooms, each once, in the order in which they are named.
    let rooms: [RoomName]
    /// The places from which the client goes on. Those in other rooms don't count.
    let places: [StreamPlace]
    /// How many last lines it wants of a room from which it has no place.
    let history: Int

    /// - Parameter room: the room that the path names. Nil if the query names them.
    init(
        _ head: RequestHead, in bytes: Span<UInt8>, of room: RoomName?, limit: Int
    ) throws(Problem) {
        let query = try APIQuery(head.query, in: bytes)
        var rooms = [RoomName]()
        if let room { rooms = [room] } else { rooms = try Self.rooms(query.text(.rooms) ?? "") }
        var seen: Set<RoomName> = []
        rooms = rooms.filter { seen.insert($0).inserted }
        guard limit == 0 || rooms.count <= limit else {
            throw Problem(
                .unprocessableContent, Refusal.Code.tooManyRooms.rawValue,
                "A stream has at most \(limit) rooms.")
        }
        self.rooms = rooms
        history =
            try query.whole(.history, in: 0...Command.lineLimit) ?? JoinStart.standardLines
        // A browser comes back with the first URL and with the id of the last event.
        let ids = head.values(of: "last-event-id:", in: bytes).filter { !$0.isEmpty }
        if let id = ids.first {
            guard ids.count == 1 else {
                throw Self.wrong("Last-Event-ID must be given once at most.")
            }
            places = try Self.places(bytes.extracting(id)).filter { seen.contains($0.room) }
        } else {
            let after = query.text(.after) ?? ""
            places =
                after.isEmpty
                ? [] : try Self.places(after.utf8.span).filter { seen.contains($0.room) }
        }
    }

    private static func wrong(_ reason: String) -> Problem {
        Problem(.unprocessableContent, Refusal.Code.invalidCommand.rawValue, reason)
    }

    private static func rooms(_ list: String) throws(Problem) -> [RoomName] {
        guard !list.isEmpty else { throw wrong("Name the rooms: ?rooms=ROOM,ROOM.") }
        var rooms: [RoomName] = []
        for text in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let room = RoomName(String(text)), !room.isRelative else {
                throw Problem(.notFound, Refusal.invalidRoom.code.rawValue, RoomName.rule)
            }
            rooms.append(room)
        }
        return rooms
    }

    private static func places(_ id: Span<UInt8>) throws(Problem) -> [StreamPlace] {
        guard let places = StreamPlace.list(id) else {
            throw wrong(
                "Last-Event-ID and ?after= take the id of an event: ROOM=EPOCH.SEQ.REV, "
                    + "separated by commas.")
        }
        return places
    }
}
