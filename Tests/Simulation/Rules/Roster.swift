/// The names of a room's members as a client adds them up: from the answers to `members`, which
/// have a place in the order of the events of presence, and from those events.
struct Roster {
    /// How often each name is there, and after which event that held. Nil while it isn't known.
    private var known: (number: UInt64, names: [String: Int])?

    /// `members` was answered. Returns what is wrong with that.
    mutating func answered(_ event: ChatEvent) -> String? {
        guard let number = event.number else { return "\(event) has no number" }
        guard let usernames = event.usernames else {
            known = nil
            return event.untold == nil ? nil : "\(event) has changes without names"
        }
        var names = Self.counts(usernames)
        if let untold = event.untold {
            Self.apply(joined: untold.left, left: untold.joined, to: &names)
        }
        defer { known = (number, names) }
        guard names.allSatisfy({ $0.value > 0 }) else { return "\(event) adds up to \(names)" }
        guard let known else { return nil }
        guard number >= known.number else { return "\(event) after number \(known.number)" }
        // Events that it missed while it was behind are in the list.
        guard number > known.number || names == known.names else {
            return "\(event) is not the list that adds up, \(known.names)"
        }
        return nil
    }

    /// An event of presence came. Returns what is wrong with that.
    mutating func told(_ event: ChatEvent) -> String? {
        guard let number = event.number else { return "\(event) has no number" }
        guard let (before, names) = known else { return nil }
        known = nil
        guard number >= before else { return "\(event) after number \(before)" }
        // Without names, or after some that were missed while it was behind, it has to ask again.
        guard let joined = event.joined, let left = event.left, number == before + 1 else {
            return nil
        }
        var after = names
        Self.apply(joined: joined, left: left, to: &after)
        guard after.allSatisfy({ $0.value > 0 }) else { return "\(event) adds up to \(after)" }
        known = (number, after)
        return nil
    }

    private static func counts(_ names: [String]) -> [String: Int] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private static func apply(
        joined: [String], left: [String], to names: inout [String: Int]
    ) {
        for (name, count) in counts(joined) { names[name, default: 0] += count }
        for (name, count) in counts(left) { names[name, default: 0] -= count }
        names = names.filter { $0.value != 0 }
    }
}
