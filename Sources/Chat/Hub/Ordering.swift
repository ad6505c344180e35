/// Who puts what is said in a room into one order.
public enum Ordering: Equatable, Sendable {
    /// The hub itself, at once. Nothing is stored: each life of a room is an epoch, and epochs are
    /// numbered from `firstEpoch`, which must differ from one life of the server to the next.
    case inPlace(firstEpoch: UInt64)
    /// An ``Orderer``, which the hub's caller follows.
    case elsewhere
}
