/// Answers about rooms.
extension EventWriter {
    /// What is known of a room.
    public struct RoomState: Sendable {
        let epoch: Epoch?
        let seq: UInt64
        let rev: UInt64
        let members: Int
        let settings: RoomSettings

        /// - Parameters:
        ///   - epoch: nil if the room has none, because nothing is stored and nobody is in it.
        ///   - seq: the number of the last line.
        ///   - rev: the number of the last change.
        public init(
            epoch: Epoch?, seq: UInt64, rev: UInt64, members: Int, settings: RoomSettings
        ) {
            (self.epoch, self.seq, self.rev) = (epoch, seq, rev)
            (self.members, self.settings) = (members, settings)
        }
    }

    /// One room, with all of its settings.
    public static func state(
        of room: RoomName, _ state: RoomState, into buffer: inout [UInt8]
    ) {
        open("room", room: room, in: &buffer)
        if let epoch = state.epoch { append(#","epoch":"#, epoch.text, to: &buffer) }
        append(#","seq":"#, state.seq, to: &buffer)
        append(#","rev":"#, state.rev, to: &buffer)
        append(#","members":"#, state.members, to: &buffer)
        buffer.append(#","settings":"#)
        appendSettings(state.settings, withBefore: false, to: &buffer)
        buffer.append("}")
    }

    /// Rooms with the numbers of their members. `more` tells whether there are others after them.
    public static func rooms(
        _ rooms: [(name: RoomName, members: Int)], more: Bool, into buffer: inout [UInt8]
    ) {
        buffer.append(#"{"type":"rooms","rooms":["#)
        for (place, room) in rooms.enumerated() {
            if place > 0 { buffer.append(",") }
            buffer.append(#"{"room":""#)
            buffer += room.name.text.utf8
            append(#"","members":"#, room.members, to: &buffer)
            buffer.append("}")
        }
        append(#"],"more":"#, more, to: &buffer)
        buffer.append("}")
    }
}
