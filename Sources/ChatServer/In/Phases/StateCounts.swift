/// The number of connections in each state.
struct StateCounts {
    private var counts = InlineArray<7, Int>(repeating: 0)

    subscript(state: ConnectionState) -> Int { counts[Self.place(of: state)] }

    /// A connection has come into a state.
    @inline(__always)
    mutating func entered(_ state: ConnectionState) { counts[Self.place(of: state)] += 1 }

    /// A connection has left a state.
    @inline(__always)
    mutating func left(_ state: ConnectionState) { counts[Self.place(of: state)] -= 1 }

    /// The cases are in the order of their declaration.
    @inline(__always)
    private static func place(of state: ConnectionState) -> Int {
        switch state {
        case .http: 0
        case .answering: 1
        case .plain: 2
        case .rich: 3
        case .stream: 4
        case .closing: 5
        case .lingering: 6
        }
    }
}
