/// The coding of a response's content (RFC 9110 §8.4.1).
package enum ContentCoding: Equatable, Sendable {
    case identity
    case gzip

    /// The better of the two codings for a client with these `Accept-Encoding` lines (RFC 9110
    /// §12.5.3).
    ///
    /// This is gzip, unless the client doesn't name it, forbids it or prefers the plain form. A
    /// client that forbids both gets the plain form, as the RFC allows.
    package static func preferred(
        _ lines: consuming FieldLines, in bytes: Span<UInt8>
    ) -> ContentCoding {
        var gzip: Int?
        var identity: Int?
        var others: Int?
        while let line = lines.next(in: bytes) {
            var elements = ListElements(line)
            while let element = elements.next(in: bytes) {
                let semicolon = bytes.firstIndex(of: UInt8(ascii: ";"), in: element)
                let end = semicolon ?? element.upperBound
                let name = bytes.trimmed(element.lowerBound..<end)
                let weight = weight(of: end..<element.upperBound, in: bytes)
                if bytes.matches(name, ignoringCase: "gzip") {
                    gzip = weight
                } else if bytes.matches(name, ignoringCase: "identity") {
                    identity = weight
                } else if bytes.matches(name, exactly: "*") {
                    others = weight
                }
            }
        }
        let wanted = gzip ?? others ?? 0
        return wanted > 0 && wanted >= identity ?? 0 ? .gzip : .identity
    }

    /// The weight in `;q=0.5`, in thousandths, or 1000 without a parameter (RFC 9110 §12.4.2). A
    /// parameter that isn't a weight counts as 0.
    private static func weight(of parameter: Range<Int>, in bytes: Span<UInt8>) -> Int {
        guard !parameter.isEmpty else { return 1_000 }
        let text = bytes.trimmed(parameter.dropFirst())
        guard 3...7 ~= text.count, bytes.matches(text.prefix(2), ignoringCase: "q=") else {
            return 0
        }
        let digits = bytes.extracting(text.dropFirst(2))
        guard digits.count == 1 || digits[1] == UInt8(ascii: ".") else { return 0 }
        var thousandths = 0
        var place = 1_000
        for index in digits.indices where index != 1 {
            guard digits[index].isDigit else { return 0 }
            thousandths += Int(digits[index] - UInt8(ascii: "0")) * place
            place /= 10
        }
        return thousandths <= 1_000 ? thousandths : 0
    }
}
