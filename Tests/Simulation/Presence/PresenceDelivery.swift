internal import Chat
internal import ChatCluster

/// Something that is on its way between a node and the shard.
struct PresenceDelivery {
    enum Event {
        case connected
        case command(PresenceCommand)
        case answer(PresenceCommand, PresenceReply)
        case notice(RoomName, PresenceNotice)
    }

    var time: UInt64
    let number: Int
    let node: Int
    let run: NodeRun
    let connection: Int
    let event: Event

    func isBefore(_ other: PresenceDelivery) -> Bool {
        (time, number) < (other.time, other.number)
    }
}
