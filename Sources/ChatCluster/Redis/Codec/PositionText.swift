internal import Chat

/// A position as Redis has it: the id `seq-rev` of an entry.
enum PositionText {
    static func text(of cursor: RoomCursor) -> String { "\(cursor.seq)-\(cursor.rev)" }

    /// Nil if it isn't one.
    static func cursor(_ text: String) -> RoomCursor? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = UInt64(parts[0]), let rev = UInt64(parts[1]) else {
            return nil
        }
        return RoomCursor(seq: seq, rev: rev)
    }
}
