internal import Chat

/// Changes of rooms.
extension StoreState {
    mutating func change(_ request: ChangeRequest, answered moment: StoreMoment) {
        let (answer, change) = phase.isOpen ? disk.change(request) : (.failed, nil)
        if let change {
            var entries = EntriesByRoom()
            entries.add(.change(change), in: request.room)
            if Self.isForEverybody(change) {
                schedule.tell(.entries(request.room, [.change(change)]), at: moment)
            } else {
                tell(entries, at: moment)
            }
        }
        schedule.tell(.changed(id: request.id, answer), at: moment)
    }

    /// Whether a change is told even if its room isn't followed, and never left out.
    private static func isForEverybody(_ change: RoomChange) -> Bool {
        switch change.kind {
        case .banned, .unbanned: true
        case .deleted, .settings, .past: false
        }
    }

    mutating func report(
        _ id: UInt64, _ room: RoomName, _ query: ReportQuery, answered moment: StoreMoment,
        time: Int64
    ) {
        let now = Timestamp(milliseconds: time)
        schedule.say(.reported(id: id, disk.report(query, of: room, at: now)), at: moment)
    }
}
