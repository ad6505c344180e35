internal import Chat

/// What holds of lines if another machine takes over the store, under connected clients.
extension Chronicle {
    /// Whether a line was lost, and may still be on its way to somebody.
    func isLost(_ line: ChatEvent) -> Bool {
        guard let room = line.room, let seq = line.seq else { return false }
        return areLost(seq..<seq + 1, of: room)
    }

    /// Whether all these lines were lost, so that the one after them may come instead.
    func areLost(_ seqs: Range<UInt64>, of room: String) -> Bool {
        seqs.allSatisfy { holes[room]?.contains($0) == true }
    }

    /// Another machine has taken over the store under connected clients.
    func failedOver(from old: Disk, to disk: Disk, _ visits: [Visit]) {
        failedOver = tick()
        for visit in visits { visit.failedOver() }
        ends[old.epoch.text] = [:]
        for name in disk.rooms {
            let end = disk.end(of: old.epoch.text, in: name) ?? 0
            ends[old.epoch.text]?[name.text] = end
            holes[name.text, default: []].formUnion(end + 1..<old.lastSeq(of: name) + 1)
            for life in lives.all where life.room == name.text {
                for line in life.forget(behind: end) {
                    if let message = line.message { places[message] = nil }
                }
            }
        }
        for (message, seq) in acknowledged {
            guard let room = said[message]?.room, areLost(seq..<seq + 1, of: room) else { continue }
            acknowledged[message] = nil
        }
    }

    /// The machine died in an epoch. Lines that aren't on the disk any more count as never said.
    func machineDied(in epoch: String, leaving disk: Disk) {
        pastEpochs.insert(epoch)
        ends[epoch] = [:]
        for name in disk.rooms { ends[epoch]?[name.text] = disk.lastSeq(of: name) }
        for life in lives.all {
            let end = RoomName(life.room).map { disk.lastSeq(of: $0) } ?? 0
            for line in life.forget(behind: end) {
                if let message = line.message { places[message] = nil }
            }
        }
        for (message, seq) in acknowledged {
            let end = (said[message]?.room).flatMap { RoomName($0) }.map { disk.lastSeq(of: $0) }
            if seq > end ?? 0 { acknowledged[message] = nil }
        }
    }
}
