internal import Chat

/// Reads over the end of an epoch.
extension History {
    /// Another epoch has begun in a room.
    mutating func epochBegan(in room: RoomName) { reads.epochBegan(in: room) }

    /// Whether a page may have lines of an epoch that has ended. If somebody waits for it, it is
    /// read again.
    mutating func isOld(_ key: ReadQueue.Key) -> Bool {
        guard let through = reads.mustRepeat(key) else { return false }
        orderer?.submit(.read(key.room, from: key.from, through: through))
        return true
    }
}
