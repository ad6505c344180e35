/// A request of a regular that waits for its reply.
enum Request {
    case join(room: String, start: RoomStream.Start, floor: UInt64)
    case leave(room: String)
    case message(Sending)
    /// `floor` is a number that the room had reached.
    case history(room: String, before: UInt64, limit: UInt64, floor: UInt64)
    case members(room: String)
    /// A command that will be refused with this code.
    case mistake(code: String)
}
