/// Holders that are looked for among all.
extension Identities {
    /// Whether there is such a holder, by its connection.
    func contains(_ isMeant: (Int) -> Bool) -> Bool {
        holders.indices.contains { isHolder($0) && isMeant($0) }
    }

    /// The connections of a user, by its `sub`.
    func connections(of sub: String) -> [Int] { holders.connections(of: sub) }

    /// The connections of the holders that are meant.
    func connections(_ isMeant: (Int) -> Bool) -> [Int] {
        holders.indices.filter { isHolder($0) && isMeant($0) }
    }
}
