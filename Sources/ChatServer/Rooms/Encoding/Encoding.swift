/// How a member takes the frames of its rooms. Lines are encoded once for each encoding that some
/// member of the room takes.
enum Encoding: UInt8 {
    /// WebSocket frames as they are.
    case plain
    /// WebSocket frames whose longer messages are compressed (RFC 7692).
    case deflated
}
