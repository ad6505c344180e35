internal import Chat
internal import GRDB
internal import Logging

/// The writer's upkeep: old lines are deleted, a slice at a time.
extension Writer {
    func logClock() {
        let ahead = machine.now().milliseconds - upkeep.clock.present.milliseconds
        log?.warning(
            "The clock has jumped ahead: lines age an hour in each round, until they catch up",
            metadata: ["ahead": "\(ahead / 3_600_000) h"])
    }

    /// A group was committed, which took so many nanoseconds. Its follower is told.
    mutating func stored(_ group: StoredGroup, in took: Int, telling replies: [OrdererReply]) {
        lines.committed(group)
        if let epoch { stamp?.committed(Stamp(epoch: epoch, commits: lines.commits)) }
        meter.update {
            $0.groups += 1
            $0.linesStored += group.lines
            $0.lastCommitNanoseconds = took
            $0.commits.record(nanoseconds: UInt64(took))
        }
        mailbox.add(replies)
        for room in group.rooms {
            upkeep.work.grew(room.numbers)
            upkeep.work.grew(by: room.bytes)
        }
        // Delete at least as much as was added.
        if upkeep.isDue { keepUp(rows: Upkeep.slice + group.lines) }
    }

    /// Does one slice of upkeep.
    mutating func keepUp(rows: Int) {
        guard case .open(let connection) = state else { return }
        do {
            let pruned = try upkeep.step(
                rows: rows, followed: follows.followed, over: connection)
            for room in upkeep.work.takeForgotten() { lines.forgot(room) }
            for pruned in pruned {
                lines.pruned(pruned.room, oldest: pruned.oldest)
                meter.update { $0.linesPruned += pruned.lines }
                mailbox.add(.pruned(pruned.room, oldest: UInt64(pruned.oldest)))
            }
        } catch {
            failed(Fault(error, path: file.path))
        }
    }
}
