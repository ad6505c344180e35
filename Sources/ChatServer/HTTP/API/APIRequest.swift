internal import Chat
internal import Identity
internal import WebSocket

/// A request of the API that was read to its end, and what its answer needs.
struct APIRequest {
    let call: APICall
    /// The room in the path, if it names one.
    let room: RoomName
    /// Who asks. Nil for a guest.
    let holder: Principal?
    /// The id of the line or the change. If the request has none, the server chooses it.
    let key: String
    let reply: APIReply

    /// What lines and changes of the asker in a room show of it. Nil if the room is closed to it.
    func author(in room: RoomName) -> Author? { Self.author(holder, in: room) }

    /// The same of a holder. Nil as the holder is a guest.
    static func author(_ holder: Principal?, in room: RoomName) -> Author? {
        guard let holder else { return .guest }
        guard let role = holder.rights.role(in: room) else { return nil }
        return Author(user: holder.sub, badge: role.badge)
    }

    /// Whether it says a line of somebody whom no rate limits.
    var isFreeLine: Bool {
        guard case .say = call, let holder else { return false }
        return holder.speaksForOthers || author(in: room)?.moderates == true
    }

    /// Bytes of memory that it takes.
    var bytes: Int {
        let texts =
            switch call {
            case .say(let posted): posted.message.utf8.count
            case .announce(let message): message.utf8.count
            case .moderate, .report, .history, .members, .room, .rooms, .oversee: 0
            }
        return MemoryLayout<APIRequest>.size + texts + key.utf8.count + reply.bytes
    }
}
