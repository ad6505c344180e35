internal import Chat

/// The members of a room on a node, as they are written down.
struct WrittenMembers: Codable {
    private let run: NodeRun
    private let count: Int
    private let usernames: [String]?

    init(_ members: NodeMembers) {
        run = members.run
        (count, usernames) = (members.presence.count, members.presence.usernames)
    }

    var members: NodeMembers {
        NodeMembers(run, RoomPresence(count: count, usernames: usernames))
    }
}
