internal import Chat
internal import GRDB
internal import Logging

/// Answers requests to follow a room, on the writer's thread.
///
/// Only the writer sends ``OrdererReply/following(_:_:)``, because only the writer knows which
/// entries come after a snapshot. Until it has a connection, it asks the reader, which may be able
/// to read the file. If the file can be written before the reader has answered, the reader's
/// snapshot is out of date, and the writer makes its own before it stores the first line.
struct FollowRequests {
    private let file: DatabaseFile
    private let reading: WorkQueue<Reader.Work>
    private let mailbox: Mailbox
    private let log: Logger?

    /// The rooms that the follower follows, or has asked for.
    private(set) var followed: Set<RoomName> = []
    /// The number of answers from the reader that each room waits for.
    private var awaited: [RoomName: Int] = [:]
    private var complaints = Complaints()

    init(file: DatabaseFile, reading: WorkQueue<Reader.Work>, mailbox: Mailbox, log: Logger?) {
        self.file = file
        self.reading = reading
        self.mailbox = mailbox
        self.log = log
    }

    /// Rooms are to be followed. `connection` is nil if the database was never open. Returns the
    /// fault if the database turned out to be damaged.
    mutating func received(
        _ rooms: [RoomName], over connection: DatabaseQueue?, _ changes: ChangeTable?
    ) -> Fault? {
        followed.formUnion(rooms)
        guard let connection else {
            for room in rooms {
                awaited[room, default: 0] += 1
                reading.add(.lookUp(room))
            }
            return nil
        }
        do {
            let snapshots = try connection.read { try StoredRoom.snapshots(of: rooms, in: $0) }
            let complete = try zip(rooms, snapshots).map { room, snapshot in
                try changes?.complete(snapshot, of: room) ?? snapshot
            }
            mailbox.add(zip(rooms, complete).map { .following($0, $1) })
            return nil
        } catch {
            // The follower asks again, room by room.
            mailbox.add(rooms.map { .followFailed($0) })
            return failed(Fault(error, path: file.path))
        }
    }

    /// A room isn't followed any more.
    mutating func gaveUp(_ room: RoomName) { followed.remove(room) }

    /// The reader has looked up a room. The snapshot is nil if the room can't be read.
    mutating func lookedUp(_ room: RoomName, _ snapshot: RoomSnapshot?) {
        // None is awaited if the database was opened in the meantime.
        guard let count = awaited[room] else { return }
        awaited[room] = count > 1 ? count - 1 : nil
        mailbox.add(snapshot.map { .following(room, $0) } ?? .followFailed(room))
    }

    /// The database is open. Returns the fault if it turned out to be damaged.
    mutating func opened(_ connection: DatabaseQueue, _ changes: ChangeTable?) -> Fault? {
        received(
            takeAwaited().flatMap { Array(repeating: $0, count: $1) }, over: connection, changes)
    }

    /// No room is looked up any more.
    mutating func closed() {
        for (room, count) in takeAwaited() {
            mailbox.add(Array(repeating: .followFailed(room), count: count))
        }
    }

    private mutating func takeAwaited() -> [RoomName: Int] {
        defer { awaited = [:] }
        return awaited
    }

    private mutating func failed(_ fault: Fault) -> Fault? {
        if fault.kind == .corrupt { return fault }
        complaints.report(fault.reason) { reason in
            log?.error("A room can't be looked up", metadata: ["error": "\(reason)"])
        }
        return nil
    }
}
