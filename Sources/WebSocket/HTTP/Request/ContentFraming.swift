/// The fields that frame a request's content. If two readers could see different lengths, an
/// attacker could smuggle a request past one of them (RFC 9112 §11.2). So every doubtful case is
/// rejected.
struct ContentFraming: Sendable {
    private var length: Int?
    private var hasCodings = false
    private var isChunked = false
    private var hasUnknownCoding = false

    /// Takes a line of `Content-Length`: one number, possibly repeated. Equal numbers count as one,
    /// different ones are rejected (RFC 9112 §6.3).
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

    /// Takes a line of `Transfer-Encoding`. Unless chunked is the last coding and appears once, the
    /// end of the content can't be determined (RFC 9112 §6.3, §7.1).
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

    /// The content that all lines describe together (RFC 9112 §6.1, §6.3).
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
