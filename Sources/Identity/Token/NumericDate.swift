/// A time in a token (RFC 7519 section 2): seconds since 1970, perhaps with a fraction, which is
/// cut.
enum NumericDate {
    /// The last second of the year 9999. A time in milliseconds is beyond it.
    private static let last: Int64 = 253_402_300_799

    /// The seconds that a JSON number means. Nil if it is negative, too large, or written with an
    /// exponent.
    static func seconds(_ number: String) -> Int64? {
        let parts = number.utf8.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            part.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        }
        guard isPlain, let seconds = Int64(Substring(parts[0])), seconds <= last else {
            return nil
        }
        return seconds
    }
}
