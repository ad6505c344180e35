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
