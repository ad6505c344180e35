/// Times in milliseconds, and sizes, of a node's work with a shard.
package enum ShardLimits {
    /// The lines in an append.
    package static let appendLines = 256
    /// The time between two beats. A message that was lost is repaired a little later. A node hears
    /// from its shard that often, so it also knows soon that it is cut off.
    package static let beat: UInt64 = 500
    /// How long a message may be on its way after a beat that knows of it, until it counts as lost.
    package static let grace: UInt64 = 50
    /// How long a node has its name after a beat.
    package static let lease: UInt64 = 3_000
    /// How long a node waits until it enters again, after the shard couldn't take it.
    package static let retry: UInt64 = 250
    /// How long a node that starts waits for its name at least. An earlier run may still have it.
    package static let nameWait: UInt64 = lease + 1_000
    /// How often another run must renew its lease of the name until a node that starts gives up.
    package static let nameRenewals = 3
    /// How long a shard that has refused a line counts as failing, at least.
    package static let refusal: UInt64 = 2_000
    /// The rooms in a beat, and in a raise.
    package static let beatRooms = 1_024
    /// The entries of a room that may wait for those before them.
    package static let waitingEntries = 1_024
    /// The beats that may find lost messages, while none arrives, until the connection that brings
    /// them counts as broken.
    package static let silentBeats = 3
    /// How long a node may hear nothing from a shard until it counts as cut off.
    package static let patience: UInt64 = 1_500
    /// The time between two rounds in which lines are deleted that are too many or too old.
    package static let trimRound: UInt64 = 10_000
    /// The time between two steps of a round.
    package static let trimPause: UInt64 = 50
    /// The entries that a step looks at, which takes a few milliseconds.
    package static let trimmedEntries = 2_048
    /// Lines of a change whose texts are deleted by one command.
    package static let erasedLines = 256
    /// Lines of an undone change that are read with their texts: as many as clients are told, and
    /// one more.
    package static let keptLines = 51
    /// How long a change is recognised by its key.
    package static let changeKeys: UInt64 = 86_400_000
    /// News that a shard keeps at least. A node that misses more reads everything again.
    package static let news = 10_000
}
