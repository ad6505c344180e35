extension JSONScanner {
    /// The range of a string's content in the input. Its escapes have been checked.
    package struct Text: Equatable {
        package let range: Range<Int>
        package let hasEscapes: Bool
    }
}

extension JSONScanner.Text {
    /// Whether the string is `name`, byte for byte, after its escapes are resolved. Allocates only
    /// if it has escapes.
    package func equals(_ name: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard hasEscapes else { return bytes.extracting(range).holds(name) }
        guard let value = try? unescaped(in: bytes) else { return false }
        return value.span.holds(name)
    }

    /// The result of `body` for the string's bytes, after its escapes are resolved. Allocates only
    /// if it has escapes.
    package func withBytes<Value>(
        in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Value
    ) throws(Refusal) -> Value {
        guard hasEscapes else { return body(bytes.extracting(range)) }
        let value = try unescaped(in: bytes)
        return body(value.span)
    }

    /// The string's value. Without escapes it is made directly from the input's bytes.
    package func string(in bytes: Span<UInt8>) throws(Refusal) -> String {
        guard hasEscapes else { return try string(of: bytes.extracting(range)) }
        let value = try unescaped(in: bytes)
        return try string(of: value.span)
    }

    private func string(of utf8: Span<UInt8>) throws(Refusal) -> String {
        do {
            return String(copying: try UTF8Span(validating: utf8))
        } catch {
            // The WebSocket layer accepts only UTF-8 (RFC 6455 section 8.1). This is for callers
            // with another source.
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
