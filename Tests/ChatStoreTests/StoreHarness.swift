import Chat
import Dispatch
import Foundation
import Testing

@testable import ChatStore

/// A store and its replies.
final class StoreHarness {
    /// A timeout that no test should reach. It ends a test that would wait forever.
    private static let patience = DispatchTimeInterval.seconds(60)

    struct NoReply: Error, CustomStringConvertible {
        let awaited: String
        let replies: [OrdererReply]

        var description: String { "no \(awaited) among \(replies)" }
    }

    let store: SQLiteStore
    /// All replies, in order.
    private(set) var replies: [OrdererReply] = []
    private var seen = 0
    /// The number of lines that were submitted.
    private var submitted: UInt64 = 0
    private let woken: DispatchSemaphore

    init(
        _ directory: TemporaryDirectory, durability: Durability = .process,
        retention: Retention = Retention(days: 0, lines: 0), machine: Machine = .quick,
        undoPeriod: Int64 = 600_000
    ) {
        let woken = DispatchSemaphore(value: 0)
        self.woken = woken
        store = SQLiteStore(
            directory: directory.path, durability: durability, retention: retention,
            machine: machine, undoPeriod: undoPeriod, wake: { woken.signal() }, log: nil)
    }

    deinit {
        store.close()
    }

    /// The next new reply, whatever it is.
    func next() throws -> OrdererReply {
        try next("reply") { $0 }
    }

    /// The first new reply that `match` accepts. Earlier ones count as seen.
    func next<Match>(_ awaited: String, _ match: (OrdererReply) -> Match?) throws -> Match {
        while true {
            while seen < replies.count {
                defer { seen += 1 }
                if let found = match(replies[seen]) { return found }
            }
            let count = replies.count
            store.takeReplies(into: &replies)
            guard replies.count == count else { continue }
            guard woken.wait(timeout: .now() + Self.patience) == .success else {
                throw NoReply(awaited: awaited, replies: replies)
            }
        }
    }

    func ready() throws -> OrdererOpening {
        try next("ready") { if case .ready(let opening) = $0 { opening } else { nil } }
    }

    /// The reason of the first failure, seen or new.
    func failing() throws -> String {
        func reason(_ reply: OrdererReply) -> String? {
            if case .failing(let reason) = reply { reason } else { nil }
        }
        if let first = replies[..<seen].lazy.compactMap(reason).first { return first }
        return try next("failing", reason)
    }

    func recovered() throws {
        try next("recovered") { $0 == .recovered ? () : nil }
    }

    /// Submits a group.
    func submit(_ drafts: [Draft]) {
        store.submit(
            .append(
                drafts.map { draft in
                    defer { submitted += 1 }
                    return Submission(id: submitted, draft: draft)
                }))
    }

    /// Asks for a change of the lobby, and returns the answer.
    func change(
        _ wanted: Moderation, by author: Author, key: String? = nil, id: UInt64 = 0,
        at time: Timestamp
    ) throws -> ChangeAnswer {
        store.submit(
            .change(
                ChangeRequest(
                    id: id, room: .lobby, wanted: wanted, by: author, key: key, time: time)))
        return try next("answer to a change") { reply in
            if case .changed(_, let answer) = reply { answer } else { nil }
        }
    }

    /// The answers to the oldest group whose answers weren't seen.
    func answers() throws -> [SubmissionAnswer] {
        try next("answer to an append") { reply in
            if case .answered(let answers) = reply { answers } else { nil }
        }
    }

    /// Stores lines and returns their numbers, once their entries have arrived. Nil if they are
    /// refused.
    func append(_ drafts: [Draft]) throws -> [UInt64]? {
        submit(drafts)
        let answers = try answers()
        guard answers != drafts.map({ _ in .failed }) else { return nil }
        let numbers = answers.compactMap { answer -> UInt64? in
            if case .ordered(let seq, _) = answer { seq } else { nil }
        }
        #expect(answers == zip(drafts, numbers).map { .ordered(seq: $1, time: $0.time) })
        let entries = Self.entries(drafts, numbers)
        #expect(replies[..<(seen - 1)].suffix(entries.count) == entries)
        return numbers
    }

    /// The entries of a group that is stored under these numbers.
    private static func entries(_ drafts: [Draft], _ numbers: [UInt64]) -> ArraySlice<OrdererReply>
    {
        let lines = zip(drafts, numbers).map { draft, seq in
            let line = Line(
                seq: seq, time: draft.time, username: draft.username, message: draft.message,
                by: draft.author)
            return (room: draft.room, entry: RoomEntry.line(line))
        }
        let ofRoom = Dictionary(grouping: lines, by: \.room)
        var rooms: Set<RoomName> = []
        let inOrder = lines.map(\.room).filter { rooms.insert($0).inserted }
        return inOrder.map { .entries($0, ofRoom[$0, default: []].map(\.entry)) }[...]
    }

    /// Follows a room and returns its state. Nil if that fails.
    func follow(_ room: RoomName = .lobby) throws -> RoomSnapshot? {
        store.submit(.follow(room))
        return try next("answer to a request to follow") { reply -> RoomSnapshot?? in
            switch reply {
            case .following(room, let snapshot): .some(snapshot)
            case .followFailed(room): .some(nil)
            default: nil
            }
        }
    }

    /// The state of a room in the epoch with which the store has opened.
    func snapshot(lastSeq: UInt64, oldest: UInt64, ends: [EpochEnd] = []) throws -> RoomSnapshot {
        let epochs = replies.compactMap { reply -> Epoch? in
            if case .ready(let opening) = reply { opening.epoch } else { nil }
        }
        return RoomSnapshot(
            epoch: try #require(epochs.last), lastSeq: lastSeq, oldest: oldest, ends: ends)
    }

    func page(
        _ room: RoomName = .lobby, from: UInt64 = 1, through: UInt64 = .max
    ) throws -> RoomPage? {
        store.submit(.read(room, from: from, through: through))
        return try next("answer to a read") { reply -> RoomPage?? in
            switch reply {
            case .read(room, from: from, let page): .some(page)
            case .readFailed(room, from: from): .some(nil)
            default: nil
            }
        }
    }

    /// Waits until `oldest` is the first line left in a room. That may already have been seen.
    func pruned(_ room: RoomName = .lobby, oldest: UInt64) throws {
        let awaited = OrdererReply.pruned(room, oldest: oldest)
        if replies[..<seen].contains(awaited) { return }
        try next("\(awaited)") { $0 == awaited ? () : nil }
    }
}

extension Machine {
    /// A machine with short intervals, so that tests don't wait.
    static let quick = Machine(
        bootID: { "first" }, now: { .start }, openingInterval: .milliseconds(5),
        probeInterval: .milliseconds(5), upkeepInterval: .milliseconds(5))
}

extension Timestamp {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    func later(by milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + milliseconds)
    }
}

extension RoomName {
    init(_ number: Int) throws {
        self = try #require(RoomName("room-\(number)"))
    }
}

extension Draft {
    static func line(
        _ message: String, room: RoomName = .lobby, at time: Timestamp = .start,
        by author: Author = .guest, key: String? = nil
    ) -> Draft {
        Draft(
            room: room, time: time, username: "ann", message: message, by: author, key: key)
    }

    static func lines(_ numbers: ClosedRange<Int>, at time: Timestamp = .start) -> [Draft] {
        numbers.map { .line("\($0)", at: time) }
    }
}
