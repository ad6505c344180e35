/// A breach by a server.
enum Finding: Equatable, CustomStringConvertible {
    /// A connection, or every one of a process, never got these lines, and no gap was announced.
    case lost(connection: Int?, sender: Int, counters: ClosedRange<Int>)
    case doubled(connection: Int, LineID)
    /// The line came after another one that should have followed it, if that one is still known.
    case reordered(connection: Int, LineID, behind: LineID?)
    /// The line, or what is left of one, came with other content.
    case corrupt(connection: Int, LineID?)
    /// A line came that was never sent.
    case invented(connection: Int?, LineID)
    /// A line came to a connection that isn't in its room.
    case strayed(connection: Int, LineID)
    /// Several lines came in one message. This is the first.
    case glued(connection: Int, LineID)
    /// The connection ended, or the server broke RFC 6455 on it.
    case ended(connection: Int, why: String, lines: Int)
    /// Processes of a run saw the lines in different orders.
    case disordered(processes: [Int])

    enum Kind: String, CaseIterable, Codable {
        case lost, doubled, reordered, corrupt, invented, strayed, glued, ended, disordered
    }

    var kind: Kind {
        switch self {
        case .lost: .lost
        case .doubled: .doubled
        case .reordered: .reordered
        case .corrupt: .corrupt
        case .invented: .invented
        case .strayed: .strayed
        case .glued: .glued
        case .ended: .ended
        case .disordered: .disordered
        }
    }

    var description: String {
        switch self {
        case .lost(let connection, let sender, let counters):
            let who = connection.map { "connection \($0)" } ?? "every connection"
            if counters.count == 1 {
                return "\(who): line \(counters.lowerBound) of sender \(sender) was lost"
            }
            return "\(who): lines \(counters.lowerBound) to \(counters.upperBound) of sender "
                + "\(sender) were lost"
        case .doubled(let connection, let id):
            return "connection \(connection): \(Self.name(id)) came twice"
        case .reordered(let connection, let id, let other):
            let place = other.map { "behind \(Self.name($0))" } ?? "late"
            return "connection \(connection): \(Self.name(id)) came \(place)"
        case .corrupt(let connection, let id):
            let what = id.map(Self.name) ?? "a line"
            return "connection \(connection): \(what) was changed on its way"
        case .invented(let connection, let id):
            let who = connection.map { "connection \($0)" } ?? "some connection"
            return "\(who): \(Self.name(id)) came, but was never sent"
        case .strayed(let connection, let id):
            return "connection \(connection): \(Self.name(id)) came out of another room; does the "
                + "server know ?room=?"
        case .glued(let connection, let id):
            return "connection \(connection): \(Self.name(id)) came in one message with others"
        case .ended(let connection, let why, let lines):
            return "connection \(connection): \(why) after \(lines) lines"
        case .disordered(let processes):
            let names = processes.map { "\($0)" }.joined(separator: ", ")
            return "processes \(names): each saw one order of the lines, but not the same"
        }
    }

    private static func name(_ id: LineID) -> String {
        "line \(id.counter) of sender \(id.sender)"
    }
}
