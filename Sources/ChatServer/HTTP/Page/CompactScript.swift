/// A script without comments, and without white space and semicolons that separate nothing.
///
/// The source must keep to a subset of JavaScript: a pattern has no quote, no space and no two
/// slashes, a template contains no other template, and no loop has an empty body. A line feed may
/// end a statement, so it stays unless it comes after one of `{([,;` or before one of `})].?:&|`.
struct CompactScript {
    private(set) var bytes: [UInt8] = []
    /// The separator between the last byte and the next one: a space, a line feed or nothing.
    private var gap: UInt8?

    init(_ source: [UInt8]) {
        var rest = source[...]
        while let byte = rest.first {
            switch byte {
            case Ascii.quote, Ascii.backtick:
                append(Self.takeLiteral(from: &rest))
            case Ascii.slash where rest.dropFirst().first == Ascii.slash:
                rest = rest.drop { $0 != Ascii.lineFeed }
            case Ascii.slash where rest.dropFirst().first == Ascii.star:
                let end = rest.dropFirst(2).firstRange(of: Array("*/".utf8))
                rest = rest[(end?.upperBound ?? rest.endIndex)...]
            case Ascii.space, Ascii.lineFeed:
                if gap != Ascii.lineFeed { gap = byte }
                rest.removeFirst()
            default:
                append(rest.prefix(1))
                rest.removeFirst()
            }
        }
        bytes.append(Ascii.lineFeed)
    }

    /// A string or a template, with its quotes.
    private static func takeLiteral(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = rest
        let quote = rest.removeFirst()
        while let byte = rest.popFirst(), byte != quote {
            if byte == Ascii.backslash { _ = rest.popFirst() }
        }
        return start[..<rest.startIndex]
    }

    /// Adds a part of the program. The gap before it stays only if it separates something.
    private mutating func append(_ part: ArraySlice<UInt8>) {
        defer {
            bytes += part
            gap = nil
        }
        guard let next = part.first else { return }
        if next == Ascii.closingBrace, bytes.last == Ascii.semicolon { bytes.removeLast() }
        guard let gap, let last = bytes.last else { return }
        switch gap {
        case Ascii.lineFeed
        where !"{([,;".utf8.contains(last) && !"})].?:&|".utf8.contains(next):
            bytes.append(gap)
        case Ascii.space where last == next || Self.isWord(last) && Self.isWord(next):
            bytes.append(gap)
        default: break
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: byte >= 0x80
        }
    }

    private enum Ascii {
        static let lineFeed = UInt8(ascii: "\n")
        static let space = UInt8(ascii: " ")
        static let quote = UInt8(ascii: "\"")
        static let backtick = UInt8(ascii: "`")
        static let slash = UInt8(ascii: "/")
        static let semicolon = UInt8(ascii: ";")
        static let closingBrace = UInt8(ascii: "}")
        static let star = UInt8(ascii: "*")
        static let backslash = UInt8(ascii: "\\")
    }
}
