internal import Chat
internal import GRDB
internal import Logging

/// The database that was in use before another one took its place.
struct Predecessor {
    /// A room that it has.
    struct Room {
        let name: RoomName
        let numbers: RoomNumbers
    }

    private let connection: DatabaseQueue
    /// Rooms whose numbers are known without reading it.
    private let rooms: [Room]
    /// Whether its lines are taken over. If not, only the numbers of its rooms go on.
    private let keepsLines: Bool

    init(connection: DatabaseQueue, rooms: [Room], keepsLines: Bool) {
        self.connection = connection
        self.rooms = rooms
        self.keepsLines = keepsLines
    }

    /// A corrupt database that was set aside. Nil if nothing of it can be read.
    init?(keptAs path: String) {
        let file = DatabaseFile(path: path, log: nil)
        guard let connection = try? (try? file.openForReading()) ?? file.openUnchanging() else {
            return nil
        }
        self.init(connection: connection, rooms: [], keepsLines: true)
    }

    /// Gives the rooms' last numbers to the next database, so that none is given twice while
    /// clients are connected, and the lines that can be read. Throws if that one can't be written.
    /// May be repeated.
    func handOver(to next: DatabaseQueue, log: Logger?) throws {
        var salvage = Salvage(from: connection, to: next)
        try salvage.takeOverFloor()
        var all = try salvage.rooms()
        for room in rooms { all[room.name] = room.numbers }
        for (name, numbers) in all {
            try salvage.takeOver(name, numbers, withLines: keepsLines)
        }
        guard keepsLines else { return }
        log?.notice(
            "What could be read of the corrupt database was taken over",
            metadata: ["rooms": "\(all.count)", "lines": "\(salvage.lines)"])
    }
}
