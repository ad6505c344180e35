internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// Changes of rooms. They are stored in a file of their own first, and then applied to the lines.
extension Writer {
    /// Orders a change.
    mutating func change(_ request: ChangeRequest) {
        guard case .open(let connection) = state else {
            return mailbox.add(.changed(id: request.id, .failed))
        }
        do {
            if changes == nil { try openChanges(over: connection) }
            guard let changes else { return }
            if let known = try changes.known(request) {
                return mailbox.add(.changed(id: request.id, Self.answer(known)))
            }
            try make(request, changes, connection)
        } catch let refusal as Refusal {
            mailbox.add(.changed(id: request.id, .refused(refusal)))
        } catch {
            failed(
                Fault(error, path: file.path), with: [.changed(id: request.id, .failed)])
        }
    }

    private static func answer(_ known: Result<UInt64, Refusal>) -> ChangeAnswer {
        switch known {
        case .success(let rev): .ordered(rev: rev)
        case .failure(let refusal): .refused(refusal)
        }
    }

    /// Makes a change with what the file of lines has of its lines.
    private mutating func make(
        _ request: ChangeRequest, _ changes: ChangeTable, _ connection: DatabaseQueue
    ) throws {
        var request = request
        let numbers = try connection.read { db in
            let numbers = try lines.known[request.room] ?? RoomNumbers.stored(request.room, in: db)
            request.evidence = try evidence(for: request, of: numbers, in: db)
            return numbers
        }
        let change = try changes.make(request, isKept: true)
        // From now on it has happened, whatever becomes of the file of lines.
        let replies: [OrdererReply] = [
            .entries(request.room, [.change(change)]),
            .changed(id: request.id, .ordered(rev: change.rev)),
        ]
        if !change.rejected.isEmpty { isErasingHeld = true }
        let gone = Set(change.goneLines)
        let back =
            if case .restored(let restored) = change.kind { restored.lines } else { [Line]() }
        guard let numbers, !gone.isEmpty || !back.isEmpty else { return mailbox.add(replies) }
        isErasing = isErasing || !gone.isEmpty
        do {
            let lines = request.evidence?.lines.filter { gone.contains($0.seq) } ?? []
            try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction {
                    try GoneLines.erase(lines, of: numbers.id, rev: change.rev, in: db)
                    try GoneLines.restore(back, of: numbers.id, in: db)
                }
            }
            if case .restored(let restored) = change.kind {
                try changes.forgetKept(of: request.room, restored.of)
            }
            mailbox.add(replies)
            scheduleForgetting()
        } catch {
            failsToErase = true
            failed(Fault(error, path: file.path), with: replies)
        }
    }

    /// What the file has of the lines that a change is about.
    private func evidence(
        for request: ChangeRequest, of room: RoomNumbers?, in db: Database
    ) throws -> ChangeRequest.Evidence {
        let wanted = request.wanted
        var evidence = ChangeRequest.Evidence()
        evidence.last = UInt64(try room?.last ?? StoredRoom.floor(db))
        guard let room else { return evidence }
        if case .delete(let seqs) = wanted {
            evidence.lines = try GoneLines.lines(seqs, of: room, in: db)
            return evidence
        }
        if let seq = wanted.line {
            evidence.lines = try GoneLines.lines([seq], of: room, in: db)
            evidence.origin = try evidence.lines.first.flatMap { line in
                try OriginRows.origin(of: line, in: room.id, at: machine.now(), in: db)
            }
        }
        if let match = try evidence.match(for: request) {
            try LineScan.add(match, of: room, to: &evidence, at: machine.now(), in: db)
        }
        return evidence
    }

    /// Answers a request for a list.
    mutating func report(_ id: UInt64, _ room: RoomName, _ query: ReportQuery) {
        guard let changes else {
            // There are no changes, or they can't be read.
            let isOpen = if case .open = state { true } else { false }
            return mailbox.add(
                .reported(id: id, isOpen ? Report(entries: [], hasMore: false) : nil))
        }
        mailbox.add(
            .reported(id: id, try? changes.report(query, of: room, at: machine.now())))
    }

    /// The bans and timeouts in force.
    func bansInForce() throws(Fault) -> [OrdererOpening.StoredBan] {
        do {
            return try changes?.bans(at: machine.now()) ?? []
        } catch {
            throw Fault(error, path: file.path)
        }
    }

    /// The lines that wait.
    func heldInFile() throws(Fault) -> [HeldRoom] {
        do {
            return try changes?.held() ?? []
        } catch {
            throw Fault(error, path: file.path)
        }
    }

    /// The terms of all rooms that have any.
    func termsInForce() throws(Fault) -> [OrdererOpening.StoredTerms] {
        do {
            return try changes?.allTerms() ?? []
        } catch {
            throw Fault(error, path: file.path)
        }
    }

    /// Opens the file of changes if there is one.
    mutating func reopenChanges(over connection: DatabaseQueue) throws(Fault) {
        changes = nil
        if changeFile.exists { try openChanges(over: connection) }
    }

    /// Opens the file of changes, or creates it, and applies its deletions to the lines.
    mutating func openChanges(over connection: DatabaseQueue) throws(Fault) {
        let table = try ChangeTable(
            connection: changeFile.open(at: machine.date()), undoPeriod: undoPeriod)
        do {
            if try GoneLines.eraseAgain(table, in: connection) { isErasing = true }
            try GoneLines.restoreAgain(table, in: connection)
            try table.forgetSaid(in: connection)
        } catch {
            throw Fault(error, path: file.path)
        }
        failsToErase = false
        isErasingHeld = true
        changes = table
        forgetKept()
    }

    /// Deleted lines whose time for undo is over leave the file.
    mutating func forgetKept() {
        defer { scheduleForgetting() }
        guard let changes else { return }
        do {
            try changes.forgetKept(at: machine.now())
        } catch {
            log?.error("Deleted lines stay in the file", metadata: ["error": "\(error)"])
        }
    }

    /// Decides when the next lines are to be forgotten.
    private mutating func scheduleForgetting() {
        keptEnd = .distantFuture
        guard let end = try? changes?.keptEnd() else { return }
        let wait = max(end - machine.now().milliseconds, 0)
        keptEnd = .now() + .milliseconds(Int(clamping: wait) + 1)
    }

    /// Deletions that could not be applied are applied, and what the log of commits still has of
    /// deleted lines is overwritten.
    mutating func finishErasing() {
        eraseHeld()
        guard case .open(let connection) = state, let changes, isErasing else { return }
        do {
            if failsToErase {
                _ = try GoneLines.eraseAgain(changes, in: connection)
                try GoneLines.restoreAgain(changes, in: connection)
                failsToErase = false
            }
            isErasing = try !GoneLines.emptyLog(of: connection)
        } catch {
            failed(Fault(error, path: file.path))
        }
    }
}
