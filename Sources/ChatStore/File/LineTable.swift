internal import Chat
internal import GRDB

/// Gives lines their numbers and writes them.
struct LineTable {
    /// Rooms whose numbers are kept in memory, a few hundred KiB. Other rooms are looked up.
    private static let knownLimit = 4_096

    /// The epoch of all lines that are written.
    let epoch: Int64
    /// The committed numbers.
    private var known: [RoomName: RoomNumbers] = [:]

    init(epoch: Int64) {
        self.epoch = epoch
    }

    /// Writes lines within a transaction. Each gets its room's next number.
    func append(_ submissions: [Submission], to db: Database) throws -> StoredGroup {
        let line = try db.cachedStatement(sql: "INSERT INTO line VALUES (?, ?, ?, ?, ?)")
        var group = StoredGroup(count: submissions.count)
        for submission in submissions {
            let draft = submission.draft
            let place =
                try group.place(of: draft.room)
                ?? group.add(draft.room, numbers(of: draft, in: db))
            let room = group.add(draft, toRoomAt: place)
            try line.execute(arguments: [
                room.id, room.last, draft.time.milliseconds, StoredText.value(draft.username),
                StoredText.value(draft.message),
            ])
            if let key = draft.key { try remember(draft, key: key, as: room, in: db) }
        }
        let update = try db.cachedStatement(sql: "UPDATE room SET last = ? WHERE id = ?")
        for room in group.rooms {
            try update.execute(arguments: [room.numbers.last, room.numbers.id])
        }
        return group
    }

    /// A group was committed.
    mutating func committed(_ group: StoredGroup) {
        if known.count + group.rooms.count > Self.knownLimit { known = [:] }
        guard group.rooms.count <= Self.knownLimit else { return }
        for room in group.rooms { known[room.name] = room.numbers }
    }

    /// Old lines of a room were deleted.
    mutating func pruned(_ room: RoomName, oldest: Int64) {
        known[room]?.oldest = oldest
    }

    /// The numbers of the draft's room before the draft. Marks the room as having lines of this
    /// epoch.
    private func numbers(of draft: Draft, in db: Database) throws -> RoomNumbers {
        var room = try known[draft.room] ?? stored(draft.room, in: db) ?? added(draft.room, to: db)
        if room.oldest > room.last {
            try db.cachedStatement(sql: "UPDATE room SET since = ? WHERE id = ?")
                .execute(arguments: [draft.time.milliseconds, room.id])
        }
        if room.epoch != epoch {
            room.epoch = epoch
            try db.cachedStatement(sql: "UPDATE room SET epoch = ? WHERE id = ?")
                .execute(arguments: [epoch, room.id])
            try db.cachedStatement(sql: "INSERT INTO epoch_start VALUES (?, ?, ?)")
                .execute(arguments: [room.id, epoch, room.last + 1])
        }
        return room
    }

    private func stored(_ room: RoomName, in db: Database) throws -> RoomNumbers? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, last, oldest, epoch FROM room WHERE name = ?"),
            arguments: [room.text])
        guard let row, let id: Int64 = row[0], let last: Int64 = row[1], let oldest: Int64 = row[2],
            let epoch: Int64 = row[3]
        else { return nil }
        return RoomNumbers(id: id, last: last, oldest: oldest, epoch: epoch)
    }

    private func added(_ room: RoomName, to db: Database) throws -> RoomNumbers {
        try db.cachedStatement(
            sql: "INSERT INTO room (name, last, oldest, epoch) VALUES (?, 0, 1, 0)"
        ).execute(arguments: [room.text])
        return RoomNumbers(id: db.lastInsertedRowID, last: 0, oldest: 1, epoch: 0)
    }

    private func remember(
        _ draft: Draft, key: String, as room: RoomNumbers, in db: Database
    ) throws {
        let digest = Int64(bitPattern: RecentSends.digest(of: draft.message))
        let statement = try db.cachedStatement(sql: "INSERT INTO send VALUES (?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            draft.time.milliseconds, room.id, room.last, StoredText.value(draft.username),
            StoredText.value(key), digest,
        ])
    }
}
