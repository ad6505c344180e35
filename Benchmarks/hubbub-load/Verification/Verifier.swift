internal import Reactor

/// Checks the messages of each connection in one room: every line once and unchanged, each sender's
/// lines in order, and all lines in the same order for all.
///
/// The first member to receive a line puts it into the log. Each member has a position there: its
/// next expected line. A frame that equals the one in the log byte by byte is right; anything else
/// is examined. So a member costs a number, and more memory only for what it misses.
struct Verifier {
    enum Receipt: Equatable {
        case line(LineID, due: Instant)
        /// A line of this run that isn't as it was sent.
        case wrong
        /// Not of this run.
        case foreign
    }

    /// Lines after which the log drops what all members have.
    private static let trimInterval = 64
    /// Lines that the log keeps for late ones although all members are past them.
    private static let kept = 4096
    /// Lines that a member may miss until they count as lost.
    private static let missedLimit = 256

    let format: LineFormat
    /// The connections of this process that are in the room, and all connections that may send.
    let members: Numbering
    let senders: Numbering
    var findings = Findings()
    /// Lines that our members have sent.
    private(set) var linesSent = 0
    /// Lines that all senders have sent, once the other processes have reported theirs.
    private var linesExpected: Int?
    /// Deliveries that count: each line once for each member.
    var delivered = 0
    var log: LineLog
    private var trimmedAt = 0

    // By member:
    /// The position in the log of its next expected line, or one of the two values below.
    var positions: [Int]
    /// The position of a member that isn't in the room, and of one that has entered but not
    /// received a line yet, so that its place in the order is unknown.
    static let away = Int.max
    static let entering = Int.max - 1

    // By sender:
    /// Lines that it has sent. Nil for senders of other processes, until they have reported.
    var sent: [Int?]
    /// One more than the highest of its lines in the log.
    var logged: [Int]

    /// Lines that no member has received, although a later one of their sender was received.
    var absent: Set<LineID> = []
    /// Lines before a member's position that it hasn't received.
    var skipped: [Int: Set<LineID>] = [:]
    /// The position of the first line of a member that entered during the run.
    var starts: [Int: Int] = [:]
    /// The numbers of lines that the server has told a member it won't get.
    var gaps: [Int: [ClosedRange<UInt64>]] = [:]
    /// Lines that a member didn't have to get, because it was told so.
    var excused: [Int: Int] = [:]

    /// By default only the members are senders.
    init(
        format: LineFormat, members: Numbering, senders: Numbering? = nil,
        log: LineLog = LineLog()
    ) {
        self.format = format
        self.members = members
        self.log = log
        let all = senders ?? members
        self.senders = all
        positions = Array(repeating: 0, count: members.count)
        sent = (0..<all.count).map { members.index(of: all.number(at: $0)) == nil ? nil : 0 }
        logged = Array(repeating: 0, count: all.count)
    }

    /// Whether every member has every line.
    var isComplete: Bool {
        guard absent.isEmpty, log.endIndex == linesExpected ?? linesSent else { return false }
        return positions.indices.allSatisfy { member in
            positions[member] >= log.endIndex && skipped[member]?.isEmpty != false
        }
    }

    /// The identity of the line that a member sends now.
    mutating func send(from member: Int) -> LineID {
        let number = members.number(at: member)
        guard let sender = senders.index(of: number) else {
            preconditionFailure("every member may send")
        }
        let counter = sent[sender] ?? 0
        sent[sender] = counter + 1
        linesSent += 1
        return LineID(sender: number, counter: counter)
    }

    /// The line of the frame at `offset` in `input`, if it is exactly the member's next expected
    /// one. `offset` moves past it. Otherwise returns nil and does nothing.
    mutating func take(
        _ input: Span<UInt8>, from offset: inout Int, by member: Int
    ) -> LineLog.Line? {
        let position = positions[member]
        guard let (line, end) = log.match(input, at: offset, position: position) else {
            return nil
        }
        offset = end
        positions[member] = position + 1
        delivered += 1
        return line
    }

    /// A text message from the server.
    mutating func received(_ message: Span<UInt8>, by member: Int) -> Receipt {
        let position = positions[member]
        if log.holds(message, at: position) {
            positions[member] = position + 1
            delivered += 1
            return .line(log[position].id, due: log[position].due)
        }
        let number = members.number(at: member)
        switch format.read(message) {
        case .foreign: return .foreign
        case .corrupt(let id, let due):
            if let id, takeGlued(message, id, by: member) { return .wrong }
            findings.add(.corrupt(connection: number, id))
            // Its legible part says that it is an expected line, so that one isn't lost as well.
            guard let id, let due, isSent(id), isMissing(id, on: member) else { return .wrong }
            place(id, due: due, Span(), by: member)
            return .wrong
        case .line(let id, let due):
            guard senders.index(of: id.sender) != nil else {
                findings.add(.strayed(connection: number, id))
                return .wrong
            }
            guard isSent(id) else {
                findings.add(.invented(connection: number, id))
                return .wrong
            }
            place(id, due: due, message, by: member)
            return .line(id, due: due)
        }
    }

    /// Splits a message with several lines. Returns false for any other message.
    private mutating func takeGlued(
        _ message: Span<UInt8>, _ first: LineID, by member: Int
    ) -> Bool {
        let lines = format.readGlued(message)
        guard !lines.isEmpty else { return false }
        findings.add(.glued(connection: members.number(at: member), first))
        for line in lines where senders.index(of: line.id.sender) != nil && isSent(line.id) {
            place(line.id, due: line.due, Span(), by: member)
        }
        return true
    }

    private func isSent(_ id: LineID) -> Bool {
        guard let sender = senders.index(of: id.sender) else { return false }
        return sent[sender].map { id.counter < $0 } ?? true
    }

    /// The number of lines that a member has received.
    func lines(of member: Int) -> Int {
        guard positions[member] < Self.entering else { return 0 }
        return positions[member] - (starts[member] ?? 0) - (skipped[member]?.count ?? 0)
            - (excused[member] ?? 0)
    }

    /// Keeps the log and the missing lines from growing forever.
    mutating func trim() {
        guard log.endIndex - trimmedAt >= Self.trimInterval else { return }
        trimmedAt = log.endIndex
        let slowest = min(positions.min() ?? log.endIndex, log.endIndex)
        log.drop(before: slowest - Self.kept)
        for (member, missed) in skipped where missed.count > Self.missedLimit {
            report(missed, connection: members.number(at: member), times: 1)
            skipped[member] = nil
            excused[member, default: 0] += missed.count
        }
    }

    /// The numbers of lines of senders in other processes are known now.
    mutating func learn(_ totals: [Int: Int]) {
        linesExpected = totals.values.reduce(0, +)
        for sender in sent.indices where sent[sender] == nil {
            sent[sender] = totals[senders.number(at: sender)] ?? 0
        }
    }
}
