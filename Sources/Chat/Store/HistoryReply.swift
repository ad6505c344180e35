/// What comes back from the store.
public enum HistoryReply: Equatable, Sendable {
    /// The store is open, and appends may succeed.
    case ready(HistoryOpening)
    /// The store can't be opened yet, but it can be read: until ``ready(_:)``, what is read is of
    /// this epoch.
    case readable(Epoch)
    /// From now on appends fail, until ``recovered`` or, if it never was open, ``ready(_:)``. The
    /// reason is for the operator. Requests are still answered: what can be read is.
    case failing(reason: String)
    /// Appends may succeed again.
    case recovered
    /// The oldest append that was not answered is stored: the numbers of its lines, in their order.
    case appended([UInt64])
    /// Nothing of the oldest append that was not answered is stored, and no number was used up.
    case appendFailed
    case opened(RoomName, RoomRecord)
    case openFailed(RoomName)
    /// What was asked for `from` this number.
    case read(RoomName, from: UInt64, HistoryPage)
    case readFailed(RoomName, from: UInt64)
    /// Lines of a room were given up because of their age or number; `oldest` is left.
    case pruned(RoomName, oldest: UInt64)
}
