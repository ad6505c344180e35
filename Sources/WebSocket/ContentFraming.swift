/// The fields that frame a request's content. Where two readers could see different lengths, one
/// of them could be smuggled a request (RFC 9112 §11.2), so that every doubt is refused.
struct ContentFraming {
    var lengths = FieldLines()
    var codings = FieldLines()

    /// How the content is framed (RFC 9112 §6.3).
    func content(
        _ bytes: Span<UInt8>, minorVersion: Int, limit: Int
    ) throws(RequestViolation) -> RequestHead.Content {
        guard codings.isEmpty else {
            guard lengths.isEmpty else {
                throw .malformed("Content-Length and Transfer-Encoding exclude each other.")
            }
            guard minorVersion > 0 else {
                throw .malformed("HTTP/1.0 has no Transfer-Encoding.")
            }
            try checkCodings(bytes)
            return .chunked
        }
        guard let length = try length(bytes) else { return .none }
        guard length <= limit else {
            throw RequestViolation(
                .contentTooLarge, "The content is longer than \(limit) bytes.")
        }
        return length == 0 ? .none : .length(length)
    }

    /// `chunked`, once and last, is all that is understood: what is coded otherwise gets a 501
    /// (§6.1); without chunked at the end nobody can tell where the content ends (§6.3).
    private func checkCodings(_ bytes: Span<UInt8>) throws(RequestViolation) {
        var hasChunked = false
        var hasOther = false
        for line in codings {
            var elements = ListElements(line)
            while let element = elements.next(in: bytes) {
                guard !hasChunked else {
                    throw .malformed("In Transfer-Encoding, chunked is not the last coding.")
                }
                if bytes.matches(element, ignoringCase: "chunked") {
                    hasChunked = true
                } else {
                    hasOther = true
                }
            }
        }
        if hasOther {
            throw RequestViolation(
                .notImplemented, "The only transfer coding understood here is chunked.")
        }
        guard hasChunked else { throw .malformed("Transfer-Encoding is empty.") }
    }

    /// One number, however often it is repeated: §6.3 takes equal ones for one, refuses others.
    private func length(_ bytes: Span<UInt8>) throws(RequestViolation) -> Int? {
        var length: Int?
        for line in lengths {
            var elements = ListElements(line)
            guard !line.isEmpty else { throw Self.illegalLength }
            while let element = elements.next(in: bytes) {
                let number = try Self.number(element, in: bytes)
                guard length == nil || length == number else {
                    throw .malformed("Two values of Content-Length differ.")
                }
                length = number
            }
            guard length != nil else { throw Self.illegalLength }
        }
        return length
    }

    private static func number(
        _ range: Range<Int>, in bytes: Span<UInt8>
    ) throws(RequestViolation) -> Int {
        var number = 0
        for index in range {
            guard bytes[index].isDigit else { throw illegalLength }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = tens.addingReportingOverflow(Int(bytes[index] & 0x0F))
            guard !isTooLarge, !isLarger else { throw illegalLength }
            number = sum
        }
        return number
    }

    private static let illegalLength = RequestViolation.malformed(
        "Content-Length is not a decimal number that fits in 63 bits.")
}
