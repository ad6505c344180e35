internal import Chat

/// What a moderator's command may mean without saying it: the latest lines of a room, as they were
/// printed.
public struct SlashPlace: Sendable {
    /// The number of names that are remembered, the latest ones.
    private static let nameLimit = 1_000

    /// The latest line of each user.
    private var lines: [ByteText: UInt64] = [:]
    private var order: [ByteText] = []
    public private(set) var latest: UInt64?
    /// Our latest line, and our latest change.
    public var ownLine: UInt64?
    public var change: UInt64?
    /// Lines that wait for a moderator, the oldest first.
    public var held: [ServerEvent.Held] = []

    public init() {}

    /// A line was printed.
    public mutating func saw(_ line: ServerEvent.Message) {
        latest = max(latest ?? 0, line.seq)
        // Nobody said a line of the room itself.
        guard line.role != "system" else { return }
        let name = ByteText(line.username)
        if lines.updateValue(line.seq, forKey: name) == nil { order.append(name) }
        guard order.count > Self.nameLimit else { return }
        lines[order.removeFirst()] = nil
    }

    /// The latest line of this user.
    func line(of name: String) -> UInt64? { lines[ByteText(name)] }

    /// The longest known name at the start of a text, as a word.
    func name(atStartOf text: Substring) -> String? {
        order.map(\.text).filter { text == $0 || text.hasPrefix("\($0) ") }
            .max { $0.utf8.count < $1.utf8.count }
    }

    /// The fields that name a user: by the latest line, which is certain, or else by the name.
    func target(_ name: String) -> ModerationCommand.Fields {
        guard let line = line(of: name) else { return ["username": .text(name)] }
        return ["by_line": .number(line)]
    }
}
