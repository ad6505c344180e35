/// The names that somebody has in its rooms, as far as it knows them: a line gives its sender a
/// name, once it is accepted.
struct OwnNames {
    /// The name that it has for sure in a room.
    private var names: [String: String] = [:]
    /// Names that lines on their way give it, by the lines' ids.
    private var namings: [String: String] = [:]
    /// The last of them that were accepted, by room.
    private var lastNamings: [String: (seq: UInt64, name: String)] = [:]

    /// The name that it has for sure in a room.
    subscript(room: String) -> String? { names[room] }

    /// A line is sent, which names its sender or not.
    mutating func sent(_ sending: Sending, namesItself: Bool) {
        if names[sending.room] != sending.saying.username { names[sending.room] = nil }
        namings[sending.id] = namesItself ? sending.saying.username : nil
    }

    /// A line was accepted, and with it the name that it gave, if no later one gives another.
    /// `isLast`: no line in its room is on its way.
    mutating func accepted(_ sending: Sending, as seq: UInt64, isLast: Bool) {
        let room = sending.room
        // One that was sent before may have been said then, under whatever name it has now.
        let naming = sending.attempts == 1 ? namings.removeValue(forKey: sending.id) : nil
        if let naming, seq > lastNamings[room]?.seq ?? 0 { lastNamings[room] = (seq, naming) }
        if sending.attempts > 1 { lastNamings[room] = nil }
        if isLast, let last = lastNamings[room] { names[room] = last.name }
    }

    /// A room was left, with these lines in it on their way.
    mutating func left(_ room: String, with sendings: [Sending]) {
        (names[room], lastNamings[room]) = (nil, nil)
        for sending in sendings { namings[sending.id] = nil }
    }
}
