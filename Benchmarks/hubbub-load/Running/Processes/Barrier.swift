/// A point where the processes of a run wait for each other.
enum Barrier: String, Codable {
    /// Half of the connections are open, or all of them.
    case half, opened
    /// Nothing more will be sent.
    case talked
    /// Lines have settled, and connections are still open.
    case settled
}
