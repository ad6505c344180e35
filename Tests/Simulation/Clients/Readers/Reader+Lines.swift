internal import Chat

/// A reader's lines, and the end of an epoch between them.
extension Reader {
    func heard(_ event: ChatEvent) {
        guard let room = event.room, var stream = streams[room], let seq = event.seq else {
            return violate("\(event)")
        }
        if gaps[room] != nil { violate("no gap before \(event)") }
        let wrong = stream.heard(seq) { chronicle.areLost($0, of: room) }
        if let wrong { violate("\(wrong) in \(room)") }
        streams[room] = stream
        guard event.type == "deleted" else {
            return chronicle.heard(event, in: stream.life, opened: since, epoch: stream.epoch)
        }
        if !chronicle.areLost(seq..<seq + 1, of: room) { violate("\(event), which isn't lost") }
    }

    func began(_ event: ChatEvent) {
        guard let room = event.room, var stream = streams[room], gaps[room] == nil else {
            return violate("\(event)")
        }
        let end = chronicle.ends[stream.epoch]?[room] ?? 0
        let wrong = stream.began(event, end: end) { chronicle.areLost($0, of: room) }
        if let wrong { violate("\(wrong) in \(room)") }
        streams[room] = stream
    }

    /// Whether the lines that a `gap` names were deleted from the store before they could be read.
    /// If a read fails, it is tried again, so that is no reason.
    func areDeleted(_ gap: ChatEvent, in room: String) -> Bool {
        guard let disk = world.store?.disk, let name = RoomName(room), let through = gap.through
        else { return false }
        return through < disk.oldest(of: name)
    }
}
