internal import Chat

/// The encoded answers to `members`, kept until the members change. Each is the part that is the
/// same for all members of its room.
struct MemberAnswers {
    private struct Answer {
        let version: UInt32
        let bytes: [UInt8]
    }

    /// The bytes that are kept of all rooms. Above it all are forgotten. A list of 200 long names
    /// takes 25 KiB.
    static let byteLimit = 4_194_304

    private var answers: [RoomID: Answer] = [:]
    /// Bytes of all answers.
    private(set) var byteCount = 0

    /// Whether the answer for this version of a room's list needn't be made.
    func has(_ room: RoomID, version: UInt32) -> Bool { answers[room]?.version == version }

    /// The answer for this version of a room's list. Makes it if only another one is kept.
    mutating func answer(
        for room: RoomID, version: UInt32, _ make: () -> [UInt8]
    ) -> [UInt8] {
        if let known = answers[room], known.version == version { return known.bytes }
        forget(room)
        let bytes = make()
        if byteCount + bytes.count > Self.byteLimit { (answers, byteCount) = ([:], 0) }
        answers[room] = Answer(version: version, bytes: bytes)
        byteCount += bytes.count
        return bytes
    }

    /// The room has vanished. Its number may be reused.
    mutating func vanished(_ room: RoomID) {
        if !answers.isEmpty { forget(room) }
    }

    private mutating func forget(_ room: RoomID) {
        guard let known = answers.removeValue(forKey: room) else { return }
        byteCount -= known.bytes.count
    }
}
