/// The name of a room: 1 to 64 characters of `a-z`, `0-9`, `.`, `_` and `-`. It needs no escape
/// in JSON, in a URL's query or in a file's name.
public struct RoomName: Hashable, Sendable {
    /// The longest name, in characters, which are bytes too.
    public static let lengthLimit = 64
    /// Where a client is that names no room.
    public static let lobby = RoomName(checked: "lobby")

    public let text: String

    /// Nil if `text` isn't a room's name.
    public init?(_ text: String) {
        self.init(text.utf8.span)
    }

    /// Nil if `bytes` aren't a room's name.
    public init?(_ bytes: Span<UInt8>) {
        guard 1...Self.lengthLimit ~= bytes.count else { return nil }
        for index in bytes.indices where !Self.allows(bytes[index]) {
            return nil
        }
        guard let utf8 = try? UTF8Span(validating: bytes) else { return nil }
        text = String(copying: utf8)
    }

    private init(checked text: String) {
        self.text = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
