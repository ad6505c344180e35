/// The kinds of failure that stored lines survive.
public enum Durability: String, CaseIterable, Sendable {
    /// They survive the death of the process. A commit is a write without a sync (`synchronous =
    /// NORMAL`), so if the machine dies, the last ones may be lost.
    case process
    /// They survive the death of the machine too. Each commit waits for the disk (`synchronous =
    /// FULL`).
    case power
}
