/// The form in which a member takes the frames of its rooms. A line is encoded once for each form
/// that some member of the room takes.
enum Encoding: UInt8 {
    /// Plain WebSocket frames.
    case plain
    /// WebSocket frames with compression of longer messages (RFC 7692).
    case deflated
}
