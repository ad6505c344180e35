/// Something that a server must not do.
enum Finding: Equatable, CustomStringConvertible {
    /// A connection, or every one of them, never got these lines.
    case lost(connection: Int?, sender: Int, counters: ClosedRange<Int>)
    case doubled(connection: Int, LineID)
    /// The line came later than another one that should have followed it, if that is still known.
    case reordered(connection: Int, LineID, behind: LineID?)
    /// The line, or what was one, came with other content.
    case corrupt(connection: Int, LineID?)
    /// A line came that nobody had sent.
    case invented(connection: Int, LineID)
    /// The connection ended, or the server broke RFC 6455 on it.
    case ended(connection: Int, why: String, lines: Int)

    enum Kind: String, CaseIterable {
        case lost, doubled, reordered, corrupt, invented, ended
    }

    var kind: Kind {
        switch self {
        case .lost: .lost
        case .doubled: .doubled
        case .reordered: .reordered
        case .corrupt: .corrupt
        case .invented: .invented
        case .ended: .ended
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
            return "connection \(connection): \(Self.name(id)) came, but was never sent"
        case .ended(let connection, let why, let lines):
            return "connection \(connection): \(why) after \(lines) lines"
        }
    }

    private static func name(_ id: LineID) -> String {
        "line \(id.counter) of sender \(id.sender)"
    }
}

/// All findings by number, and the first ones in full.
struct Findings {
    /// Findings that are told in full.
    static let shown = 20

    private(set) var first: [Finding] = []
    private(set) var counts: [Finding.Kind: Int] = [:]

    var isEmpty: Bool { counts.isEmpty }
    var count: Int { counts.values.reduce(0, +) }

    /// Adds a finding that stands for `count` deliveries.
    mutating func add(_ finding: Finding, count: Int = 1) {
        counts[finding.kind, default: 0] += count
        if first.count < Self.shown { first.append(finding) }
    }
}
