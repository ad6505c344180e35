internal import Chat
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
            switch request.wanted {
            case .delete(let seqs): try delete(seqs, for: request, changes, connection)
            case .settings, .panic: try set(request, changes, connection)
            }
        } catch let refusal as Refusal {
            mailbox.add(.changed(id: request.id, .refused(refusal)))
        } catch {
            failed(
                Fault(error, path: file.path), with: [.changed(id: request.id, .failed)])
        }
    }

    private func set(
        _ request: ChangeRequest, _ changes: ChangeTable, _ connection: DatabaseQueue
    ) throws {
        guard request.author.moderates else { throw Refusal.notModerator }
        let last = try connection.read { db in
            let numbers = try lines.known[request.room] ?? RoomNumbers.stored(request.room, in: db)
            return try numbers?.last ?? StoredRoom.floor(db)
        }
        let change = try changes.set(request, after: UInt64(last))
        mailbox.add([
            .entries(request.room, [.change(change)]),
            .changed(id: request.id, .ordered(rev: change.rev)),
        ])
    }

    private static func answer(_ known: Result<UInt64, Refusal>) -> ChangeAnswer {
        switch known {
        case .success(let rev): .ordered(rev: rev)
        case .failure(let refusal): .refused(refusal)
        }
    }

    private mutating func delete(
        _ seqs: [UInt64], for request: ChangeRequest, _ changes: ChangeTable,
        _ connection: DatabaseQueue
    ) throws {
        let (numbers, found) = try connection.read { db in
            let numbers = try lines.known[request.room] ?? RoomNumbers.stored(request.room, in: db)
            return (
                numbers, try numbers.map { try GoneLines.lines(seqs, of: $0, in: db) } ?? []
            )
        }
        let chosen = try Deletion.chosen(
            seqs, among: found, by: request.author, at: request.time)
        guard let numbers else { return }
        let change = try changes.delete(chosen, for: request, after: UInt64(numbers.last))
        isErasing = true
        // From now on it has happened, whatever becomes of the file of lines.
        let replies: [OrdererReply] = [
            .entries(request.room, [.change(change)]),
            .changed(id: request.id, .ordered(rev: change.rev)),
        ]
        do {
            try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction {
                    try GoneLines.erase(chosen, of: numbers.id, rev: change.rev, in: db)
                }
            }
            mailbox.add(replies)
        } catch {
            failsToErase = true
            failed(Fault(error, path: file.path), with: replies)
        }
    }

    /// Opens the file of changes if there is one.
    mutating func reopenChanges(over connection: DatabaseQueue) throws(Fault) {
        changes = nil
        if changeFile.exists { try openChanges(over: connection) }
    }

    /// Opens the file of changes, or creates it, and applies its deletions to the lines.
    private mutating func openChanges(over connection: DatabaseQueue) throws(Fault) {
        let table = try ChangeTable(connection: changeFile.open(at: machine.date()))
        do {
            if try GoneLines.eraseAgain(table, in: connection) { isErasing = true }
        } catch {
            throw Fault(error, path: file.path)
        }
        failsToErase = false
        changes = table
    }

    /// Deletions that could not be applied are applied, and what the log of commits still has of
    /// deleted lines is overwritten.
    mutating func finishErasing() {
        guard case .open(let connection) = state, let changes, isErasing else { return }
        do {
            if failsToErase {
                _ = try GoneLines.eraseAgain(changes, in: connection)
                failsToErase = false
            }
            isErasing = try !GoneLines.emptyLog(of: connection)
        } catch {
            failed(Fault(error, path: file.path))
        }
    }
}
