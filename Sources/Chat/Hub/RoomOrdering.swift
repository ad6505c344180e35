/// A room's state with its ``Orderer``. It holds no counted reference, because it is used for each
/// line.
public enum RoomOrdering: Equatable, Sendable {
    /// The hub numbers its lines.
    case inPlace
    /// The orderer was asked for the room's stream, and has yet to send its state. `unheard` is the
    /// first line that is known to have been said since then; nil if there is none.
    case asked(unheard: UInt64?)
    /// Entries are taken as they arrive.
    case followed
    /// Entries were left out. No more are taken until the orderer has sent the room's state again.
    case lagging
}
