package import Chat
internal import Dispatch
internal import Foundation
internal import GRDB

/// What is known of a directory's database without changing anything, while a daemon may use it.
package struct DatabaseFacts: Equatable, Sendable {
    /// Whether the daemon can use it.
    package enum Standing: Equatable, Sendable {
        case absent
        /// It can't be read, for this reason.
        case unreadable(String)
        /// It is not one of Hubbub, or of a newer version, as the reason says.
        case refused(String)
        /// A page is damaged.
        case damaged(String)
        case sound
        /// There was no time to look at all of it.
        case unfinished
    }

    package var standing: Standing
    package var bytes = 0
    package var walBytes = 0
    /// The version of its tables, and that of this program.
    package var version = 0
    package var currentVersion = 0
    /// Whether it has all that the stamp says. Nil if that isn't known.
    package var holdsStamp: Bool?
    /// Whether it was found to be damaged while it was in use.
    package var isSuspect = false
    /// The time of the newest line. Nil if there is none.
    package var newest: Timestamp?

    package init(standing: Standing) {
        self.standing = standing
    }

    /// Looks at the database of a directory.
    ///
    /// - Parameters:
    ///   - isInUse: whether a daemon uses it. If not, nothing is put beside it.
    ///   - milliseconds: how long all pages are looked at.
    package init(directory: String, isInUse: Bool, milliseconds: Int) {
        let file = DatabaseFile(path: "\(directory)/\(SQLiteStore.fileName)", log: nil)
        self.init(standing: .absent)
        guard FileCalls.node(at: file.path) != nil else {
            if let failure = FileCalls.failure(at: file.path), failure.reason == .denied {
                standing = .unreadable("\(failure)")
            }
            return
        }
        (bytes, walBytes, isSuspect) = (file.bytes - file.walBytes, file.walBytes, file.isSuspect)
        currentVersion = Schema.migrator.migrations.count
        do {
            // The stamp is written after the commit that it counts.
            let stamp = FileManager.default.contents(atPath: file.stamp).flatMap(Stamp.init)
            let hasLog = FileCalls.node(at: file.path + "-wal") != nil
            let connection =
                isInUse || hasLog ? try file.openForReading() : try file.openUnchanging()
            let database = self
            let read = try connection.read { db in try database.read(stamp, db) }
            self = read
            standing = try Self.check(connection, milliseconds)
        } catch {
            standing = Self.standing(after: error, file.path)
        }
    }

    private func read(_ stamp: Stamp?, _ db: Database) throws -> DatabaseFacts {
        var facts = self
        facts.version = try Schema.migrator.appliedIdentifiers(db).count
        facts.newest = try DatabaseCopy.newest(in: db).map { Timestamp(milliseconds: $0) }
        facts.holdsStamp = try OpenDatabase.holds(stamp, db)
        return facts
    }

    /// Looks at all pages, as far as the time allows.
    private static func check(_ connection: DatabaseQueue, _ milliseconds: Int) throws -> Standing {
        let end = DispatchWorkItem { connection.interrupt() }
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(milliseconds), execute: end)
        defer { end.cancel() }
        do {
            let result = try connection.read { db in
                try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
            }
            return result == "ok" ? .sound : .damaged(result)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            return .unfinished
        }
    }

    private static func standing(after error: any Error, _ path: String) -> Standing {
        let fault = Fault(error, path: path)
        if (error as? DatabaseError)?.resultCode == .SQLITE_NOTADB {
            return .refused("\(path) is not a database of Hubbub")
        }
        return switch fault.kind {
        case .corrupt: .damaged(fault.reason)
        case .refused: .refused(fault.reason)
        case .passing: .unreadable(fault.reason)
        }
    }
}
