internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// Takes the texts of deleted lines out of both files.
extension Writer {
    /// Erases some lines of changes that were made.
    mutating func eraseNext(_ connection: DatabaseQueue) throws {
        do {
            guard let changes,
                try GoneLines.eraseNext(changes, in: connection, at: machine.now())
            else {
                progress.isErasing = false
                return scheduleForgetting()
            }
            progress.hasLogs = true
        } catch {
            (progress.hasFailed, progress.hasLogs) = (true, true)
            throw error
        }
    }

    /// Opens the file of changes, or creates it, and applies its deletions to the lines.
    mutating func openChanges(over connection: DatabaseQueue) throws(Fault) {
        let table = try ChangeTable(
            connection: changeFile.open(at: machine.date()), undoPeriod: undoPeriod)
        do {
            let gone = try table.gone(withErasing: true)
            try table.settle(LostNumbers.all(of: table.rooms(), gone, in: connection))
            progress.begin(undone: try GoneLines.restoreAgain(table, in: connection))
            _ = try GoneLines.eraseAgain(table, in: connection)
            try table.forgetSaid(in: connection)
        } catch {
            throw Fault(error, path: file.path)
        }
        changes = table
        progress.hasLogs = true
        forgetKept()
    }

    /// Some deleted lines whose time for undo is over leave the file.
    mutating func forgetKept() {
        guard let changes else { return scheduleForgetting() }
        do {
            guard try changes.forgetKept(at: machine.now()) else { return scheduleForgetting() }
            progress.hasLogs = true
            progress.keptEnd = .now()
        } catch {
            log?.error("Deleted lines stay in the file", metadata: ["error": "\(error)"])
            progress.keptEnd = .now() + machine.probeInterval
        }
    }

    /// Decides when the next lines are to be forgotten.
    private mutating func scheduleForgetting() {
        progress.keptEnd = .distantFuture
        guard let end = try? changes?.keptEnd() else { return }
        let wait = max(end - machine.now().milliseconds, 0)
        progress.keptEnd = .now() + .milliseconds(Int(clamping: wait) + 1)
    }

    /// Deletions that could not be applied are applied, and what the logs of commits still have of
    /// deleted lines is overwritten.
    mutating func finishErasing() {
        forgetSaid()
        guard case .open(let connection) = state, let changes, progress.hasLogs else { return }
        do {
            if progress.hasFailed {
                // The lines of an undo that is being prepared would be erased again.
                guard progress.pending.isEmpty else { return }
                _ = try GoneLines.restoreAgain(changes, in: connection)
                _ = try GoneLines.eraseAgain(changes, in: connection)
                progress.hasFailed = false
            }
            let areEmpty = try [connection, changes.connection].map(GoneLines.emptyLog)
            guard areEmpty == [true, true] else { return }
            progress.hasLogs = false
            SetAside.eraseLater(in: file.directory, log: log)
            // What was put back is on the disk.
            progress.settled += progress.undone
            progress.undone = []
        } catch {
            failed(Fault(error, path: file.path))
        }
    }

    /// The store is about to close: changes are made, and lines erased, as far as there is time.
    mutating func finishChanges() {
        let end = DispatchTime.now() + .seconds(2)
        while case .open = state,
            !progress.pending.isEmpty || progress.isErasing && .now() < end
        {
            continueChanges()
        }
    }
}
