import Chat
import Dispatch
import Testing

@testable import ChatStore

/// A store whose writer does one turn of its loop at a time, on the test's thread.
final class SteppedStore {
    let directory: TemporaryDirectory
    private(set) var writer: Writer
    private let work = WorkQueue<Writer.Work>()
    private let mailbox = Mailbox(wake: {})
    private(set) var replies: [OrdererReply] = []
    private var submitted: UInt64 = 0

    init(_ directory: TemporaryDirectory) {
        self.directory = directory
        // Rounds of upkeep don't come between.
        let machine = Machine(
            bootID: { "first" }, now: { .start }, openingInterval: .milliseconds(5),
            probeInterval: .milliseconds(5), upkeepInterval: .seconds(3_600))
        writer = Writer(
            file: DatabaseFile(path: directory.database, log: nil), durability: .process,
            retention: Retention(days: 0, lines: 0), machine: machine, work: work,
            reading: WorkQueue<Reader.Work>(), mailbox: mailbox, meter: StoreMeter(), log: nil)
        writer.open()
    }

    /// Whether changes have something to do.
    var isBusy: Bool { writer.progress.isDue }

    /// The answers to changes.
    var answers: [ChangeAnswer] {
        replies.compactMap { if case .changed(_, let answer) = $0 { answer } else { nil } }
    }

    func turn() {
        let goesOn = writer.turn()
        #expect(goesOn)
        mailbox.take(into: &replies)
    }

    /// Stores lines in one turn.
    func append(_ drafts: [Draft]) {
        let submissions = drafts.map { draft in
            defer { submitted += 1 }
            return Submission(id: submitted, draft: draft)
        }
        work.add(.append(submissions))
        turn()
    }

    /// Asks for a change of the lobby. It may take several turns.
    func ask(_ wanted: Moderation, by author: Author) {
        work.add(
            .change(
                ChangeRequest(
                    id: 0, room: .lobby, wanted: wanted, by: author, key: nil, time: .start)))
    }

    /// What a kill at this moment leaves.
    func killed() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        try directory.copy(to: copy)
        return copy
    }

    /// The first lines of the lobby, as an export has them.
    static func exported(_ directory: TemporaryDirectory, _ count: Int) throws -> [Line] {
        let archive = try LineArchive(directory: directory.path)
        var lines: [Line] = []
        while lines.count < count {
            let page = try archive.page(
                of: .lobby, from: UInt64(lines.count) + 1, through: UInt64(count))
            try #require(!page.lines.isEmpty)
            lines += page.lines
        }
        return lines
    }
}
