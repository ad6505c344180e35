internal import Chat
internal import GRDB

/// Reads a damaged database around its damage, and writes what it finds into another one.
struct Salvage {
    /// Rows that are read at once.
    private static let rowsAtOnce = 256
    /// Reads that may fail. A page of a table's inner nodes takes thousands of lines with it, and
    /// each is looked for.
    private static let failureLimit = 10_000

    private let source: DatabaseQueue
    private let target: DatabaseQueue
    private var failures = 0
    /// Lines that were taken over.
    private(set) var lines = 0

    init(from source: DatabaseQueue, to target: DatabaseQueue) {
        self.source = source
        self.target = target
    }

    /// Takes over the highest number of the rooms that were forgotten, if it can be read.
    func takeOverFloor() throws {
        guard let floor = try? source.read({ try StoredRoom.floor($0) }) else { return }
        try target.write { db in
            try db.execute(sql: "UPDATE run SET floor = max(floor, ?)", arguments: [floor])
        }
    }

    /// The rooms that can be read.
    mutating func rooms() throws -> [RoomName: RoomNumbers] {
        var rooms: [RoomName: RoomNumbers] = [:]
        // Rooms are numbered from 1 on.
        let ids: ClosedRange<Int64> = 1...1 << 40
        try read("SELECT id, last, oldest, name FROM room WHERE id", ids, []) { rows in
            for row in rows {
                guard let name = RoomName(StoredText.text(row, 3)),
                    let id = StoredNumber.value(row, 0, in: ids),
                    let last = StoredNumber.value(row, 1, in: 0...StoredNumber.limit)
                else { continue }
                let oldest = StoredNumber.value(row, 2, in: 1...last + 1) ?? 1
                rooms[name] = RoomNumbers(id: id, last: last, oldest: oldest, epoch: 0)
            }
        }
        return rooms
    }

    /// Makes a room go on in the target behind its last number, which is that of the source.
    mutating func takeOver(
        _ name: RoomName, _ numbers: RoomNumbers, withLines hasLines: Bool
    ) throws {
        let id = try target.write { db in
            try db.execute(
                sql: """
                    INSERT INTO room (name, last, oldest, epoch) VALUES (?1, ?2, ?2 + 1, 0)
                    ON CONFLICT (name) DO UPDATE SET
                        last = ?2, oldest = iif(oldest > last, ?2 + 1, oldest) WHERE last < ?2
                    """,
                arguments: [name.text, numbers.last])
            return try Int64.fetchOne(
                db, sql: "SELECT id FROM room WHERE name = ?", arguments: [name.text])
        }
        guard let id, hasLines, numbers.oldest <= numbers.last else { return }
        let columns = try source.read { StoredAuthor.columns(in: $0) }
        let select = "SELECT \(columns) FROM line WHERE room = ? AND seq"
        var count = 0
        try read(select, numbers.oldest...numbers.last, [numbers.id]) { [target] rows in
            try target.write { db in
                let insert = try db.cachedStatement(
                    sql: "INSERT OR IGNORE INTO line VALUES (?, ?, ?, ?, ?, ?, ?)")
                for row in rows {
                    guard let seq = StoredNumber.value(row, 0, in: StoredNumber.seqs) else {
                        continue
                    }
                    let author = StoredAuthor.author(row, from: 4)
                    try insert.execute(arguments: [
                        id, seq, StoredNumber.time(row, 1).milliseconds,
                        StoredText.value(StoredText.text(row, 2)),
                        StoredText.value(StoredText.text(row, 3)),
                        StoredAuthor.user(author), StoredAuthor.role(author),
                    ])
                    count += db.changesCount
                }
            }
        }
        lines += count
        try target.write { db in
            try db.execute(
                sql: """
                    UPDATE room SET oldest = first.seq, since = first.time, bytes = (
                        SELECT sum(\(Upkeep.bytesOfLine)) FROM line WHERE room = ?1
                    ) FROM (
                        SELECT seq, time FROM line WHERE room = ?1 ORDER BY seq LIMIT 1
                    ) AS first WHERE id = ?1
                    """,
                arguments: [id])
        }
    }

    /// Reads the rows whose number is in a range. Around damage the range is halved, until each row
    /// was tried alone. Throws only what `take` throws.
    private mutating func read(
        _ select: String, _ range: ClosedRange<Int64>, _ arguments: [Int64],
        _ take: ([Row]) throws -> Void
    ) throws {
        var first = range.lowerBound
        while true {
            let statement = "\(select) BETWEEN ? AND ? ORDER BY 1 LIMIT \(Self.rowsAtOnce)"
            let values = StatementArguments(arguments + [first, range.upperBound])
            guard
                let rows = try? source.read({
                    try Row.fetchAll($0, sql: statement, arguments: values)
                })
            else { break }
            try take(rows)
            guard rows.count == Self.rowsAtOnce, let last = rows.last,
                let seq = StoredNumber.value(last, 0, in: first...range.upperBound),
                seq < range.upperBound
            else { return }
            first = seq + 1
        }
        failures += 1
        guard first < range.upperBound, failures < Self.failureLimit else { return }
        let middle = first + (range.upperBound - first) / 2
        try read(select, first...middle, arguments, take)
        try read(select, middle + 1...range.upperBound, arguments, take)
    }
}
