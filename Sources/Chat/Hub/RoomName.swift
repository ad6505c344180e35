/// The name of a room: 1 to 64 characters of `a-z`, `0-9`, `.`, `_` and `-`. It needs no escape in
/// JSON, in a URL's query or in a file's name.
///
/// It stores its bytes inline, so that a copy counts no references.
public struct RoomName: Hashable, Sendable {
    /// The longest name, in characters, which are also bytes.
    public static let lengthLimit = 64
    /// The form of a name, as a phrase.
    public static let form = "1 to \(lengthLimit) characters of a-z, 0-9, '.', '_' and '-'"
    /// The form of a name, as a sentence for a user whose choice was invalid.
    public static let rule = "A room's name has \(form)."
    /// The room of a client that names none.
    public static let lobby = {
        guard let name = RoomName("lobby") else { preconditionFailure("no name of a room") }
        return name
    }()

    /// Stands for the whole server, for changes that hold in every room. No room has this name.
    public static let everywhere = RoomName(star: ())

    private init(star: ()) {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        bytes[0] = UInt8(ascii: "*")
        (self.bytes, count) = (bytes, 1)
    }

    /// The characters, followed by zeros, which no name contains.
    let bytes: InlineArray<64, UInt8>
    /// Bytes of the name.
    let count: Int

    /// Nil if `text` isn't a room name.
    public init?(_ text: String) {
        self.init(text.utf8.span)
    }

    /// Nil if `name` isn't a room name.
    public init?(_ name: Span<UInt8>) {
        guard 1...Self.lengthLimit ~= name.count else { return nil }
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        for index in name.indices {
            guard Self.allows(name[index]) else { return nil }
            bytes[index] = name[index]
        }
        self.bytes = bytes
        count = name.count
    }

    public var text: String {
        String(decoding: (0..<count).map { bytes[$0] }, as: UTF8.self)
    }

    /// Whether it is `.` or `..`, which has no place in a URL's path, because clients resolve it.
    public var isRelative: Bool {
        let dot = UInt8(ascii: ".")
        return count <= 2 && bytes[0] == dot && bytes[count - 1] == dot
    }

    public static func == (left: RoomName, right: RoomName) -> Bool {
        // Invariant: both have 64 bytes, which are read as eight words during this call.
        unsafe left.bytes.span.withUnsafeBytes { left in
            unsafe right.bytes.span.withUnsafeBytes { right in
                var difference: UInt64 = 0
                for place in stride(from: 0, to: lengthLimit, by: 8) {
                    difference |=
                        unsafe left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                        ^ right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                }
                return difference == 0
            }
        }
    }

    public func hash(into hasher: inout Hasher) {
        // Invariant: the bytes are only read, within their count and during this call.
        unsafe bytes.span.extracting(..<count).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    private static func allows(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}

extension RoomName {
    /// Whether the name begins with these bytes.
    package func begins(with prefix: [UInt8]) -> Bool {
        guard prefix.count <= count else { return false }
        return prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
    }
}

extension RoomName: CustomStringConvertible {
    public var description: String { text }
}
