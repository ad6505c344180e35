/// A stretch of a room's life in which its numbers mean one thing: within an epoch no number is
/// ever given to two lines. Clients see it as an opaque string, and give it back to resume.
public struct Epoch: Hashable, Sendable {
    /// The longest name, in bytes.
    public static let lengthLimit = 32

    public let text: String

    /// Nil unless `text` has 1 to ``lengthLimit`` of `a-z` and `0-9`, so that it needs no escape.
    public init?(_ text: String) {
        let isValid = text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
        guard isValid, 1...Self.lengthLimit ~= text.utf8.count else { return nil }
        self.text = text
    }

    /// An epoch named after a number: the same number, the same epoch.
    public init(number: UInt64) {
        text = String(number, radix: 36)
    }
}
