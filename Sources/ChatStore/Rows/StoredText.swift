internal import Foundation
internal import GRDB

/// Converts texts to and from database values.
///
/// A message may contain U+0000, and GRDB passes a text to SQLite only up to its first one. So such
/// a text is stored as a blob of its UTF-8.
enum StoredText {
    /// Bytes of the longest text that is read: no setting lets a client send more. Somebody
    /// may have edited the file.
    static let limit = 4 << 20

    static func value(_ text: String) -> DatabaseValue {
        text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue
    }

    /// The text in a column. A damaged one is empty.
    static func text(_ row: Row, _ column: Int) -> String {
        let value: DatabaseValue = row[column]
        let text = String.fromDatabaseValue(value) ?? ""
        return text.utf8.count <= limit ? text : ""
    }
}
