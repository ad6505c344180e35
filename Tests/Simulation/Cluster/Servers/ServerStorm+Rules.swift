internal import Chat
internal import ChatCluster

/// What must hold when nothing is under way.
extension ServerStorm {
    func checkRest() {
        let truth = cluster.truth
        for node in cluster.nodes where node.lives {
            if !cluster.isReady(node) { truth.broken("\(node.label) isn't ready again") }
        }
        for roamer in roamers { check(roamer) }
        for passer in passers where passer.isChatting { check(passer) }
    }

    private func check(_ roamer: Roamer) {
        guard roamer.isChatting else { return roamer.violate("it isn't there") }
        for id in roamer.waiting.keys.sorted() { roamer.violate("no reply to \(id)") }
        for id in roamer.ids {
            guard let line = roamer.lines[id], let seq = line.acknowledged,
                let room = RoomName(line.room)
            else { continue }
            let found = cluster.truth.finding(line.saying.message, as: seq, in: room)
            guard !found.isLost, !cluster.truth.mayLack(seq, in: room) else { continue }
            if !isThere(seq, in: room) { roamer.violate("line \(seq) of \(room.text) is lost") }
        }
        for room in roamer.wanted.subtracting(roamer.barred).sorted() {
            guard let stream = roamer.streams[room], let name = RoomName(room) else {
                roamer.violate("it isn't in \(room)")
                continue
            }
            if stream.epoch != cluster.epoch(of: name) {
                roamer.violate("it is in epoch \(stream.epoch) of \(room)")
            }
            checkComplete(stream.first, stream.seen, in: name, roamer.violate)
            if stream.members != members(of: room) {
                roamer.violate("\(stream.members) members of \(room), not \(members(of: room))")
            }
        }
    }

    private func check(_ passer: Passer) {
        guard let room = RoomName(passer.room) else { return }
        checkComplete(passer.first, passer.seen, in: room) {
            cluster.truth.broken("passer \(passer.number): \($0)")
        }
    }

    private func isThere(_ seq: UInt64, in room: RoomName) -> Bool {
        cluster.data(of: room).lines.contains { $0.line.seq == seq }
    }

    /// The lines of a room from the first that was promised on have all come.
    func checkComplete(
        _ first: UInt64?, _ seen: Set<UInt64>, in room: RoomName, _ violate: (String) -> Void
    ) {
        guard let first else {
            if cluster.data(of: room).last.seq > 0 { violate("nothing has come of \(room.text)") }
            return
        }
        let lines = cluster.data(of: room).lines.map(\.line.seq)
        let lost = lines.filter { seq in
            seq >= first && !seen.contains(seq) && !cluster.truth.mayLack(seq, in: room)
        }.sorted()
        if !lost.isEmpty { violate("\(lost) of \(room.text) have never come") }
    }

    /// The connections in a room, on all nodes.
    func members(of room: String) -> Int {
        roamers.count { $0.isChatting && $0.streams[room] != nil }
            + passers.count { $0.isChatting && $0.room == room }
    }
}
