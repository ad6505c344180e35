package import Chat

/// Entries of some rooms: the rooms in the order of their first entries, and those in theirs.
package struct EntriesByRoom {
    package private(set) var rooms: [(room: RoomName, entries: [RoomEntry])] = []

    package init() {}

    /// Entries of all rooms.
    package var count: Int { rooms.reduce(0) { $0 + $1.entries.count } }

    package mutating func add(_ entry: RoomEntry, in room: RoomName) {
        if let place = rooms.firstIndex(where: { $0.room == room }) {
            rooms[place].entries.append(entry)
        } else {
            rooms.append((room, [entry]))
        }
    }
}
