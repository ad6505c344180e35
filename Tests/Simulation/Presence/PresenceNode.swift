internal import Chat
internal import ChatCluster

/// A process of a node.
struct PresenceNode {
    let run: NodeRun
    var machine: ShardPresence
    /// What its server has: own members, and those that it was told of, by followed room.
    var own: [RoomName: RoomPresence] = [:]
    var told: [RoomName: RoomPresence] = [:]
    var lives = true
    /// Its connections are numbered.
    var connection = 0
    var isConnected = false
    /// The time of the last command and of the last answer on their way.
    var commandAt: UInt64 = 0
    var answerAt: UInt64 = 0
}
