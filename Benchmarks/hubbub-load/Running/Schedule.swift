internal import Reactor

/// When each line is due, and its sender: an open loop. A line's due time doesn't depend on delays
/// of the server or of this program, and its latency counts from then, so that a stall shows in
/// full.
struct Schedule {
    struct Entry: Equatable {
        let sender: Int
        let due: Instant
    }

    /// Lines a second of one sender that a server with a usual limit (hubbub: 5) accepts.
    static let politeRate = 4.0

    let start: Instant
    /// Lines a second, of all senders together.
    let rate: Double
    /// The total number of lines.
    let count: Int
    private let speakers: [Int]
    private var next = 0

    /// The speakers take turns.
    init(start: Instant, rate: Double, seconds: Double, speakers: [Int]) {
        self.start = start
        self.rate = rate
        self.speakers = speakers
        count = speakers.isEmpty ? 0 : Int((rate * seconds).rounded())
    }

    /// The number of senders that keeps each below a usual limit, as far as there are connections.
    static func politeSenders(rate: Double, connections: Int) -> Int {
        min(max(Int((rate / politeRate).rounded(.up)), 1), connections)
    }

    /// The number of lines still to send.
    var left: Int { count - next }

    /// When the next line is due. Nil when all were taken.
    var nextDue: Instant? {
        left > 0 ? due(next) : nil
    }

    /// The next line, if it is due.
    mutating func take(at now: Instant) -> Entry? {
        guard let due = nextDue, due <= now else { return nil }
        defer { next += 1 }
        return Entry(sender: speakers[next % speakers.count], due: due)
    }

    private func due(_ line: Int) -> Instant {
        Instant(nanoseconds: start.nanoseconds + UInt64(Double(line) * 1e9 / rate))
    }
}
