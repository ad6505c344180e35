package import Chat

/// The lines with a key that an orderer in memory remembers, of any rooms. It forgets none.
package struct SentLines {
    struct Key: Hashable {
        let room: RoomName
        let name: String
        let isUser: Bool
        let key: String
    }

    private struct Sent {
        let seq: UInt64
        let time: Timestamp
        let digest: UInt64
    }

    private var sent: [Key: Sent] = [:]

    package init() {}

    /// The answer to a line whose key is known. Nil if the line is new.
    package func answer(to draft: Draft) -> SubmissionAnswer? {
        guard let key = Self.key(of: draft), let known = sent[key] else { return nil }
        return known.digest == draft.digest
            ? .already(seq: known.seq, time: known.time) : .otherText
    }

    /// A new line has this number.
    package mutating func ordered(_ draft: Draft, as seq: UInt64) {
        guard let key = Self.key(of: draft) else { return }
        sent[key] = Sent(seq: seq, time: draft.time, digest: draft.digest)
    }

    /// The lines with higher numbers are lost. Only for lines of one room.
    package mutating func forget(after seq: UInt64) { sent = sent.filter { $0.value.seq <= seq } }

    static func key(of draft: Draft) -> Key? {
        draft.key.map { key in
            Key(
                room: draft.room, name: draft.author.user ?? draft.username,
                isUser: draft.author.user != nil, key: key)
        }
    }
}
