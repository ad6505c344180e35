internal import Chat
internal import Identity
internal import WebSocket

/// A request of the API that was read to its end, and what its answer needs.
///
/// It never changes. It is a class, because a value would count the references of all its parts
/// with each copy.
final class APIRequest {
    /// Bytes of memory of each, without its texts.
    private static let overhead = 512

    let call: APICall
    /// The room in the path, if it names one.
    let room: RoomName
    /// Who asks. Nil for a guest.
    let holder: Principal?
    /// What lines and changes of the asker in the room show of it. Nil if the room is closed to it.
    let author: Author?
    /// The id of the line or the change. If the request has none, the server chooses it. Empty if
    /// there is nothing to identify.
    let key: String
    let reply: APIReply

    init(
        _ call: APICall, in room: RoomName, by holder: Principal?, key: String, _ reply: APIReply
    ) {
        (self.call, self.room, self.holder) = (call, room, holder)
        (self.key, self.reply) = (key, reply)
        author = Self.author(holder, in: room)
    }

    /// What lines and changes of a holder in a room show of it. Nil if the room is closed to it. A
    /// guest is nil.
    static func author(_ holder: Principal?, in room: RoomName) -> Author? {
        guard let holder else { return .guest }
        guard let role = holder.rights.role(in: room) else { return nil }
        return Author(user: holder.sub, badge: role.badge)
    }

    /// Whether it says a line of somebody whom no rate limits.
    var isFreeLine: Bool {
        guard case .say = call, let holder else { return false }
        return holder.speaksForOthers || author?.moderates == true
    }

    /// Bytes of memory that it takes.
    var bytes: Int {
        let texts =
            switch call {
            case .say(let posted): posted.message.utf8.count
            case .announce(let message): message.utf8.count
            case .moderate, .report, .history, .members, .room, .rooms, .oversee: 0
            }
        return Self.overhead + texts + key.utf8.count + reply.bytes
    }
}
