/// What memory is for that clients make the server take. All of it counts for the buffer budget.
enum MemoryKind: String, CaseIterable {
    /// Bytes that wait for clients.
    case waiting
    /// Recent lines that rooms keep, and that wait for nobody.
    case logs
    /// Bytes of clients that have arrived and wait.
    case input
    /// Contexts of compressed messages.
    case compression
    /// Rooms, memberships, and what moderators have set.
    case rooms
    /// Ids of recent lines.
    case ids
    /// Lines that wait for moderators.
    case held
    /// Requests to the store, and the lines in them.
    case store
    /// Lists of members.
    case answers
    /// What TLS keeps.
    case encryption
}
