/// Parts of a head that may carry credentials.
extension RequestHead {
    /// The first credentials of the scheme Bearer (RFC 6750 §2.1), which may be empty, and the
    /// number of all. Other schemes are passed over.
    public func bearerCredentials(in bytes: Span<UInt8>) -> (first: Range<Int>?, count: Int) {
        var (first, count): (Range<Int>?, Int) = (nil, 0)
        var lines = authorization
        while let value = lines.next(in: bytes) {
            let end = bytes.firstIndex(of: .space, in: value) ?? value.upperBound
            let scheme = value.lowerBound..<end
            guard bytes.matches(scheme, ignoringCase: "bearer") else { continue }
            first = first ?? bytes.trimmed(end..<value.upperBound)
            count += 1
        }
        return (first, count)
    }

    /// The rests of the subprotocols that the client offers and that begin with `prefix`.
    public func offeredProtocols(
        beginningWith prefix: StaticString, in bytes: Span<UInt8>
    ) -> [Range<Int>] {
        var rests: [Range<Int>] = []
        var lines = webSocketProtocols
        while let line = lines.next(in: bytes) {
            var elements = ListElements(line)
            while let element = elements.next(in: bytes) {
                guard bytes.extracting(element).begins(with: prefix, ignoringCase: false) else {
                    continue
                }
                rests.append(element.dropFirst(prefix.utf8CodeUnitCount))
            }
        }
        return rests
    }

    /// The values of the cookies of this name (RFC 6265 §4.2.1), without quotes around them.
    public func cookies(named name: String, in bytes: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for line in values(of: "cookie:", in: bytes) {
            var rest = line
            while !rest.isEmpty {
                let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: rest) ?? rest.upperBound
                let pair = bytes.trimmed(rest.lowerBound..<end)
                rest = Swift.min(end + 1, rest.upperBound)..<rest.upperBound
                guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: pair),
                    bytes.matches(bytes.trimmed(pair.lowerBound..<equals), name)
                else { continue }
                found.append(Self.unquoted(bytes.trimmed(equals + 1..<pair.upperBound), in: bytes))
            }
        }
        return found
    }

    private static func unquoted(_ value: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
        let quote = UInt8(ascii: "\"")
        guard value.count >= 2, bytes[value.lowerBound] == quote,
            bytes[value.upperBound - 1] == quote
        else { return value }
        return value.dropFirst().dropLast()
    }
}
