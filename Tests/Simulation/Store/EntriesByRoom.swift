package import Chat

/// Entries of several rooms. Rooms are in the order of their first entries.
package struct EntriesByRoom {
    package private(set) var rooms: [(room: RoomName, entries: [RoomEntry])] = []

    package init() {}

    /// The number of entries of all rooms.
    package var count: Int { rooms.reduce(0) { $0 + $1.entries.count } }

    package mutating func add(_ entry: RoomEntry, in room: RoomName) {
        if let place = rooms.firstIndex(where: { $0.room == room }) {
            rooms[place].entries.append(entry)
        } else {
            rooms.append((room, [entry]))
        }
    }
}
