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
        var (rooms, after, history) = (room.map { [$0] } ?? [], String?.none, String?.none)
        var query = QueryFields(head.query)
        while let place = query.next(in: bytes) {
            let field = bytes.extracting(place)
            func value(_ name: Int) throws(Problem) -> String {
                guard
                    let text = Redirection.decoded(
                        place.lowerBound + name..<place.upperBound, in: bytes)
                else { throw Self.wrong("The query isn't encoded as it must be.") }
                return text
            }
            if field.begins(with: "rooms=", ignoringCase: false), room == nil {
                rooms += try Self.rooms(try value(6))
            } else if field.begins(with: "after=", ignoringCase: false) {
                after = try value(6)
            } else if field.begins(with: "history=", ignoringCase: false) {
                history = try value(8)
            }
        }
        var seen: Set<RoomName> = []
        rooms = rooms.filter { seen.insert($0).inserted }
        guard !rooms.isEmpty else {
            throw Self.wrong("Name the rooms: ?rooms=ROOM,ROOM.")
        }
        guard limit == 0 || rooms.count <= limit else {
            throw Problem(
                .unprocessableContent, Refusal.Code.tooManyRooms.rawValue,
                "A stream has at most \(limit) rooms.")
        }
        self.rooms = rooms
        self.history = try Self.history(history)
        // A browser comes back with the first URL and with the id of the last event.
        let ids = head.values(of: "last-event-id:", in: bytes).filter { !$0.isEmpty }
        if let id = ids.first {
            guard ids.count == 1 else {
                throw Self.wrong("Last-Event-ID must be given once at most.")
            }
            places = try Self.places(bytes.extracting(id)).filter { seen.contains($0.room) }
        } else {
            let after = after ?? ""
            places =
                after.isEmpty
                ? [] : try Self.places(after.utf8.span).filter { seen.contains($0.room) }
        }
    }

    private static func wrong(_ reason: String) -> Problem {
        Problem(.unprocessableContent, Refusal.Code.invalidCommand.rawValue, reason)
    }

    private static func rooms(_ list: String) throws(Problem) -> [RoomName] {
        var rooms: [RoomName] = []
        for text in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let room = RoomName(String(text)), room.text != ".", room.text != ".." else {
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

    private static func history(_ text: String?) throws(Problem) -> Int {
        guard let text else { return JoinStart.standardLines }
        guard text.utf8.count <= 3, text.utf8.allSatisfy({ 48...57 ~= $0 }), let count = Int(text),
            count <= Command.lineLimit
        else {
            throw Problem(
                .unprocessableContent, Refusal.Code.invalidCommand.rawValue,
                "history must be a number from 0 to \(Command.lineLimit).")
        }
        return count
    }
}
