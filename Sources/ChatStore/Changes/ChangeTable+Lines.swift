internal import Chat
internal import GRDB

/// Reads and writes what changes have to do with lines.
extension ChangeTable {
    /// All deleted lines, by rooms.
    func gone() throws -> [RoomName: [Gone]] {
        try attempt { db in
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
            return gone
        }
    }

    // MARK: Lines that may be brought back

    /// Forgets the lines that a change has deleted.
    func forgetKept(of room: RoomName, _ rev: UInt64) throws {
        try attempt { db in
            guard let (id, _) = try Self.room(room, in: db) else { return }
            try KeptRows.remove(of: id, Int64(clamping: rev), in: db)
        }
    }

    /// Forgets the lines whose time is over. Nothing of them is left in the file.
    func forgetKept(at time: Timestamp) throws {
        guard try attempt({ try KeptRows.forget(at: time, in: $0) }) else { return }
        _ = try GoneLines.emptyLog(of: connection)
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
                return (name, UInt64(rev), try KeptRows.lines(of: id, rev, in: db))
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
