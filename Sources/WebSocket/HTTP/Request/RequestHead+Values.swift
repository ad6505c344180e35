extension RequestHead {
    /// The values of a field that is read too rarely to be looked for in every head, in their
    /// order. `name` is given in lowercase, with its colon; `bytes` are those of the head.
    public func values(of name: StaticString, in bytes: Span<UInt8>) -> [Range<Int>] {
        var values: [Range<Int>] = []
        var lines = HeadLines()
        do throws(RequestViolation) {
            while let line = try lines.next(in: bytes, limit: length) {
                guard bytes.extracting(line).begins(with: name, ignoringCase: true) else {
                    continue
                }
                let value = line.lowerBound + name.utf8CodeUnitCount..<line.upperBound
                values.append(bytes.trimmed(value))
            }
        } catch {
            preconditionFailure("these are not the bytes of the head")
        }
        return values
    }

    /// Whether the content is of this media type, which one line of `Content-Type` names, with or
    /// without parameters (RFC 9110 §8.3). `type` is given in lowercase.
    public func hasContent(of type: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard let value = contentType.only else { return false }
        let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: value) ?? value.upperBound
        return bytes.matches(bytes.trimmed(value.lowerBound..<end), ignoringCase: type)
    }

    /// Whether the content is coded, for instance compressed (RFC 9110 §8.4).
    public func hasContentCoding(in bytes: Span<UInt8>) -> Bool {
        var lines = contentEncoding
        while let value = lines.next(in: bytes) {
            var elements = ListElements(value)
            while let element = elements.next(in: bytes) {
                if !bytes.matches(element, ignoringCase: "identity") { return true }
            }
        }
        return false
    }

    /// Whether the client asks for this media type by its name (RFC 9110 §12.5.1); a range such as
    /// `*/*` doesn't count. `type` is given in lowercase.
    public func accepts(_ type: StaticString, in bytes: Span<UInt8>) -> Bool {
        values(of: "accept:", in: bytes).contains { value in
            var elements = ListElements(value)
            while let element = elements.next(in: bytes) {
                let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: element) ?? element.upperBound
                let range = bytes.trimmed(element.lowerBound..<end)
                if bytes.matches(range, ignoringCase: type) { return true }
            }
            return false
        }
    }
}
