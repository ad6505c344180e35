/// What the fields say that frame a request's content. Where two readers could see different
/// lengths, one of them could be smuggled a request (RFC 9112 §11.2): every doubt is refused.
struct ContentFraming: Sendable {
    private var length: Int?
    private var hasCodings = false
    private var isChunked = false
    private var hasUnknownCoding = false

    /// A line of `Content-Length`: one number, however often it is repeated. Equal ones count as
    /// one, different ones are refused (RFC 9112 §6.3).
    mutating func takeLength(
        _ value: Range<Int>, in bytes: Span<UInt8>
    ) throws(RequestViolation) {
        var elements = ListElements(value)
        var isEmpty = true
        while let element = elements.next(in: bytes) {
            isEmpty = false
            let number = try Self.number(element, in: bytes)
            guard length == nil || length == number else {
                throw .malformed("Two values of Content-Length differ.")
            }
            length = number
        }
        guard !isEmpty else { throw Self.illegalLength }
    }

    /// A line of `Transfer-Encoding`. Where chunked isn't the last coding, and there once, nobody
    /// can tell where the content ends (RFC 9112 §6.3, §7.1).
    mutating func takeCodings(
        _ value: Range<Int>, in bytes: Span<UInt8>
    ) throws(RequestViolation) {
        hasCodings = true
        var elements = ListElements(value)
        while let element = elements.next(in: bytes) {
            guard !isChunked else {
                throw .malformed("In Transfer-Encoding, chunked is not the last coding.")
            }
            if bytes.matches(element, ignoringCase: "chunked") {
                isChunked = true
            } else {
                hasUnknownCoding = true
            }
        }
    }

    /// What all lines say together (RFC 9112 §6.1, §6.3).
    @inline(__always)
    func content(minorVersion: Int, limit: Int) throws(RequestViolation) -> RequestHead.Content {
        guard hasCodings || length != nil else { return .none }
        return try announcedContent(minorVersion: minorVersion, limit: limit)
    }

    private func announcedContent(
        minorVersion: Int, limit: Int
    ) throws(RequestViolation) -> RequestHead.Content {
        guard hasCodings else {
            guard let length, length > 0 else { return .none }
            guard length <= limit else {
                throw RequestViolation(
                    .contentTooLarge, "The content is longer than \(limit) bytes.")
            }
            return .length(length)
        }
        guard length == nil else {
            throw .malformed("Content-Length and Transfer-Encoding exclude each other.")
        }
        guard minorVersion > 0 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
        guard !hasUnknownCoding else {
            throw RequestViolation(
                .notImplemented, "The only transfer coding understood here is chunked.")
        }
        guard isChunked else { throw .malformed("Transfer-Encoding is empty.") }
        return .chunked
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
