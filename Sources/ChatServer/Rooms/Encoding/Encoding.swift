/// The form in which a member takes the frames of its rooms. A line is encoded once for each form
/// that some member of the room takes.
enum Encoding: UInt8 {
    /// Plain WebSocket frames.
    case plain
    /// WebSocket frames with compression of longer messages (RFC 7692).
    case deflated
    /// Events of an event stream of one room, with the ids of that room.
    case events
    /// Events of an event stream of several rooms. Their ids name the places in all of them, so
    /// they are written for each member.
    case placedEvents
}
