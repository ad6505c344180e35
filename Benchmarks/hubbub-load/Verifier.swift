internal import Reactor

/// Checks what each connection receives: every line once, unchanged, each sender's lines in their
/// order, and all lines in one order that is the same for everybody.
///
/// The first to receive a line puts it into the log, and each connection has a position there: what
/// must come next. A message that is, byte by byte, the one in the log is right; anything else is
/// looked into.
struct Verifier {
    enum Receipt: Equatable {
        case line(due: Instant)
        /// Of this run, but not as it was sent.
        case wrong
        /// Nothing of this run.
        case foreign
    }

    /// Lines after which the log is relieved of what everybody has.
    private static let trimInterval = 4096

    let format: LineFormat
    var findings = Findings()
    private(set) var linesSent = 0
    /// Deliveries that count: each line once for each connection.
    var delivered = 0
    /// As many as they must be.
    private var expected = 0
    /// Connections that haven't ended.
    private(set) var alive: Int
    var log: LineLog
    private var trimmedAt = 0

    // By connection:
    /// The position in the log of what it must receive next; `.max` once it has ended.
    var positions: [Int]
    /// Lines that it has sent.
    var sent: [Int]
    /// One more than the highest of its lines in the log.
    var logged: [Int]

    /// Lines that nobody has received, though a later one of their senders was.
    var absent: Set<LineID> = []
    /// Lines before a connection's position that it hasn't received.
    var skipped: [Int: Set<LineID>] = [:]

    init(format: LineFormat, connections: Int, log: LineLog = LineLog()) {
        self.format = format
        self.log = log
        alive = connections
        positions = Array(repeating: 0, count: connections)
        sent = Array(repeating: 0, count: connections)
        logged = Array(repeating: 0, count: connections)
    }

    /// Whether every connection has every line.
    var isComplete: Bool { delivered == expected }

    /// The identity of the line that `sender` is sending now.
    mutating func send(from sender: Int) -> LineID {
        defer { sent[sender] += 1 }
        linesSent += 1
        expected += alive
        return LineID(sender: sender, counter: sent[sender])
    }

    /// A text message of the server.
    mutating func received(_ message: Span<UInt8>, by connection: Int) -> Receipt {
        let position = positions[connection]
        if log.holds(message, at: position) {
            positions[connection] = position + 1
            delivered += 1
            return .line(due: log[position].due)
        }
        switch format.read(message) {
        case .foreign: return .foreign
        case .corrupt(let id, let due):
            findings.add(.corrupt(connection: connection, id))
            // What is legible of it says that it is one that must come: then it isn't lost too.
            guard let id, let due, isSent(id), isMissing(id, on: connection) else { return .wrong }
            place(id, due: due, Span(), by: connection)
            return .wrong
        case .line(let id, let due):
            guard isSent(id) else {
                findings.add(.invented(connection: connection, id))
                return .wrong
            }
            place(id, due: due, message, by: connection)
            return .line(due: due)
        }
    }

    private func isSent(_ id: LineID) -> Bool {
        id.sender < sent.count && id.counter < sent[id.sender]
    }

    /// Lines that a connection has received.
    func lines(of connection: Int) -> Int {
        positions[connection] - (skipped[connection]?.count ?? 0)
    }

    /// A connection has ended before its time. What it misses from now on is part of that.
    mutating func ended(_ connection: Int, why: String) {
        let lines = lines(of: connection)
        findings.add(.ended(connection: connection, why: why, lines: lines))
        expected -= linesSent - lines
        alive -= 1
        positions[connection] = .max
        skipped[connection] = nil
    }

    /// The log must not grow for ever.
    mutating func trim() {
        guard log.endIndex - trimmedAt >= Self.trimInterval else { return }
        trimmedAt = log.endIndex
        log.drop(before: min(positions.min() ?? log.endIndex, log.endIndex))
    }
}
