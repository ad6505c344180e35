/// What comes back when a change is undone.
public struct Restoration: Equatable, Sendable {
    /// The number of the change.
    public let of: UInt64
    /// The lines that are back. They may be known by their numbers only.
    public var seqs: [UInt64] = []
    public var lines: [Line] = []
    /// The ban that is over.
    public var ban: Ban?
    /// The settings of the room now, if they have changed.
    public var settings: RoomSettings?
    /// The terms of the room now, if they have changed.
    public var terms: TermState?

    /// The largest number of lines that are told with their texts.
    static let toldLines = 50

    public init(of rev: UInt64) { of = rev }

    /// Adds the lines that are back.
    package mutating func add(_ lines: [Line]) {
        self.lines = lines
        seqs = lines.map(\.seq)
    }
}
