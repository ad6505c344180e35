internal import Chat

/// The channels on which a shard tells news. A server of Redis has one set of names for the
/// channels of all its databases, so the name of a database other than the first is part of them.
struct ShardChannels {
    private let prefix: String

    init(database: Int) {
        prefix = ShardCodec.prefix + (database == 0 ? "" : "\(database):")
    }

    /// Before the text of each script.
    var definition: String { "local channels = '\(prefix)'\n" }

    /// That of what all nodes are told.
    var news: String { "\(prefix)news" }

    /// That on which a room's entries are published.
    func channel(of room: RoomName) -> String { "\(prefix)in:\(room.text)" }

    /// The room of a channel.
    func room(of channel: String) -> RoomName? {
        let start = "\(prefix)in:"
        guard channel.hasPrefix(start) else { return nil }
        let name = String(channel.dropFirst(start.count))
        return name == RoomName.everywhere.text ? .everywhere : RoomName(name)
    }
}
