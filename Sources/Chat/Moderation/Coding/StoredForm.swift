/// The forms in which changes, and what they are about, are kept outside of this process and told
/// to other servers. A coder of JSON writes and reads them, or any other.
///
/// Unknown fields are ignored, so that a newer server may add some. What an older server must not
/// read raises the version.
package enum StoredForm {
    package static let version = 1

    /// A newer server has written it.
    package struct Newer: Error {}

    static func check(_ version: Int) throws(Newer) {
        guard version <= Self.version else { throw Newer() }
    }

    /// What a reader throws if something can't be what it says.
    static func failure(_ reason: String, _ decoder: any Decoder) -> DecodingError {
        .dataCorrupted(
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: reason))
    }
}
