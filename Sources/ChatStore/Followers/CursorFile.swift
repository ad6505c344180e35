public import Chat
internal import Foundation
internal import GRDB
public import Logging

/// The database of followers' places: a file of its own, so that the store never waits for a
/// follower. Restoring a backup of the lines doesn't touch it. If the power fails, the last places
/// may be lost: then some events are told twice.
///
/// Safe to use from several threads.
public final class CursorFile: Sendable {
    /// The database's name in its directory.
    public static let fileName = "webhooks.db"
    /// Distinguishes these databases from others (SQLite's `application_id`): "hubw".
    private static let applicationID = 0x6875_6277

    /// - `follower`: `epoch` is that of its cursors, and `failing` the time since when all its
    ///   requests have failed.
    /// - `place`: the last line and the last change that it has of a room.
    private static let first = """
        CREATE TABLE follower (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            epoch TEXT,
            failing INTEGER
        ) STRICT;
        CREATE TABLE place (
            follower INTEGER NOT NULL,
            room TEXT NOT NULL,
            seq INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 9007199254740991),
            rev INTEGER NOT NULL CHECK (rev BETWEEN 0 AND 9007199254740991),
            PRIMARY KEY (follower, room)
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = \(applicationID);
        """

    private static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        return migrator
    }()

    /// Why the file can't be used, for the operator.
    public struct Refusal: Error, CustomStringConvertible {
        public let description: String
    }

    private let connection: DatabaseQueue

    /// Opens the file in a directory, which must exist, or creates it. A corrupt one is kept under
    /// another name: then all followers begin anew.
    public init(directory: String, log: Logger) throws(Refusal) {
        let path = "\(directory)/\(Self.fileName)"
        do {
            connection = try Self.open(path)
        } catch {
            let fault = Fault(error, path: path)
            guard fault.kind == .corrupt else { throw Refusal(description: fault.reason) }
            let kept = "\(path)-corrupt-\(Int(Date().timeIntervalSince1970))"
            log.error(
                "The file of webhooks' places is corrupt: they are told of what comes from now on",
                metadata: ["error": "\(fault.reason)", "kept": "\(kept)"])
            do {
                try FileManager.default.moveItem(atPath: path, toPath: kept)
                for suffix in ["-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: path + suffix)
                }
                connection = try Self.open(path)
            } catch {
                throw Refusal(description: Fault(error, path: path).reason)
            }
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        let connection = try PrivateFile.database(path)
        try connection.writeWithoutTransaction { db in
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
            guard tables == 0 || application == applicationID else {
                throw Fault(.refused, "\(path) is not a file of Hubbub's webhooks: move it away")
            }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        try migrator.migrate(connection)
        return connection
    }

    /// What is kept of a follower. Nil if there is nothing.
    public func state(of follower: String) throws -> FollowerState? {
        try connection.read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT id, epoch, failing FROM follower WHERE name = ?",
                    arguments: [follower]),
                let id = StoredNumber.value(row, 0, in: .min ... .max)
            else { return nil }
            let epoch = StoredText.text(row, 1)
            var state = FollowerState(
                epoch: epoch.isEmpty ? nil : epoch,
                failingSince: StoredNumber.value(row, 2, in: 0 ... .max).map {
                    Timestamp(milliseconds: $0)
                })
            let places = try Row.fetchCursor(
                db, sql: "SELECT room, seq, rev FROM place WHERE follower = ?", arguments: [id])
            while let row = try places.next() {
                let text = StoredText.text(row, 0)
                let isEverywhere = text.hasSameBytes(as: RoomName.everywhere.text)
                guard let room = isEverywhere ? .everywhere : RoomName(text),
                    let seq = StoredNumber.value(row, 1, in: 0...StoredNumber.limit),
                    let rev = StoredNumber.value(row, 2, in: 0...StoredNumber.limit)
                else { continue }
                state.cursors[room] = RoomCursor(seq: UInt64(seq), rev: UInt64(rev))
            }
            return state
        }
    }

    /// Keeps where a follower is: in the rooms of the state, besides those that are kept already.
    public func save(_ state: FollowerState, of follower: String) throws {
        try connection.write { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO follower (name, epoch, failing) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET
                        epoch = excluded.epoch, failing = excluded.failing
                    """
            ).execute(arguments: [follower, state.epoch, state.failingSince?.milliseconds])
            let place = try db.cachedStatement(
                sql: """
                    REPLACE INTO place SELECT id, ?, ?, ? FROM follower WHERE name = ?
                    """)
            for (room, cursor) in state.cursors {
                try place.execute(arguments: [
                    room.text, Int64(clamping: cursor.seq), Int64(clamping: cursor.rev), follower,
                ])
            }
        }
    }

    /// Forgets all followers but these.
    public func forget(allBut names: [String]) throws {
        try connection.write { db in
            for name in try String.fetchAll(db, sql: "SELECT name FROM follower")
            where !names.contains(where: { $0.hasSameBytes(as: name) }) {
                try db.execute(
                    sql: """
                        DELETE FROM place WHERE follower IN (
                            SELECT id FROM follower WHERE name = ?)
                        """, arguments: [name])
                try db.execute(sql: "DELETE FROM follower WHERE name = ?", arguments: [name])
            }
        }
    }

    public func close() { try? connection.close() }
}
