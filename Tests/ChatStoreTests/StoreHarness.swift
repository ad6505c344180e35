import Chat
import Dispatch
import Foundation
import Testing

@testable import ChatStore

/// A store and the replies that it has given.
final class StoreHarness {
    /// Longer than anything takes: it ends a test that would wait for ever.
    private static let patience = DispatchTimeInterval.seconds(60)

    struct NoReply: Error, CustomStringConvertible {
        let awaited: String
        let replies: [HistoryReply]

        var description: String { "no \(awaited) among \(replies)" }
    }

    let store: SQLiteStore
    /// All replies, in their order.
    private(set) var replies: [HistoryReply] = []
    private var seen = 0
    private let woken: DispatchSemaphore

    init(
        _ directory: TemporaryDirectory, durability: Durability = .process,
        retention: Retention = Retention(days: 0, lines: 0), machine: Machine = .quick
    ) {
        let woken = DispatchSemaphore(value: 0)
        self.woken = woken
        store = SQLiteStore(
            directory: directory.path, durability: durability, retention: retention,
            machine: machine, wake: { woken.signal() }, log: nil)
    }

    deinit {
        store.close()
    }

    /// The next reply that is not yet seen, whatever it is.
    func next() throws -> HistoryReply {
        try next("reply") { $0 }
    }

    /// The first reply, from the ones not yet seen on, that `match` makes something of. Those
    /// before it count as seen.
    func next<Match>(_ awaited: String, _ match: (HistoryReply) -> Match?) throws -> Match {
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

    func ready() throws -> HistoryOpening {
        try next("ready") { if case .ready(let opening) = $0 { opening } else { nil } }
    }

    /// The reason of the first failure, which may have been seen.
    func failing() throws -> String {
        func reason(_ reply: HistoryReply) -> String? {
            if case .failing(let reason) = reply { reason } else { nil }
        }
        if let first = replies[..<seen].lazy.compactMap(reason).first { return first }
        return try next("failing", reason)
    }

    func recovered() throws {
        try next("recovered") { $0 == .recovered ? () : nil }
    }

    /// The numbers of lines that are stored now; nil if they are refused.
    func append(_ drafts: [Draft]) throws -> [UInt64]? {
        store.submit(.append(drafts))
        return try next("answer to an append") { reply -> [UInt64]?? in
            switch reply {
            case .appended(let numbers): .some(numbers)
            case .appendFailed: .some(nil)
            default: nil
            }
        }
    }

    func record(_ room: RoomName = .lobby) throws -> RoomRecord? {
        store.submit(.open(room))
        return try next("answer to an opening") { reply -> RoomRecord?? in
            switch reply {
            case .opened(room, let record): .some(record)
            case .openFailed(room): .some(nil)
            default: nil
            }
        }
    }

    func page(
        _ room: RoomName = .lobby, from: UInt64 = 1, through: UInt64 = .max
    ) throws -> HistoryPage? {
        store.submit(.read(room, from: from, through: through))
        return try next("answer to a read") { reply -> HistoryPage?? in
            switch reply {
            case .read(room, from: from, let page): .some(page)
            case .readFailed(room, from: from): .some(nil)
            default: nil
            }
        }
    }

    /// Waits until so much is left of a room; that may have been seen.
    func pruned(_ room: RoomName = .lobby, oldest: UInt64) throws {
        let awaited = HistoryReply.pruned(room, oldest: oldest)
        if replies[..<seen].contains(awaited) { return }
        try next("\(awaited)") { $0 == awaited ? () : nil }
    }
}

extension Machine {
    /// One that doesn't let a test wait.
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
        _ message: String, room: RoomName = .lobby, at time: Timestamp = .start, key: String? = nil
    ) -> Draft {
        Draft(room: room, time: time, username: "ann", message: message, key: key)
    }

    static func lines(_ numbers: ClosedRange<Int>, at time: Timestamp = .start) -> [Draft] {
        numbers.map { .line("\($0)", at: time) }
    }
}
