/// Where a room is with its ``Orderer``. It holds nothing that counts references, because it is
/// looked at with each line.
public enum RoomOrdering: Equatable, Sendable {
    /// The hub numbers its lines.
    case inPlace
    /// Its orderer was asked to let us follow it, and has yet to tell its state. `unheard` is the
    /// first line that is known to have been said since; nil if there is none.
    case asked(unheard: UInt64?)
    /// Its entries are taken as they come.
    case followed
    /// Entries were left out: no more are taken until its orderer has told its state again.
    case lagging
}
