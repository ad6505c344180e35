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
