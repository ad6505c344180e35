internal import Chat
internal import GRDB

/// Hides deleted lines of a directory whose texts are still in the file of lines: they are about to
/// be erased, or the file is a backup of an earlier time.
final class DeletionReader {
    private let file: ChangeFile
    /// Nil until there are changes.
    private var connection: DatabaseQueue?

    init(directory: String) { file = ChangeFile(directory: directory) }

    /// A page that was just read, without the texts of deleted lines.
    func hide(_ page: RoomPage, of room: RoomName) throws(Fault) -> RoomPage {
        guard page.lines.contains(where: { !$0.isDeleted }) else { return page }
        let lines = try read { db in try Self.hide(page.lines, of: room, in: db) }
        guard let lines else { return page }
        return RoomPage(lines: lines, through: page.through, oldest: page.oldest)
    }

    /// All deleted lines, by rooms.
    func all() throws(Fault) -> [RoomName: [ChangeTable.Gone]] {
        try read { db in try ChangeTable.gone(withErasing: true, in: db) } ?? [:]
    }

    /// Lines of a room in order, without the texts of those that were deleted.
    static func hide(_ lines: [Line], of room: RoomName, in db: Database) throws -> [Line] {
        guard let first = lines.first?.seq, let last = lines.last?.seq,
            let (id, _) = try ChangeTable.room(room, in: db)
        else { return lines }
        let seqs = Int64(clamping: min(first, last))...Int64(clamping: max(first, last))
        var gone = try ErasingRows.lines(of: id, seqs, in: db)
        gone += try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT seq, time FROM gone WHERE room = ? AND seq BETWEEN ? AND ?"),
            arguments: [id, seqs.lowerBound, seqs.upperBound]
        ).map { row in
            ChangeTable.Gone(
                seq: StoredNumber.value(row, 0, in: StoredNumber.seqs) ?? 0,
                time: StoredNumber.time(row, 1).milliseconds, rev: 0)
        }
        guard !gone.isEmpty else { return lines }
        let times = Dictionary(grouping: gone, by: \.seq)
        return lines.map { line in
            let isGone = times[Int64(clamping: line.seq)]?.contains {
                $0.time == line.time.milliseconds
            }
            return isGone ?? false ? line.deleted : line
        }
    }

    /// Nil if there are no changes. Damage of this file is no reason to set that of the lines
    /// aside.
    private func read<Result>(_ body: (Database) throws -> Result) throws(Fault) -> Result? {
        do {
            if connection == nil { connection = try file.openForReading() }
            return try connection?.read { db in
                // An earlier version may have made it.
                try db.tableExists("erasing") ? body(db) : nil
            }
        } catch {
            let fault = Fault(error, path: file.path)
            throw fault.kind == .corrupt ? Fault(.passing, fault.reason) : fault
        }
    }
}
