/// Scans one JSON text (RFC 8259) in UTF-8 from start to end, at the caller's pace: the caller asks
/// for the kind of the next value, and takes or skips it.
///
/// Every call gets the bytes, which must be the same each time. Nothing is allocated before a
/// text's value is asked for. Nested values are skipped without recursion.
package struct JSONScanner {
    /// The largest number of objects and arrays open at once (RFC 8259 section 9 allows a limit).
    /// No command needs more than three. `objects` has one bit for each.
    static let depthLimit = UInt32.bitWidth

    private var position = 0
    private var depth = 0
    /// One bit for each open object (1) or array (0), the innermost in the lowest bit.
    private var objects: UInt32 = 0

    package init() {}

    /// The kind of the next value, known from its first byte.
    package enum Kind: String {
        case object = "an object"
        case array = "an array"
        case string = "a string"
        case number = "a number"
        case literal = "true, false or null"
    }

    /// Skips white space and returns the kind of the next value, without taking it.
    package mutating func kind(in bytes: Span<UInt8>) throws(Refusal) -> Kind {
        skipWhiteSpace(in: bytes)
        guard let first = peek(in: bytes) else { throw broken("a value was expected") }
        switch first {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): return .literal
        default: throw broken("a value was expected")
        }
    }

    /// Enters the object that a whole text must be, like `firstKey(in:)`. Any other value is
    /// refused, after a check of the whole text for broken JSON.
    package mutating func firstKeyOfText(in bytes: Span<UInt8>) throws(Refusal) -> Text? {
        let kind = try kind(in: bytes)
        guard kind == .object else {
            try skipValue(in: bytes)
            try finish(in: bytes)
            throw .notAnObject(kind)
        }
        return try firstKey(in: bytes)
    }

    /// Enters an object. Returns the first key, with its colon taken too. If the object is empty,
    /// closes it and returns nil. Keys may repeat (RFC 8259 section 4); the caller handles that.
    package mutating func firstKey(in bytes: Span<UInt8>) throws(Refusal) -> Text? {
        try open(UInt8(ascii: "{"), isObject: true, in: bytes)
        skipWhiteSpace(in: bytes)
        if take(UInt8(ascii: "}"), in: bytes) {
            close()
            return nil
        }
        return try key(in: bytes)
    }

    /// Continues in an object after a value. Returns the next key, or nil if the object closes.
    package mutating func nextKey(in bytes: Span<UInt8>) throws(Refusal) -> Text? {
        skipWhiteSpace(in: bytes)
        if take(UInt8(ascii: ","), in: bytes) {
            return try key(in: bytes)
        }
        guard take(UInt8(ascii: "}"), in: bytes) else {
            throw broken("a comma or a closing brace was expected")
        }
        close()
        return nil
    }

    /// Takes the next string and checks its escapes. An escaped surrogate without its other half
    /// names no character (RFC 8259 section 8.2) and is refused.
    package mutating func string(in bytes: Span<UInt8>) throws(Refusal) -> Text {
        guard take(UInt8(ascii: "\""), in: bytes) else {
            throw broken("a string in double quotes was expected")
        }
        let start = position
        var hasEscapes = false
        while true {
            position = bytes.endOfPlainRun(from: position)
            switch peek(in: bytes) {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return Text(range: start..<position, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position = try JSONEscape(at: position, in: bytes).end
            case nil:
                throw broken("the string isn't closed")
            default:
                throw broken("a control character in a string must be escaped")
            }
        }
    }

    /// Takes the next number (RFC 8259 section 6). Returns it if it is whole, from 0 to 2^64 - 1,
    /// and written in digits only, without a sign, a point or an exponent. Returns nil otherwise.
    mutating func number(in bytes: Span<UInt8>) throws(Refusal) -> UInt64? {
        let number = try JSONNumber(at: position, in: bytes)
        position = number.range.upperBound
        return number.whole(in: bytes)
    }

    /// Takes the next number. Returns its place.
    package mutating func place(ofNumberIn bytes: Span<UInt8>) throws(Refusal) -> Range<Int> {
        let number = try JSONNumber(at: position, in: bytes)
        position = number.range.upperBound
        return number.range
    }

    /// Takes the next literal: true, false, or nil for null.
    mutating func boolean(in bytes: Span<UInt8>) throws(Refusal) -> Bool? {
        let first = peek(in: bytes)
        try skipLiteral(in: bytes)
        return first == UInt8(ascii: "n") ? nil : first == UInt8(ascii: "t")
    }

    /// Skips the next value, with everything in it.
    package mutating func skipValue(in bytes: Span<UInt8>) throws(Refusal) {
        let outside = depth
        var valueFollows = true
        repeat {
            valueFollows = valueFollows ? try skipStart(in: bytes) : try skipToNext(in: bytes)
        } while depth > outside
    }

    /// Checks that only white space is left.
    package mutating func finish(in bytes: Span<UInt8>) throws(Refusal) {
        skipWhiteSpace(in: bytes)
        guard position == bytes.count else { throw broken("the end was expected") }
    }

    // Values

    /// Takes a scalar, or opens a container. Returns whether a value in that container follows.
    private mutating func skipStart(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        switch try kind(in: bytes) {
        case .object:
            return try firstKey(in: bytes) != nil
        case .array:
            return try firstElement(in: bytes)
        case .string:
            _ = try string(in: bytes)
        case .number:
            position = try JSONNumber(at: position, in: bytes).range.upperBound
        case .literal:
            try skipLiteral(in: bytes)
        }
        return false
    }

    /// Continues after a value in the innermost container. Returns whether another follows.
    private mutating func skipToNext(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        let isObject = objects & 1 == 1
        return isObject ? try nextKey(in: bytes) != nil : try nextElement(in: bytes)
    }

    private mutating func key(in bytes: Span<UInt8>) throws(Refusal) -> Text {
        skipWhiteSpace(in: bytes)
        let key = try string(in: bytes)
        skipWhiteSpace(in: bytes)
        guard take(UInt8(ascii: ":"), in: bytes) else { throw broken("a colon was expected") }
        return key
    }

    /// Enters an array. Returns whether a value follows; if not, the array is closed.
    mutating func firstElement(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        try open(UInt8(ascii: "["), isObject: false, in: bytes)
        skipWhiteSpace(in: bytes)
        guard take(UInt8(ascii: "]"), in: bytes) else { return true }
        close()
        return false
    }

    /// Continues in an array after a value. Returns whether another one follows.
    mutating func nextElement(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        skipWhiteSpace(in: bytes)
        if take(UInt8(ascii: ","), in: bytes) { return true }
        guard take(UInt8(ascii: "]"), in: bytes) else {
            throw broken("a comma or a closing bracket was expected")
        }
        close()
        return false
    }

    private mutating func open(
        _ bracket: UInt8, isObject: Bool, in bytes: Span<UInt8>
    ) throws(Refusal) {
        guard depth < Self.depthLimit else {
            throw broken("at most \(Self.depthLimit) levels of nesting are allowed")
        }
        guard take(bracket, in: bytes) else {
            throw broken("\(isObject ? Kind.object.rawValue : Kind.array.rawValue) was expected")
        }
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
    }

    private mutating func close() {
        depth -= 1
        objects >>= 1
    }

    private mutating func skipLiteral(in bytes: Span<UInt8>) throws(Refusal) {
        let rest = bytes.extracting(position...)
        if rest.extracting(first: 4).holds("true") || rest.extracting(first: 4).holds("null") {
            position += 4
        } else if rest.extracting(first: 5).holds("false") {
            position += 5
        } else {
            throw broken("a value was expected")
        }
    }

    // Bytes

    private func peek(in bytes: Span<UInt8>) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace(in bytes: Span<UInt8>) {
        while let byte = peek(in: bytes),
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        {
            position += 1
        }
    }

    private func broken(_ problem: String) -> Refusal {
        .invalidJSON(problem, at: position)
    }
}
