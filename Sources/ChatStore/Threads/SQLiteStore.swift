public import Chat
internal import Dispatch
public import Logging
internal import Synchronization

/// An orderer with one follower. It keeps lines in an SQLite database in WAL mode: the file
/// ``fileName`` of a directory.
///
/// One thread writes and one reads, each with its own connection, so reading delays no line. Both
/// threads exist from the start until ``close()``, and inherit the signal mask of the thread that
/// makes the store. Only ``close()`` waits for the disk.
///
/// A store that can't write stays in use: appends fail at once, readable data is read, and it
/// retries by itself until the disk works again. A corrupt file is kept under
/// another name, and a new one takes over what can be read.
///
/// It gives fewer kinds of answer than an ``Orderer`` may. Keys are remembered only for
/// ``OrdererOpening/sends``: the follower knows them and never submits a line twice, so there is no
/// `already` and no `otherText`. A commit has happened or it hasn't, so there is no `unknown`, and
/// no submission comes again. The mailbox never fills up, so the follower never lags.
///
/// Only one process may use a directory: take its ``DataLock`` first. A store must be closed,
/// because its threads end only then.
public final class SQLiteStore: Orderer {
    /// The database's name in its directory. SQLite puts files beside it, with `-wal` or `-shm`
    /// added to this name.
    public static let fileName = "hubbub.db"

    /// The longest time that ``close()`` waits.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let writing = WorkQueue<Writer.Work>()
    private let reading = WorkQueue<Reader.Work>()
    private let mailbox: Mailbox
    private let meter = StoreMeter()
    private let isClosed = Mutex(false)

    /// Starts to open the database of a directory, which must exist, and returns at once. Changes
    /// can be undone for `undoPeriod` milliseconds; deleted lines stay in its files for so long.
    /// `wake` is called on a thread of the store when the first reply is added to an empty mailbox.
    /// It must not block, and must not call the store.
    public convenience init(
        directory: String, durability: Durability = .process, retention: Retention = Retention(),
        undoPeriod: Int64 = 600_000, wake: @escaping @Sendable () -> Void, log: Logger? = nil
    ) {
        self.init(
            directory: directory, durability: durability, retention: retention, machine: .real,
            undoPeriod: undoPeriod, wake: wake, log: log)
    }

    init(
        directory: String, durability: Durability, retention: Retention, machine: Machine,
        undoPeriod: Int64 = 600_000,
        wake: @escaping @Sendable () -> Void, log: Logger?
    ) {
        mailbox = Mailbox(wake: wake)
        let file = DatabaseFile(
            path: "\(directory)/\(Self.fileName)", log: log,
            tellsCheck: { [mailbox] in mailbox.add(.checking) })
        // Dispatch makes a thread on demand, possibly with a delay. Start both threads now.
        DispatchQueue(label: "store writer").async { [writing, reading, mailbox, meter] in
            var writer = Writer(
                file: file, durability: durability, retention: retention, machine: machine,
                work: writing, reading: reading, mailbox: mailbox, meter: meter, log: log,
                undoPeriod: undoPeriod)
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
        case .follow(let room), .catchUp(let room): writing.add(.follow(room))
        // The store has one follower, and every line comes from it. A follower must cope with
        // entries of a room that it has stopped following. So this only allows that the room is
        // forgotten.
        case .unfollow(let room): writing.add(.unfollow(room))
        case .change(let request): writing.add(.change(request))
        case .held(let request): writing.add(.held(request))
        case .report(let id, let room, let query): writing.add(.report(id, room, query))
        // There is no other server.
        case .notify, .present: break
        case .read(let room, let from, let through):
            reading.add(.read(room, from: from, through: through))
        }
    }

    public func takeReplies(into replies: inout [OrdererReply]) {
        mailbox.take(into: &replies)
    }

    public var metrics: StoreMetrics { meter.metrics }

    /// Lines are kept differently from now on. Returns at once.
    public func retain(_ retention: Retention) { writing.add(.retain(retention)) }

    /// Finishes all submissions, records that nothing is missing, and closes the files. Waits for
    /// that, at most about five seconds. Returns false if it took longer: the next opening then
    /// finds the same state as after a crash. Later submissions aren't answered.
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
