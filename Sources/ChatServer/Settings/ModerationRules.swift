public import Chat

/// What moderation needs besides commands: how guests are recognised, and what keeps changes if
/// there is no history.
public struct ModerationRules: Sendable {
    /// The key of the hashes of addresses. It must stay the same for bans to hold.
    public struct AddressKey: Equatable, Sendable {
        let first: UInt64
        let second: UInt64

        public init(_ first: UInt64, _ second: UInt64) {
            (self.first, self.second) = (first, second)
        }
    }

    public var addressKey = AddressKey(0, 0)
    /// Bits of an address that name its block.
    public var ipv4Bits = 32
    public var ipv6Bits = 64
    /// Milliseconds in which a change can be undone, if it is only in memory.
    public var undoPeriod: Int64 = 600_000
    /// Names of connections begin here. It differs for each run of the server.
    public var firstConnection: UInt64 = 0
    /// Keeps the changes of rooms whose lines aren't kept. Nil: they are only in memory.
    public var keeper: (any Orderer)?
    /// What it kept before the start.
    public var kept = ModerationSnapshot()

    /// Is asked about lines before they are said. Nil: nobody is.
    public var checker: (any LineChecker)?
    /// What becomes of a line that can't be checked.
    public var checkFailure = CheckFailure.allow

    public init() {}

    /// Rules with a key of their own, for one run.
    public static var random: ModerationRules {
        var rules = ModerationRules()
        rules.addressKey = AddressKey(.random(in: 0 ... .max), .random(in: 0 ... .max))
        return rules
    }
}
