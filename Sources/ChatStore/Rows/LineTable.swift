internal import Chat
internal import GRDB

/// Gives lines their numbers and writes them.
struct LineTable {
    /// Rooms whose numbers are kept in memory, some hundred KiB. Other rooms are looked up.
    private static let knownLimit = 4_096

    /// The epoch of all lines that are written.
    let epoch: Int64
    /// Groups that were committed to the database, see ``Stamp``.
    private(set) var commits: Int64
    /// The time by which lines age, see ``RetentionClock``.
    var present: Timestamp
    /// The committed numbers.
    private(set) var known: [RoomName: RoomNumbers] = [:]
    /// The last numbers of rooms that were forgotten because the file had others.
    private var used: [RoomName: Int64] = [:]

    init(epoch: Int64, commits: Int64, present: Timestamp) {
        self.epoch = epoch
        self.commits = commits
        self.present = present
    }

    /// Writes lines within a transaction. Each gets its room's next number.
    func append(_ submissions: [Submission], to db: Database) throws -> StoredGroup {
        var group = StoredGroup(count: submissions.count)
        for submission in submissions { try add(submission.draft, to: &group, in: db) }
        try finish(group, in: db)
        return group
    }

    /// The same, but a line that the file refuses takes no other with it: it is answered with
    /// `failed`.
    func appendEach(_ submissions: [Submission], to db: Database) throws -> StoredGroup {
        var group = StoredGroup(count: submissions.count)
        for submission in submissions {
            var next = group
            do {
                try db.inSavepoint {
                    try add(submission.draft, to: &next, in: db)
                    return .commit
                }
                group = next
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                group.refuse()
            }
        }
        try finish(group, in: db)
        return group
    }

    /// A group was committed.
    mutating func committed(_ group: StoredGroup) {
        commits += 1
        if known.count + group.rooms.count > Self.knownLimit { known = [:] }
        guard group.rooms.count <= Self.knownLimit else { return }
        for room in group.rooms { known[room.name] = room.numbers }
    }

    /// Old lines of a room were deleted.
    mutating func pruned(_ room: RoomName, oldest: Int64) {
        known[room]?.oldest = oldest
    }

    /// A room without lines was deleted.
    mutating func forgot(_ room: RoomName) { known[room] = nil }

    /// The file has other numbers than those in memory. They are looked up again, and none is used
    /// twice.
    mutating func forget() {
        for room in known { used[room.key] = room.value.last }
        known = [:]
    }

    private func add(_ draft: Draft, to group: inout StoredGroup, in db: Database) throws {
        let place =
            try group.place(of: draft.room) ?? group.add(draft.room, numbers(of: draft, in: db))
        guard group.rooms[place].numbers.last < StoredNumber.limit else {
            throw DatabaseError(
                resultCode: .SQLITE_CONSTRAINT,
                message: "the room \(draft.room.text) has no number left")
        }
        let room = group.add(draft, toRoomAt: place)
        try db.cachedStatement(sql: "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, NULL)")
            .execute(arguments: [
                room.id, room.last, draft.time.milliseconds, StoredText.value(draft.username),
                StoredText.value(draft.message), StoredAuthor.user(draft.author),
                StoredAuthor.role(draft.author),
            ])
        try OriginRows.add(draft, as: room, in: db)
        if let key = draft.key { try remember(draft, key: key, as: room, in: db) }
    }

    private func finish(_ group: StoredGroup, in db: Database) throws {
        let update = try db.cachedStatement(
            sql: "UPDATE room SET last = ?, oldest = ?, bytes = bytes + ? WHERE id = ?")
        for room in group.rooms {
            let numbers = room.numbers
            try update.execute(arguments: [
                numbers.last, numbers.oldest, room.bytes, numbers.id,
            ])
            guard db.changesCount == 1 else {
                throw DatabaseError(
                    resultCode: .SQLITE_CONSTRAINT,
                    message: "the row of the room \(room.name.text) is gone")
            }
        }
        try db.cachedStatement(sql: "UPDATE run SET commits = ?")
            .execute(arguments: [commits + 1])
    }

    /// The numbers of the draft's room before the draft. Marks the room as having lines of this
    /// epoch.
    private func numbers(of draft: Draft, in db: Database) throws -> RoomNumbers {
        var room =
            try known[draft.room] ?? RoomNumbers.stored(draft.room, in: db)
            ?? added(draft.room, to: db)
        if let last = used[draft.room], last > room.last {
            if room.oldest > room.last { room.oldest = last + 1 }
            room.last = last
        }
        if room.oldest > room.last {
            // A clock that is ahead must not hide the lines behind this one from retention.
            try db.cachedStatement(sql: "UPDATE room SET since = ? WHERE id = ?")
                .execute(arguments: [min(draft.time, present).milliseconds, room.id])
        }
        if room.epoch != epoch {
            try db.cachedStatement(sql: "UPDATE room SET epoch = ? WHERE id = ?")
                .execute(arguments: [epoch, room.id])
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO epoch_start VALUES (?, ?, ?)")
                // Numbers of a new room that were used by one that is forgotten count for nothing.
                .execute(arguments: [room.id, epoch, room.epoch == 0 ? 1 : room.last + 1])
        }
        room.epoch = epoch
        return room
    }

    private func added(_ room: RoomName, to db: Database) throws -> RoomNumbers {
        let floor = try StoredRoom.floor(db)
        try db.cachedStatement(
            sql: "INSERT INTO room (name, last, oldest, epoch) VALUES (?1, ?2, ?2 + 1, 0)"
        ).execute(arguments: [room.text, floor])
        return RoomNumbers(id: db.lastInsertedRowID, last: floor, oldest: floor + 1, epoch: 0)
    }

    private func remember(
        _ draft: Draft, key: String, as room: RoomNumbers, in db: Database
    ) throws {
        let digest = Int64(bitPattern: draft.digest)
        let statement = try db.cachedStatement(
            sql: "REPLACE INTO send VALUES (?, ?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            draft.time.milliseconds, room.id, room.last, StoredText.value(draft.username),
            StoredText.value(key), digest, StoredAuthor.user(draft.author),
        ])
    }
}
