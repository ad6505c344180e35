internal import Chat
internal import GRDB

/// Reads and writes what changes have to do with lines.
extension ChangeTable {
    /// All deleted lines, by rooms, with or without those that are yet to be erased.
    func gone(withErasing: Bool) throws -> [RoomName: [Gone]] {
        try attempt { db in try Self.gone(withErasing: withErasing, in: db) }
    }

    static func gone(withErasing: Bool, in db: Database) throws -> [RoomName: [Gone]] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT room.name, seq, time, gone.rev FROM gone
                CROSS JOIN room ON room.id = gone.room
                """)
        var gone: [RoomName: [Gone]] = [:]
        while let row = try rows.next() {
            guard let room = RoomName(StoredText.text(row, 0)),
                let seq = StoredNumber.value(row, 1, in: StoredNumber.seqs),
                let time = StoredNumber.value(row, 2, in: .min ... .max),
                let rev = StoredNumber.value(row, 3, in: StoredNumber.seqs)
            else { continue }
            gone[room, default: []].append(Gone(seq: seq, time: time, rev: rev))
        }
        guard withErasing else { return gone }
        for row in try Row.fetchAll(db, sql: "SELECT id, name FROM room") {
            guard let id = StoredNumber.value(row, 0, in: .min ... .max),
                let room = RoomName(StoredText.text(row, 1))
            else { continue }
            let lines = try ErasingRows.lines(of: id, StoredNumber.seqs, in: db)
            if !lines.isEmpty { gone[room, default: []] += lines }
        }
        return gone
    }

    /// Lines of a room in order, without the texts of those that were deleted.
    func hide(_ lines: [Line], of room: RoomName) throws -> [Line] {
        try attempt { db in try DeletionReader.hide(lines, of: room, in: db) }
    }

    // MARK: Lines that are to be erased

    /// The next ones. Nil if there are none.
    func nextErasing() throws -> ErasingRows.Part? { try attempt { try ErasingRows.next(in: $0) } }

    /// Lines are erased next. Those of `texts` may be brought back, if their time isn't over.
    func erases(_ part: ErasingRows.Part, _ texts: [Line], at time: Timestamp) throws {
        try attempt { db in
            for line in part.lines {
                try db.cachedStatement(sql: "REPLACE INTO gone VALUES (?, ?, ?, ?)")
                    .execute(arguments: [part.id, line.seq, line.time, line.rev])
            }
            if time.milliseconds < part.until {
                try KeptRows.add(texts, of: part.id, part.rev, until: part.until, in: db)
            }
            try ErasingRows.remove(part, in: db)
        }
    }

    // MARK: Lines that may be brought back

    /// Lines that a change has deleted, in order, behind one of them.
    func kept(of room: RoomName, _ rev: UInt64, after seq: UInt64) throws -> [Line] {
        try attempt { db in
            guard let (id, _) = try Self.room(room, in: db) else { return [] }
            return try KeptRows.lines(
                of: id, Int64(clamping: rev), after: Int64(clamping: seq),
                atMost: ErasingRows.slice, in: db)
        }
    }

    /// Throws if a request to undo a change may not be made.
    func checkUndo(of rev: UInt64, for request: ChangeRequest) throws {
        try attempt { db in
            let id = try Self.room(request.room, in: db)?.id
            let row = try id.flatMap { try ChangeMaking.undoneRow($0, rev, in: db) }
            try Undo.check(
                row.map(ChangeMaking.undoneEntry), by: request.author, at: request.time,
                period: undoPeriod)
        }
    }

    /// Forgets some of the lines that a change has deleted. Returns whether there were any.
    func forgetKept(of room: RoomName, _ rev: UInt64) throws -> Bool {
        try attempt { db in
            guard let (id, _) = try Self.room(room, in: db) else { return false }
            return try KeptRows.remove(of: id, Int64(clamping: rev), in: db)
        }
    }

    /// Forgets some of the lines whose time is over. Returns whether there were any.
    func forgetKept(at time: Timestamp) throws -> Bool {
        try attempt { try KeptRows.forget(at: time, in: $0) }
    }

    /// When the next lines are to be forgotten, in milliseconds since 1970.
    func keptEnd() throws -> Int64? { try attempt { try KeptRows.next(in: $0) } }

    /// The lines of changes that were undone, and that may not be back yet.
    func undoneKept() throws -> [(room: RoomName, rev: UInt64, lines: [Line])] {
        try attempt { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT room.name, kept.room, kept.rev FROM kept
                    CROSS JOIN change ON change.room = kept.room AND change.rev = kept.rev
                    CROSS JOIN room ON room.id = kept.room WHERE undone IS NOT NULL
                    """)
            return try rows.compactMap { row in
                guard let name = RoomName(StoredText.text(row, 0)),
                    let id = StoredNumber.value(row, 1, in: .min ... .max),
                    let rev = StoredNumber.value(row, 2, in: StoredNumber.seqs)
                else { return nil }
                let lines = try KeptRows.lines(of: id, rev, after: 0, atMost: .max, in: db)
                return (name, UInt64(rev), lines)
            }
        }
    }

    /// A deleted line, and the change that deleted it.
    struct Gone {
        let seq: Int64
        let time: Int64
        let rev: Int64
    }
}
