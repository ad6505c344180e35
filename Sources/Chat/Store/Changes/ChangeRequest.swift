/// A change that somebody wants, on its way to the orderer. The orderer checks it against what it
/// knows, such as the author of a line, and finds the lines that it meets.
public struct ChangeRequest: Equatable, Sendable {
    /// The submitting server's own number for it, counted up from 0.
    public let id: UInt64
    public let room: RoomName
    public let wanted: Moderation
    /// Somebody with a role in the room.
    public let author: Author
    /// The command's `id`, which identifies the change if it is sent again. Nil if it had none.
    public let key: String?
    public let time: Timestamp
    /// What the server knows, if lines are only in its memory.
    public var evidence: Evidence?

    /// The lines that a change is about, as a server without a history knows them.
    public struct Evidence: Equatable, Sendable {
        /// Those of the named lines that exist.
        public var lines: [Line] = []
        /// The number of lines at the end that are known to match what is wanted.
        package var matched = 0
        /// Where the named line comes from.
        public var origin: Origin?
        /// Where other guests' lines come from, as far as that matters.
        public var origins: [UInt64: Origin] = [:]
        /// The lines that wait in the room, or in all if the change is for all.
        public var held: [HeldLine] = []
        /// The number of the room's last line.
        public var last: UInt64 = 0
        /// The last change from before the room's epoch. Lines that it or an earlier one took were
        /// forgotten, and their numbers are those of other lines.
        public var priorRev: UInt64 = 0

        public init() {}
    }

    public init(
        id: UInt64, room: RoomName, wanted: Moderation, by author: Author, key: String?,
        time: Timestamp
    ) {
        self.id = id
        self.room = room
        self.wanted = wanted
        self.author = author
        self.key = key
        self.time = time
    }
}
