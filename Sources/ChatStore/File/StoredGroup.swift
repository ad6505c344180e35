internal import Chat
internal import GRDB

/// Lines that are in a transaction, and their rooms as they are when it is committed.
struct StoredGroup {
    var numbers: [UInt64] = []
    var rooms: [RoomName: RoomNumbers] = [:]
}
