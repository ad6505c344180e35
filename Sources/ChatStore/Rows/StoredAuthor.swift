internal import Chat
internal import GRDB

/// Converts the author of a line to and from the columns `user` and `role`.
enum StoredAuthor {
    /// The columns of a line in SQL, from `seq` on. Files of earlier versions have no authors, and
    /// may be read before they are changed.
    static func columns(in db: Database) -> String {
        let hasAuthors = (try? db.cachedStatement(sql: "SELECT user, role FROM line")) != nil
        return "seq, time, username, message, " + (hasAuthors ? "user, role" : "NULL, NULL")
    }

    static func user(_ author: Author) -> DatabaseValue {
        author.user.map(StoredText.value) ?? .null
    }

    static func role(_ author: Author) -> DatabaseValue {
        author.badge.map { Int64($0.rawValue).databaseValue } ?? .null
    }

    /// The author in two columns from this one on. What is damaged is missing.
    static func author(_ row: Row, from column: Int) -> Author {
        let badge = StoredNumber.value(row, column + 1, in: 0...Int64(UInt8.max))
        return Author(
            user: user(row, column), badge: badge.flatMap { Badge(rawValue: UInt8($0)) })
    }

    /// The user in a column, or nil.
    static func user(_ row: Row, _ column: Int) -> String? {
        let text = StoredText.text(row, column)
        return text.isEmpty ? nil : text
    }
}
