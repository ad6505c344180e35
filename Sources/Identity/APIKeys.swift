/// Keys that programs use instead of tokens. They stay the same until an operator changes them.
///
/// They come from a text with a line for each, `NAME ROLE KEY`. Empty lines, and lines that begin
/// with `#`, are left out.
public struct APIKeys: Equatable, Sendable {
    /// The largest number of keys. Each request with a key is compared with all of them.
    public static let limit = 256
    /// The length of a key, in bytes.
    public static let lengths = 32...512
    /// The length of a name, in bytes.
    public static let nameLengths = 1...32

    /// Why a text has no keys.
    public struct Fault: Error, Equatable, Sendable {
        /// The number of the line, from 1.
        public let line: Int
        /// What is wrong, and the remedy. It never has a key.
        public let reason: String
    }

    private struct Entry: Equatable {
        let key: [UInt8]
        let holder: Principal
    }

    private var entries: [Entry] = []

    /// No keys.
    public init() {}

    public init(parsing text: String) throws(Fault) {
        for (place, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        )
        .enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            do throws(Reason) {
                try add(words)
            } catch {
                throw Fault(line: place + 1, reason: error.text)
            }
        }
    }

    private struct Reason: Error {
        let text: String
    }

    private mutating func add(_ words: [Substring]) throws(Reason) {
        guard words.count == 3 else {
            throw Reason(
                text: "it has \(words.count) words; give a name, a role and a key, "
                    + "with blanks between them")
        }
        let (name, key) = (String(words[0]), Array(words[2].utf8))
        guard Self.nameLengths ~= name.utf8.count, !name.utf8.contains(where: { $0 < 0x20 }) else {
            throw Reason(text: "the name has \(name.utf8.count) bytes; 1 to 32 are allowed")
        }
        guard let role = Role(String(words[1])) else {
            throw Reason(
                text: "the role must be one of "
                    + Role.allCases.map(\.name).joined(separator: ", "))
        }
        guard Self.lengths ~= key.count else {
            throw Reason(
                text: "the key has \(key.count) bytes; 32 to 512 are needed, such as from "
                    + "`openssl rand -hex 32`")
        }
        guard key.allSatisfy(Self.isPlain) else {
            throw Reason(text: "the key may have only letters, digits and -._~+/=")
        }
        guard !entries.contains(where: { $0.holder.name == name }) else {
            throw Reason(text: "the name \(name) is there twice; give each key its own")
        }
        guard holder(of: key.span) == nil else {
            throw Reason(text: "the key of \(name) is there twice; give each name its own")
        }
        guard entries.count < Self.limit else {
            throw Reason(text: "at most \(Self.limit) keys are allowed")
        }
        entries.append(
            Entry(
                key: key,
                holder: Principal(
                    sub: Claims.keyPrefix + name, name: name, rights: Rights(role: role),
                    expiry: .max)))
    }

    /// A byte of a bearer credential (RFC 6750 section 2.1).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~+/=".utf8.contains(byte)
        }
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// The names of all keys.
    public var names: [String] { entries.compactMap(\.holder.name) }

    /// The holder of a key. Nil if there is no such key. How long it takes tells nothing about the
    /// keys but their lengths.
    public func holder(of credential: Span<UInt8>) -> Principal? {
        var found: Principal?
        for entry in entries where entry.key.count == credential.count {
            var difference: UInt8 = 0
            for place in entry.key.indices { difference |= entry.key[place] ^ credential[place] }
            if difference == 0 { found = entry.holder }
        }
        return found
    }
}
