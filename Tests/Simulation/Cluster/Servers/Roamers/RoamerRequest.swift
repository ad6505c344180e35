/// A request of a roamer that waits for its reply.
enum RoamerRequest {
    case join(room: String, after: (epoch: String, seq: UInt64)?)
    case leave(room: String)
    /// The line with this id.
    case line
    case history(room: String)
    case members(room: String)
    case order(RoamerOrder)

    var isHistory: Bool { if case .history = self { true } else { false } }
}
