package import Chat
package import ChatCluster

/// What a shard in memory keeps of nodes and their members, and what its scripts do with it.
package struct SimulatedPresence {
    private struct Room {
        var version: UInt64 = 0
        var nodes: [NodeName: (number: UInt64, members: NodeMembers)] = [:]
    }

    private struct Era {
        var attendances: [NodeName: Attendance] = [:]
        var rooms: [RoomName: Room] = [:]
    }

    private var eras: [Epoch: Era] = [:]

    package init() {}

    /// Carries out a command. Returns the answer, and what the followers of a room are told.
    package mutating func carryOut(
        _ command: PresenceCommand
    ) -> (reply: PresenceReply, told: (room: RoomName, notice: PresenceNotice)?) {
        switch command {
        case .attend(let run, let number, let epoch, let rooms):
            var era = eras[epoch] ?? Era()
            defer { eras[epoch] = era }
            let known = era.attendances[run.name].flatMap { $0.run == run ? $0 : nil }
            era.attendances[run.name] = Attendance(
                run, first: known?.first ?? number, last: max(known?.last ?? 0, number))
            let all = era.attendances.values.sorted { $0.run.name.text < $1.run.name.text }
            return (.attended(all, versions: rooms.map { era.rooms[$0]?.version ?? 0 }), nil)
        case .tell(let run, let number, let epoch, let room, let presence):
            if let other = eras[epoch]?.attendances[run.name]?.run, other != run {
                return (.told(isTaken: false), nil)
            }
            var found = eras[epoch]?.rooms[room] ?? Room()
            if let last = found.nodes[run.name], last.members.run == run, last.number >= number {
                return (.told(isTaken: true), nil)
            }
            let members = NodeMembers(run, presence)
            found.nodes[run.name] = (number, members)
            found.version += 1
            eras[epoch, default: Era()].rooms[room] = found
            let notice = PresenceNotice(epoch, version: found.version, members)
            return (.told(isTaken: true), (room, notice))
        case .read(let epoch, let room):
            let era = eras[epoch] ?? Era()
            var found = era.rooms[room] ?? Room()
            found.nodes = found.nodes.filter {
                era.attendances[$0.key]?.run == $0.value.members.run
            }
            if found.version > 0 { eras[epoch]?.rooms[room] = found }
            let nodes = found.nodes.values.map(\.members)
            return (.read(RoomMembers(version: found.version, nodes)), nil)
        case .bury(let attendance, let epoch):
            let name = attendance.run.name
            if eras[epoch]?.attendances[name] == attendance {
                eras[epoch]?.attendances[name] = nil
            }
            return (.buried, nil)
        }
    }

    /// Forgets what was told of a room, as a shard does after a while.
    package mutating func forget(_ room: RoomName, in epoch: Epoch) {
        eras[epoch]?.rooms[room] = nil
    }
}
