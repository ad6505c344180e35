/// A regular's names in its rooms, as far as it knows them. A line gives its sender a name once it
/// is accepted.
struct OwnNames {
    /// The certain name in each room.
    private var names: [String: String] = [:]
    /// The names that lines on their way will give, by the lines' ids.
    private var namings: [String: String] = [:]
    /// The last accepted naming in each room.
    private var lastNamings: [String: (seq: UInt64, name: String)] = [:]

    /// The certain name in a room.
    subscript(room: String) -> String? { names[room] }

    /// A line was sent, with or without a name for its sender.
    mutating func sent(_ sending: Sending, namesItself: Bool) {
        if names[sending.room] != sending.saying.username { names[sending.room] = nil }
        namings[sending.id] = namesItself ? sending.saying.username : nil
    }

    /// A line was accepted. Its name counts unless a later line gave another one. `isLast` means
    /// that no other line in its room is on its way.
    mutating func accepted(_ sending: Sending, as seq: UInt64, isLast: Bool) {
        let room = sending.room
        // A line that was sent before may have been said then, under another name.
        let naming = sending.attempts == 1 ? namings.removeValue(forKey: sending.id) : nil
        if let naming, seq > lastNamings[room]?.seq ?? 0 { lastNamings[room] = (seq, naming) }
        if sending.attempts > 1 { lastNamings[room] = nil }
        if isLast, let last = lastNamings[room] { names[room] = last.name }
    }

    /// A room was left while these lines were on their way.
    mutating func left(_ room: String, with sendings: [Sending]) {
        (names[room], lastNamings[room]) = (nil, nil)
        for sending in sendings { namings[sending.id] = nil }
    }
}
