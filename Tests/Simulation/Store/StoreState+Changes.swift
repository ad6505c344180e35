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
        case .banned, .unbanned, .terms: true
        case .restored(let restored): restored.ban != nil || restored.terms != nil
        case .deleted, .settings, .purged, .past: false
        }
    }

    mutating func report(_ item: StoreSchedule.Work, at time: Int64) {
        guard case .report(let id, let room, let query) = item.request else { return }
        let report = disk.report(query, of: room, at: Timestamp(milliseconds: time))
        schedule.say(.reported(id: id, report), at: item.answered)
    }
}
