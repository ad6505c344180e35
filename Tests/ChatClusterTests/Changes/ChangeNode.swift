@testable import Chat
@testable import ChatCluster

/// A node of a ``ChangeCluster``, and what its server was told.
struct ChangeNode {
    let run: NodeRun
    var changes: ShardChanges
    /// Commands that the shard has yet to carry out.
    var commands: [(ticket: UInt64, command: ChangeCommand)] = []
    /// Answers, news and entries that are on their way.
    var answers: [(ticket: UInt64, reply: ChangeReply)] = []
    var news: [NumberedNews] = []
    var streams: [(RoomName, StoredEntry)] = []
    var followed: Set<RoomName> = []
    /// What its server was told, in order.
    private(set) var told: [OrdererReply] = []
    private(set) var openings: [OrdererOpening] = []

    init(_ name: String) {
        guard let name = NodeName(name) else { preconditionFailure("no name of a node") }
        run = NodeRun(name, number: 1)
        changes = ShardChanges(of: run, undoPeriod: 600_000, noTerms: TermRecord([]))
    }

    /// Takes what the machine wants.
    mutating func collect() {
        commands += changes.takeCommands()
        if let opening = changes.takeOpening() { openings.append(opening) }
        told += changes.takeReplies()
    }

    mutating func tell(_ entries: [RoomEntry], of room: RoomName) {
        told.append(.entries(room, entries))
    }

    // MARK: What the server knows

    /// The answers to its changes.
    var changed: [UInt64: ChangeAnswer] {
        var answers: [UInt64: ChangeAnswer] = [:]
        for case .changed(let id, let answer) in told { answers[id] = answer }
        return answers
    }

    /// The changes of a room that it was told, in order.
    func changes(of room: RoomName) -> [RoomChange] {
        var changes: [RoomChange] = []
        for case .entries(room, let entries) in told {
            for case .change(let change) in entries { changes.append(change) }
        }
        return changes
    }

    func revs(of room: RoomName) -> [UInt64] { changes(of: room).map(\.rev) }

    /// The lines that are said, by its own answers and by others.
    var said: [UInt64] {
        told.flatMap { reply -> [UInt64] in
            switch reply {
            case .held(.released(let said, _)): said.map(\.id)
            case .held(.said(let said)): said.map(\.id)
            default: []
            }
        }
    }

    var reports: [UInt64: Report?] {
        var reports: [UInt64: Report?] = [:]
        for case .reported(let id, let report) in told { reports[id] = report }
        return reports
    }
}
