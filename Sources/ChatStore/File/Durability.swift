/// What stored lines survive.
public enum Durability: String, CaseIterable, Sendable {
    /// The death of the process. A commit is a write without a sync (`synchronous = NORMAL`), so
    /// that the machine's death may take the last ones with it.
    case process
    /// The death of the machine too: each commit waits for the disk (`synchronous = FULL`).
    case power
}
