/// The changes in a room since its members were last told: the names of those that joined and left.
/// A name that did both, in either order, doesn't count.
///
/// Names are compared byte by byte, as clients do. The changes of an idle room take 16 bytes and
/// nothing on the heap.
public struct PresenceChanges: Sendable {
    /// The largest number of names that are kept of those that joined, and of those that left.
    /// Members of a larger room get no names.
    public static let nameLimit = Hub.namedMembers

    /// How many more joined than left under each name, never 0.
    private var balances: [ByteText: Int32] = [:]
    /// How many more joined than left, nameless ones included.
    private var balance: Int32 = 0
    /// The sum of the positive balances, and the absolute sum of the negative ones. Once one of
    /// them is over the limit, both stay unchanged and no names are kept.
    private var joinedCount: Int16 = 0
    private var leftCount: Int16 = 0

    private var isOverfull: Bool { max(joinedCount, leftCount) > Self.nameLimit }

    public init() {}

    /// Whether there is nothing to tell: the same names, and the same number of connections.
    public var isEmpty: Bool {
        balance == 0 && balances.isEmpty && !isOverfull
    }

    /// A connection has joined, with a name if it has one.
    public mutating func joined(_ name: String?) {
        balance += 1
        if let name { add(1, to: name) }
    }

    /// A connection has left, with a name if it had one.
    public mutating func left(_ name: String?) {
        balance -= 1
        if let name { add(-1, to: name) }
    }

    /// A connection has another name, or its first one.
    public mutating func renamed(from old: String?, to new: String) {
        if let old {
            guard ByteText(old) != ByteText(new) else { return }
            add(-1, to: old)
        }
        add(1, to: new)
    }

    /// A member has no name any more.
    public mutating func unnamed(_ old: String) { add(-1, to: old) }

    /// A part of the members has become another one.
    public mutating func moved(from old: RoomPresence, to new: RoomPresence) {
        balance += Int32(clamping: new.count - old.count)
        switch (old.usernames, new.usernames) {
        case (let old?, let new?):
            var steps: [ByteText: Int32] = [:]
            for name in old { steps[ByteText(name), default: 0] -= 1 }
            for name in new { steps[ByteText(name), default: 0] += 1 }
            for (name, step) in steps where step != 0 { add(step, to: name.text) }
        // The room has too many members for names, before and after.
        case (nil, nil): break
        case (nil, _?), (_?, nil): loseNames()
        }
    }

    /// The names of those that joined and left. Nil if one of the two lists has more than
    /// ``nameLimit``.
    public var names: PresenceNames? {
        guard !isOverfull else { return nil }
        var joined: [String] = []
        var left: [String] = []
        let names = Array(balances)
        for place in ByteOrder.order(of: names.map(\.key.text)) {
            let (name, balance) = names[place]
            let repeated = repeatElement(name.text, count: Int(balance.magnitude))
            if balance > 0 { joined += repeated } else { left += repeated }
        }
        return PresenceNames(joined: joined, left: left)
    }

    /// Takes the ``names`` and begins anew.
    public mutating func take() -> PresenceNames? {
        defer { self = PresenceChanges() }
        return names
    }

    private mutating func add(_ step: Int32, to text: String) {
        guard !isOverfull else { return }
        let name = ByteText(text)
        let old = balances[name] ?? 0
        let new = old + step
        balances[name] = new == 0 ? nil : new
        joinedCount += Int16(max(new, 0) - max(old, 0))
        leftCount += Int16(max(-new, 0) - max(-old, 0))
        if isOverfull { balances = [:] }
    }

    private mutating func loseNames() {
        joinedCount = Int16(Self.nameLimit + 1)
        balances = [:]
    }
}
