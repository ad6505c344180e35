public import Chat
internal import Dispatch
public import Logging
internal import Synchronization

/// An orderer with one follower, which keeps lines in an SQLite database: the file ``fileName`` of
/// a directory, in WAL mode.
///
/// One thread writes and one reads, each with a connection of its own, so that reading delays no
/// line. Both threads exist from the start to ``close()``, and inherit the signal mask of the
/// thread that makes the store. No call here waits for the disk but ``close()``.
///
/// A store that can't write goes on: appends fail at once, what can be read is read, and it tries
/// by itself until the disk is back. A file that is corrupt when it is opened is kept under
/// another name, and a fresh one begun.
///
/// It gives fewer answers than an ``Orderer`` may. Keys are remembered for ``OrdererOpening/sends``
/// alone: the follower knows them, and never submits a line twice, so there is no `already` and no
/// `otherText`. A commit has happened or hasn't, so there is no `unknown`, and no submission comes
/// again. The follower is told everything, so it never lags.
///
/// One process may use a directory: take its ``DataLock`` first. A store that was made must be
/// closed; its threads end only then.
public final class SQLiteStore: Orderer {
    /// The database's name in its directory. SQLite puts files beside it that have this name and
    /// `-wal` or `-shm` behind it.
    public static let fileName = "hubbub.db"

    /// How long ``close()`` waits.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let writing = WorkQueue<Writer.Work>()
    private let reading = WorkQueue<Reader.Work>()
    private let mailbox: Mailbox
    private let meter = StoreMeter()
    private let isClosed = Mutex(false)

    /// Begins to open the database of a directory, which must exist, and returns at once. `wake` is
    /// called on a thread of the store when there are replies and were none; it must not block, and
    /// must not call the store.
    public convenience init(
        directory: String, durability: Durability = .process, retention: Retention = Retention(),
        wake: @escaping @Sendable () -> Void, log: Logger? = nil
    ) {
        self.init(
            directory: directory, durability: durability, retention: retention, machine: .real,
            wake: wake, log: log)
    }

    init(
        directory: String, durability: Durability, retention: Retention, machine: Machine,
        wake: @escaping @Sendable () -> Void, log: Logger?
    ) {
        mailbox = Mailbox(wake: wake)
        let file = DatabaseFile(path: "\(directory)/\(Self.fileName)", log: log)
        // Dispatch makes a thread when it is needed, and may wait for it: it is needed now.
        DispatchQueue(label: "store writer").async { [writing, reading, mailbox, meter] in
            var writer = Writer(
                file: file, durability: durability, retention: retention, machine: machine,
                work: writing, reading: reading, mailbox: mailbox, meter: meter, log: log)
            writer.run()
        }
        DispatchQueue(label: "store reader").async { [writing, reading, mailbox] in
            var reader = Reader(
                file: file, work: reading, writing: writing, mailbox: mailbox, log: log)
            reader.run()
        }
    }

    public func submit(_ request: OrdererRequest) {
        switch request {
        case .append(let submissions): writing.add(.append(submissions))
        case .follow(let room): writing.add(.follow(room))
        case .unfollow:
            // The store has one follower, and every line comes from it. A follower must cope with
            // entries of a room that it has given up, so nothing has to be remembered here.
            break
        case .read(let room, let from, let through):
            reading.add(.read(room, from: from, through: through))
        }
    }

    public func takeReplies(into replies: inout [OrdererReply]) {
        mailbox.take(into: &replies)
    }

    public var metrics: StoreMetrics { meter.metrics }

    /// Finishes what was submitted, notes that nothing is missing, and lets go of the files. Waits
    /// for that, at most about five seconds; false if it took longer: then the next opening finds
    /// what a crash would have left. What is submitted afterwards is not answered.
    @discardableResult
    public func close() -> Bool {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        guard !wasClosed else { return true }
        let deadline = DispatchTime.now() + Self.patience
        let (read, written) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        reading.add(.close(read))
        let isRead = read.wait(timeout: deadline) == .success
        writing.add(.close(written))
        return written.wait(timeout: deadline) == .success && isRead
    }
}
