internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// The thread that reads, with its own connection, which can't write.
struct Reader {
    enum Work: Sendable {
        /// Look up a room that the writer can't look up, and report the result to the writer.
        case lookUp(RoomName)
        case read(RoomName, from: UInt64, through: UInt64)
        /// The writer's report on the file.
        case file(Access)
        /// Close the file, and wait for the writer's next report.
        case release(DispatchSemaphore)
        case close(DispatchSemaphore)
    }

    enum Access: Sendable {
        /// The writer has just opened it, so many files having been opened until now.
        case open(Int)
        /// The writer couldn't open it: perhaps it can be read.
        case doubtful
        /// It is not for this program.
        case refused
    }

    private let file: DatabaseFile
    private let work: WorkQueue<Work>
    private let writing: WorkQueue<Writer.Work>
    private let mailbox: Mailbox
    private let log: Logger?

    /// Nil until the writer has tried to open the file.
    private var access: Access?
    /// Work that arrived before that.
    private var early: [Work] = []
    private var connection: DatabaseQueue?
    private var deletions: DeletionReader
    private var complaints = Complaints()

    init(
        file: DatabaseFile, work: WorkQueue<Work>, writing: WorkQueue<Writer.Work>,
        mailbox: Mailbox, log: Logger?
    ) {
        self.file = file
        deletions = DeletionReader(directory: file.directory)
        self.work = work
        self.writing = writing
        self.mailbox = mailbox
        self.log = log
    }

    /// Works until the queue says to close.
    mutating func run() {
        while true {
            for work in work.take(until: .distantFuture) {
                if case .close(let done) = work {
                    for work in early { answer(work) }
                    forgetFiles()
                    done.signal()
                    return
                }
                receive(work)
            }
        }
    }

    private mutating func receive(_ work: Work) {
        if case .file(let access) = work {
            self.access = access
            // The file may be a different one now.
            forgetFiles()
            let early = self.early
            self.early = []
            for work in early { answer(work) }
        } else if case .release(let done) = work {
            forgetFiles()
            access = nil
            done.signal()
        } else if access == nil {
            early.append(work)
        } else {
            answer(work)
        }
    }

    private mutating func answer(_ work: Work) {
        switch work {
        case .lookUp(let room):
            let snapshot = attempt { db throws in
                try StoredRoom.snapshots(of: [room], in: db)[0]
            }
            writing.add(.lookedUp(room, snapshot))
        case .read(let room, let from, let through):
            let page = attempt { db throws in
                try StoredRoom.page(of: room, from: from, through: through, in: db)
            }.flatMap { hide($0, of: room) }
            mailbox.add(page.map { .read(room, from: from, $0) } ?? .readFailed(room, from: from))
        case .file, .release, .close: break
        }
    }

    private mutating func forgetFiles() {
        connection = nil
        deletions = DeletionReader(directory: file.directory)
    }

    /// The page without deleted lines. Nil if it isn't known which are.
    private mutating func hide(_ page: RoomPage, of room: RoomName) -> RoomPage? {
        do throws(Fault) {
            return try deletions.hide(page, of: room)
        } catch {
            failed(error)
            return nil
        }
    }

    /// Reads in one transaction. Nil if that fails.
    private mutating func attempt<Result>(_ read: (Database) throws -> Result) -> Result? {
        do {
            let connection = try openConnection()
            return try connection.read(read)
        } catch {
            failed(Fault(error, path: file.path))
            return nil
        }
    }

    private mutating func openConnection() throws -> DatabaseQueue {
        if let connection { return connection }
        let opened =
            switch access {
            case .open: try file.openForReading()
            case .doubtful: try (try? file.openForReading()) ?? file.openUnchanging()
            case .refused, nil: throw Fault(.refused, "\(file.path) is not open")
            }
        connection = opened
        return opened
    }

    private mutating func failed(_ fault: Fault) {
        if case .open(let opening) = access, fault.kind == .corrupt {
            return writing.add(.corrupt(fault, opening: opening))
        }
        complaints.report(fault.reason) { reason in
            log?.error("History can't be read", metadata: ["error": "\(reason)"])
        }
    }
}
