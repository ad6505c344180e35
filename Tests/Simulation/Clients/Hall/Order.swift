/// What somebody in a hall wants a room to be.
struct Order {
    enum Kind {
        case delete([UInt64])
        /// All lines with these numbers that may be taken. Nil: others.
        case purge(ClosedRange<UInt64>?)
        case settings([Silence.Target])
        case panic
        case ban(Silence.Target?, seconds: Int64?, isTimeout: Bool)
        case unban
        case undo(UInt64)
    }

    let id: String
    let room: String
    let kind: Kind
    /// Its type, and its fields after the room, in JSON.
    let type: String
    let fields: [(String, String)]
    let sub: String
    /// The highest and the least standing that its sender may have had.
    let standing: Standing
    let least: Standing
    /// When it was sent first, on the hall's clock and in milliseconds since 1970.
    let at: Int
    let time: Int64
    /// The room's last line that anybody knew.
    let last: UInt64
    /// Whether it may have been sent before, with the same id.
    var isRepeated = false
    /// The change, if it is known.
    var rev: UInt64?

    /// Whether a ban takes lines, too.
    var purges: Bool { fields.contains { $0 == ("purge", "true") } }

    /// Whether it may end a silence.
    var mayLift: Bool {
        switch kind {
        case .settings, .panic, .ban, .unban, .undo: true
        case .delete, .purge: false
        }
    }

    /// What is certain once it is acknowledged.
    func silences(since tick: Int) -> [Silence] {
        func silence(_ target: Silence.Target, _ end: Int64 = .max, isBan: Bool = false) -> Silence
        {
            Silence(target: target, since: tick, end: end, isBan: isBan)
        }
        switch kind {
        case .settings(let targets): return targets.map { silence($0) }
        case .ban(let target?, let seconds, let isTimeout):
            return [silence(target, seconds.map { time + $0 * 1_000 } ?? .max, isBan: !isTimeout)]
        case .delete, .purge, .panic, .ban, .unban, .undo: return []
        }
    }
}
