internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// Changes of rooms. They are stored in a file of their own first, and then applied to the lines.
extension Writer {
    /// Orders a change, after those that were asked for before.
    mutating func change(_ request: ChangeRequest) {
        guard case .open(let connection) = state else {
            return mailbox.add(.changed(id: request.id, .failed))
        }
        do {
            let last = try connection.read { db in try lastSeq(of: request.room, in: db) }
            progress.pending.append(ChangeProgress.Pending(request: request, last: last))
            if progress.pending.count == 1 { continueChanges() }
        } catch {
            failed(
                Fault(error, path: file.path), with: [.changed(id: request.id, .failed)])
        }
    }

    /// Does the next slice of what changes have to do. A change is prepared in slices, takes effect
    /// in one transaction, and then its lines are erased in slices.
    mutating func continueChanges() {
        guard case .open(let connection) = state else { return }
        do {
            // What is undone must have been erased, and its texts be kept.
            if let first = progress.pending.first, !(first.isUndo && progress.isErasing) {
                try prepare(connection)
            } else if progress.isErasing {
                try eraseNext(connection)
            } else if let (room, rev) = progress.settled.first {
                if try !(changes?.forgetKept(of: room, rev) ?? false) {
                    progress.settled.removeFirst()
                    progress.hasLogs = true
                }
            }
        } catch let refusal as Refusal {
            progress.gaveUp()
            answer(.refused(refusal))
        } catch {
            failed(Fault(error, path: file.path))
        }
    }

    /// The first change is over.
    private mutating func answer(_ answer: ChangeAnswer, _ replies: [OrdererReply] = []) {
        let request = progress.pending.removeFirst().request
        mailbox.add(replies + [.changed(id: request.id, answer)])
    }

    /// Does the next slice of the first change, which may be the last one.
    private mutating func prepare(_ connection: DatabaseQueue) throws {
        if changes == nil { try openChanges(over: connection) }
        guard let changes else { return }
        let room = progress.pending[0].request.room
        if case .new = progress.pending[0].stage {
            switch try changes.known(progress.pending[0].request) {
            case .success(let rev): return answer(.ordered(rev: rev))
            case .failure(let refusal): return answer(.refused(refusal))
            case nil: try begin(changes, connection)
            }
        }
        switch progress.pending[0].stage {
        case .new: return
        case .ready: break
        case .scan(var scan):
            let isDone = try connection.read { db in
                try scan.step(&progress.pending[0].evidence, at: machine.now(), in: db) { lines in
                    try changes.hide(lines, of: room)
                }
            }
            progress.pending[0].stage = isDone ? .ready : .scan(scan)
        case .putBack(let seq):
            guard case .undo(let rev) = progress.pending[0].request.wanted else { return }
            let lines = try changes.kept(of: room, rev, after: seq)
            try GoneLines.restore(lines, of: room, in: connection)
            progress.pending[0].evidence.lines += lines
            progress.pending[0].stage = lines.last.map { .putBack(upTo: $0.seq) } ?? .ready
        }
        if case .ready = progress.pending[0].stage { try make(changes, connection) }
    }

    /// Finds out what the first change is about.
    private mutating func begin(_ changes: ChangeTable, _ connection: DatabaseQueue) throws {
        let pending = progress.pending[0]
        let request = pending.request
        if case .undo(let rev) = request.wanted {
            try changes.checkUndo(of: rev, for: request)
            progress.pending[0].stage = .putBack(upTo: 0)
            return
        }
        let numbers = try connection.read { db in try known(request.room, in: db) }
        guard let numbers else {
            progress.pending[0].stage = .ready
            return
        }
        let evidence = try connection.read { db in
            try named(request, of: numbers, changes, in: db)
        }
        progress.pending[0].evidence = evidence
        let scan = try evidence.match(for: request).map { match in
            LineScan(
                match, of: numbers.id, upTo: Int64(clamping: pending.last),
                named: evidence.lines.first?.seq)
        }
        progress.pending[0].stage = scan.map { .scan($0) } ?? .ready
    }

    /// Makes the first change. It has happened then, whatever becomes of the file of lines.
    private mutating func make(_ changes: ChangeTable, _ connection: DatabaseQueue) throws {
        let pending = progress.pending[0]
        var request = pending.request
        request.evidence = pending.evidence
        request.evidence?.last = try connection.read { db in try lastSeq(of: request.room, in: db) }
        let change = try changes.make(request, isKept: true)
        if !change.goneLines.isEmpty { progress.isErasing = true }
        if !change.rejected.isEmpty { progress.hasLogs = true }
        if case .restored(let restored) = change.kind {
            progress.undone.append((request.room, restored.of))
            progress.hasLogs = true
        }
        answer(
            .ordered(rev: change.rev), [.entries(request.room, [.change(change)])])
    }

    private func known(_ room: RoomName, in db: Database) throws -> RoomNumbers? {
        try lines.known[room] ?? RoomNumbers.stored(room, in: db)
    }

    private func lastSeq(of room: RoomName, in db: Database) throws -> UInt64 {
        UInt64(try known(room, in: db)?.last ?? StoredRoom.floor(db))
    }

    /// What the file has of the lines that a change names.
    private func named(
        _ request: ChangeRequest, of room: RoomNumbers, _ changes: ChangeTable, in db: Database
    ) throws -> ChangeRequest.Evidence {
        var evidence = ChangeRequest.Evidence()
        let seqs =
            if case .delete(let seqs) = request.wanted { seqs } else {
                [request.wanted.line].compactMap(\.self)
            }
        let lines = try GoneLines.lines(seqs, of: room, in: db).sorted { $0.seq < $1.seq }
        evidence.lines = try changes.hide(lines, of: request.room)
        if request.wanted.line != nil {
            evidence.origin = try evidence.lines.first.flatMap { line in
                try OriginRows.origin(of: line, in: room.id, at: machine.now(), in: db)
            }
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
}
