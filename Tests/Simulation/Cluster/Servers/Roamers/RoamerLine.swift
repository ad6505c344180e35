/// A line of a roamer, which it may send again on any node.
struct RoamerLine {
    let id: String
    let room: String
    let saying: Saying
    /// The number with which it was acknowledged last.
    var acknowledged: UInt64?
    /// How often it was sent.
    var attempts = 0
    /// Whether it has to be sent again.
    var isOpen = true
    /// When it was sent last.
    var sent: UInt64 = 0
}
