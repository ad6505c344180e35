/// The component that puts the lines of a room into one order.
public enum Ordering: Equatable, Sendable {
    /// The hub itself, at once. Nothing is stored: each life of a room is an epoch. Epochs are
    /// numbered from `firstEpoch`, which must differ for each run of the server.
    case inPlace(firstEpoch: UInt64)
    /// An ``Orderer``, which the hub's caller follows.
    case elsewhere
}
