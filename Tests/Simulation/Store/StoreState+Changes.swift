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
        case .banned, .unbanned, .settings, .terms, .approved, .rejected: true
        case .restored(let restored):
            restored.ban != nil || restored.settings != nil || restored.terms != nil
        case .purged: !change.rejected.isEmpty
        case .deleted, .past: false
        }
    }

    mutating func held(_ request: HeldRequest, answered moment: StoreMoment) {
        guard phase.isOpen else { return schedule.tell(.held(failure(of: request)), at: moment) }
        switch request {
        case .hold(let hold):
            let answer = HeldReply.Answer(ticket: hold.ticket, disk.hold(hold))
            schedule.tell(.held(.held([answer])), at: moment)
        case .release(let ids, let time):
            let released = disk.release(ids, at: time)
            var entries = EntriesByRoom()
            for each in released { entries.add(.line(each.line), in: each.held.draft.room) }
            tell(entries, at: moment)
            let said = released.map { each in
                HeldReply.Said(id: each.held.id, seq: each.line.seq, time: each.line.time)
            }
            schedule.tell(.held(.released(said, of: ids)), at: moment)
        }
    }

    private func failure(of request: HeldRequest) -> HeldReply {
        switch request {
        case .hold(let hold): .held([HeldReply.Answer(ticket: hold.ticket, nil)])
        case .release: .releaseFailed
        }
    }

    mutating func report(_ item: StoreSchedule.Work, at time: Int64) {
        guard case .report(let id, let room, let query) = item.request else { return }
        let report = disk.report(query, of: room, at: Timestamp(milliseconds: time))
        schedule.say(.reported(id: id, report), at: item.answered)
    }

    // MARK: Going on elsewhere

    /// Another machine takes over. Returns false if the store isn't open.
    mutating func failOver(losing groups: Int) -> Bool {
        guard phase.isOpen, !isSilent else { return false }
        // What was done is told first.
        for reply in schedule.takeAllReplies() { say(reply) }
        disk.failOver(losing: groups)
        book.failedOver(to: disk)
        rooms.epochBegan()
        say(.ready(disk.opening(at: time.wallClock)))
        return true
    }
}
