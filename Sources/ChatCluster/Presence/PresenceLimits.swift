/// Times in milliseconds, and sizes, of a node's work with presence.
///
/// The members of a node that dies are gone within 5 s everywhere: it attended last up to
/// ``attendance`` before its death was noticed first, it is silent for ``silence``, the attendance
/// that shows it comes up to ``attendance`` later, and members are told within a second.
package enum PresenceLimits {
    /// The time between two attendances. A notice that was lost is repaired a little later.
    package static let attendance: UInt64 = 500
    /// How long a node may be silent until it counts as dead.
    package static let silence: UInt64 = 2_500
    /// After so long without an answer of the shard, the silence of others begins anew: the shard
    /// was silent, not they.
    package static let pause: UInt64 = 1_000
    /// The time between two tellings of a room.
    package static let period: UInt64 = 1_000
    /// How long a notice may be on its way after an attendance that knows of it, until it counts as
    /// lost.
    package static let grace: UInt64 = 50
    /// How long the server keeps what it knows of members elsewhere after an epoch has begun, while
    /// all nodes tell theirs again.
    package static let settling: UInt64 = 1_500
    /// How long what a node has told is kept after the shard has forgotten the node. If it comes
    /// back, that counts again.
    package static let farewell: UInt64 = 60_000
    /// After this time a node tells a room's members again, so that a shard may forget what is
    /// older than ``keeping``.
    package static let renewal: UInt64 = 600_000
    /// How long a shard keeps what was told last of a room, and who attends.
    package static let keeping: UInt64 = 1_800_000
    /// The rooms in an attendance.
    package static let attendedRooms = 1_024
    /// The tellings that may be under way. A node with many rooms begins with so many.
    package static let tellingsAtOnce = 256
}
