internal import Chat
internal import GRDB

/// Lines that wait.
extension ChangeTable {
    /// Adds lines, all or none.
    func hold(_ holds: [HeldRequest.Hold]) throws -> [HeldReply.Answer] {
        try attempt { db in
            try holds.map { HeldReply.Answer(ticket: $0.ticket, try HeldRows.add($0, in: db)) }
        }
    }

    /// All lines that wait, by their rooms.
    func held() throws -> [HeldRoom] {
        try attempt { db in
            let rooms = Dictionary(grouping: try HeldRows.all(in: db), by: \.draft.room)
            return try rooms.keys.sorted { $0.text < $1.text }.map { name in
                let room = try Self.room(name, in: db)
                let settings = try room.map { try ChangeMaking.settings(of: $0.id, in: db) }
                return HeldRoom(
                    name: name, rules: settings?.rules ?? RoomRules(), lines: rooms[name] ?? [])
            }
        }
    }

    /// Those of these lines that wait.
    func waiting(_ ids: [UInt64]) throws -> [HeldLine] {
        try attempt { try HeldRows.lines(ids, in: $0) }
    }

    /// These lines wait no more.
    func forgetHeld(_ ids: [UInt64]) throws {
        try attempt { try HeldRows.remove(ids, in: $0) }
    }

    /// Nothing of lines that were forgotten is left in the file.
    func emptyLog() throws { _ = try GoneLines.emptyLog(of: connection) }

    /// The lines that wait where a change is made.
    static func held(
        for request: ChangeRequest, in room: Int64, _ db: Database
    ) throws -> [HeldLine] {
        guard request.concernsHeldLines else { return [] }
        return request.room == .everywhere
            ? try HeldRows.all(in: db) : try HeldRows.lines(of: room, in: db)
    }

    /// Forgets lines that were said just before a crash. The file of lines has their keys.
    func forgetSaid(in connection: DatabaseQueue) throws {
        let lines = try held().flatMap(\.lines)
        guard let first = lines.map(\.draft.time).min() else { return }
        let said = try connection.read { db in
            var keys: [RoomName: [ByteText: [HeldLine]]] = [:]
            for line in lines {
                let key = ByteText(line.orderingKey)
                keys[line.draft.room, default: [:]][key, default: []].append(line)
            }
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT room.name, key, send.time, username, user, digest FROM send
                    CROSS JOIN room ON room.id = send.room WHERE send.time >= ?
                    """,
                arguments: [first.milliseconds])
            var said: [UInt64] = []
            while let row = try rows.next() {
                guard let room = RoomName(StoredText.text(row, 0)),
                    let named = keys[room]?[ByteText(StoredText.text(row, 1))]
                else { continue }
                let time = StoredNumber.time(row, 2)
                let digest = StoredNumber.value(row, 5, in: .min ... .max)
                let author = ByteText(StoredAuthor.user(row, 4) ?? StoredText.text(row, 3))
                let isUser = StoredAuthor.user(row, 4) != nil
                said += named.filter { line in
                    let user = line.draft.author.user
                    return line.draft.time <= time && (user != nil) == isUser
                        && ByteText(user ?? line.draft.username) == author
                        && Int64(bitPattern: RecentSends.digest(of: line.draft.message)) == digest
                }.map(\.id)
            }
            return said
        }
        try forgetHeld(said)
    }
}
