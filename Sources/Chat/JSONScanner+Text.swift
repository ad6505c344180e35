extension JSONScanner.Text {
    /// Whether the string is `name`, byte for byte once its escapes are resolved. Allocates only
    /// if there are any.
    func equals(_ name: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard hasEscapes else { return bytes.extracting(range).holds(name) }
        guard let value = try? unescaped(in: bytes) else { return false }
        return value.span.holds(name)
    }

    /// What `body` makes of the string's bytes, once its escapes are resolved. Allocates only if
    /// there are any.
    func withBytes<Value>(
        in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Value
    ) throws(Refusal) -> Value {
        guard hasEscapes else { return body(bytes.extracting(range)) }
        let value = try unescaped(in: bytes)
        return body(value.span)
    }

    /// The string's value. Without escapes it comes straight from the input's bytes.
    func string(in bytes: Span<UInt8>) throws(Refusal) -> String {
        guard hasEscapes else { return try string(of: bytes.extracting(range)) }
        let value = try unescaped(in: bytes)
        return try string(of: value.span)
    }

    private func string(of utf8: Span<UInt8>) throws(Refusal) -> String {
        do {
            return String(copying: try UTF8Span(validating: utf8))
        } catch {
            // The WebSocket layer lets only UTF-8 through (RFC 6455 section 8.1), so this is
            // for callers with another source.
            throw .invalidJSON("the string isn't UTF-8", at: range.lowerBound)
        }
    }

    private func unescaped(in bytes: Span<UInt8>) throws(Refusal) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                let escape = try JSONEscape(at: index, in: bytes)
                result.append(contentsOf: escape.scalar.utf8)
                index = escape.end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

/// One escape in a JSON string (RFC 8259 section 7): a pair of surrogates counts as one.
struct JSONEscape {
    let scalar: Unicode.Scalar
    /// The index behind the escape.
    let end: Int

    /// Reads the escape whose backslash is at `start`.
    init(at start: Int, in bytes: Span<UInt8>) throws(Refusal) {
        guard start + 1 < bytes.count else {
            throw .invalidJSON("the escape isn't complete", at: start)
        }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "/"): scalar = "/"
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            self = try Self(unicodeAt: start, in: bytes)
            return
        default:
            throw .invalidJSON("there is no such escape", at: start)
        }
        end = start + 2
    }

    private init(unicodeAt start: Int, in bytes: Span<UInt8>) throws(Refusal) {
        guard let first = Self.codeUnit(at: start, in: bytes) else {
            throw .invalidJSON(#"\u has to be followed by four hexadecimal digits"#, at: start)
        }
        if let scalar = Unicode.Scalar(first) {
            self.scalar = scalar
            end = start + 6
            return
        }
        guard UTF16.isLeadSurrogate(first), let second = Self.codeUnit(at: start + 6, in: bytes),
            UTF16.isTrailSurrogate(second)
        else {
            throw .invalidJSON("an escaped surrogate lacks its other half", at: start)
        }
        scalar = UTF16.decode(UTF16.EncodedScalar([first, second]))
        end = start + 12
    }

    /// The UTF-16 code unit that `\uXXXX` at `start` names, or nil if that isn't there.
    private static func codeUnit(at start: Int, in bytes: Span<UInt8>) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"),
            bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for index in start + 2..<start + 6 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
