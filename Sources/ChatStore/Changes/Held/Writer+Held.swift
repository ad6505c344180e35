internal import Chat
internal import GRDB
internal import Logging

/// Lines that wait. They are in the file of changes until they are said.
extension Writer {
    /// Keeps a line and those that come right after it, in one transaction, or says lines.
    mutating func held(_ request: HeldRequest, before waiting: inout ArraySlice<Work>) {
        switch request {
        case .hold(let first):
            var holds = [first]
            while case .held(.hold(let next))? = waiting.first {
                holds.append(next)
                waiting.removeFirst()
            }
            hold(holds)
        case .release(let ids, let time): release(ids, at: time)
        }
    }

    private mutating func hold(_ holds: [HeldRequest.Hold]) {
        let failure = OrdererReply.held(
            .held(holds.map { HeldReply.Answer(ticket: $0.ticket, nil) }))
        guard case .open(let connection) = state else { return mailbox.add(failure) }
        do {
            if changes == nil { try openChanges(over: connection) }
            guard let changes else { return mailbox.add(failure) }
            mailbox.add(.held(.held(try changes.hold(holds))))
        } catch {
            failed(Fault(error, path: file.path), with: [failure])
        }
    }

    /// Says lines that still wait. They get their numbers first, and are forgotten then. If the
    /// process dies in between, the next opening finds their keys among the lines.
    private mutating func release(_ ids: [UInt64], at time: Timestamp) {
        guard case .open(let connection) = state, let changes else {
            return mailbox.add(.held(.releaseFailed))
        }
        do {
            let said = Set(heldSaid)
            let waiting = try changes.waiting(ids.filter { !said.contains($0) })
            guard !waiting.isEmpty else { return mailbox.add(.held(.released([], of: ids))) }
            let start = ContinuousClock.now
            let group = try store(
                waiting.map { Submission(id: 0, draft: $0.saidOnce(at: time)) }, over: connection)
            let took = Int((ContinuousClock.now - start) / .nanoseconds(1))
            let released = zip(waiting, group.answers).compactMap { line, answer in
                if case .ordered(let seq, let time) = answer {
                    HeldReply.Said(id: line.id, seq: seq, time: time)
                } else {
                    HeldReply.Said?.none
                }
            }
            heldSaid += waiting.map(\.id)
            forgetSaid()
            stored(
                group, in: took,
                telling: group.entries + [.held(.released(released, of: ids))])
        } catch {
            failed(Fault(error, path: file.path), with: [.held(.releaseFailed)])
        }
    }

    /// Lines that were said leave the file, now or later.
    mutating func forgetSaid() {
        guard let changes, !heldSaid.isEmpty else { return }
        do {
            try changes.forgetHeld(heldSaid)
            heldSaid = []
            progress.hasLogs = true
        } catch {
            log?.error("Lines that were said stay in the file", metadata: ["error": "\(error)"])
        }
    }
}
