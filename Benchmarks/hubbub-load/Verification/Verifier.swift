internal import Reactor

/// Checks what each connection of one room receives: every line once, unchanged, each sender's
/// lines in their order, and all lines in one order that is the same for everybody.
///
/// The first to receive a line puts it into the log, and each member has a position there: what
/// must come next. A frame that is, byte by byte, the one in the log is right; anything else is
/// looked into. So a member costs a number, and memory beyond that only for what it misses.
struct Verifier {
    enum Receipt: Equatable {
        case line(LineID, due: Instant)
        /// Of this run, but not as it was sent.
        case wrong
        /// Nothing of this run.
        case foreign
    }

    /// Lines after which the log is relieved of what everybody has.
    private static let trimInterval = 64
    /// Lines that the log keeps though everybody is past them, for those that come late.
    private static let kept = 4096
    /// Lines that a member may miss until they count as lost.
    private static let missedLimit = 256

    let format: LineFormat
    /// The connections of this process that are in the room, and all connections that may send.
    let members: Numbering
    let senders: Numbering
    var findings = Findings()
    /// Lines that members of ours have sent.
    private(set) var linesSent = 0
    /// Lines that everybody has sent, once that is known of other processes.
    private var linesExpected: Int?
    /// Deliveries that count: each line once for each member.
    var delivered = 0
    var log: LineLog
    private var trimmedAt = 0

    // By member:
    /// The position in the log of what it must receive next, or one of the two below.
    var positions: [Int]
    /// The position of a member that isn't in the room, and of one that has entered it and not
    /// received a line yet, so that its place in the order is unknown.
    static let away = Int.max
    static let entering = Int.max - 1

    // By sender:
    /// Lines that it has sent; nil for senders of other processes, until they have told.
    var sent: [Int?]
    /// One more than the highest of its lines in the log.
    var logged: [Int]

    /// Lines that nobody has received, though a later one of their senders was.
    var absent: Set<LineID> = []
    /// Lines before a member's position that it hasn't received.
    var skipped: [Int: Set<LineID>] = [:]
    /// The position of the first line of a member that entered while lines flowed.
    var starts: [Int: Int] = [:]
    /// The numbers of lines that the server has told a member it won't get.
    var gaps: [Int: [ClosedRange<UInt64>]] = [:]
    /// Lines that a member wasn't to get, because it was told so.
    var excused: [Int: Int] = [:]

    /// `senders` are the members alone unless others may send, too.
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

    /// The identity of the line that a member is sending now.
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

    /// The line of the frame with which `input` goes on at `offset`, which moves behind it, if that
    /// is just what the member must receive now; else nil, and nothing happens.
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

    /// A text message of the server.
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
            // What is legible of it says that it is one that must come: then it isn't lost too.
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

    /// Takes a message apart that holds several lines; false if it doesn't.
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

    /// Lines that a member has received.
    func lines(of member: Int) -> Int {
        guard positions[member] < Self.entering else { return 0 }
        return positions[member] - (starts[member] ?? 0) - (skipped[member]?.count ?? 0)
            - (excused[member] ?? 0)
    }

    /// The log must not grow for ever, nor what is missing.
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

    /// How many lines each sender of another process has sent is known now, by number.
    mutating func learn(_ totals: [Int: Int]) {
        linesExpected = totals.values.reduce(0, +)
        for sender in sent.indices where sent[sender] == nil {
            sent[sender] = totals[senders.number(at: sender)] ?? 0
        }
    }
}
