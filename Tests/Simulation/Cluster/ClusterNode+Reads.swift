internal import Chat

/// Pages that a node reads.
extension ClusterNode {
    mutating func read(_ room: RoomName, from: UInt64, at now: UInt64) {
        guard let through = rooms[room]?.missing[from] else { return }
        request(.read(room, from: from, through: through), at: now)
    }

    mutating func read(
        _ page: RoomPage, of room: RoomName, from: UInt64, at now: UInt64
    ) {
        for line in page.lines { truth.read(line, in: room, by: name) }
        guard let through = rooms[room]?.missing.removeValue(forKey: from) else { return }
        guard page.through >= from else { return broken("a page that covers nothing") }
        for line in page.lines { rooms[room]?.seen.insert(line.seq) }
        guard page.through < through else { return }
        rooms[room]?.missing[page.through + 1] = through
        read(room, from: page.through + 1, at: now)
    }
}
