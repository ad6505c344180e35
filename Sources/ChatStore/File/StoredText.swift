internal import Foundation
internal import GRDB

/// Texts on their way into the database and out of it.
///
/// GRDB hands SQLite texts that end at their first U+0000, which a message may hold. Such a text is
/// stored as a blob of its UTF-8.
enum StoredText {
    static func value(_ text: String) -> DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    /// The text in a column; a damaged one is empty.
    static func text(_ row: Row, _ column: Int) -> String {
        let value: DatabaseValue = row[column]
        return String.fromDatabaseValue(value) ?? ""
    }
}
