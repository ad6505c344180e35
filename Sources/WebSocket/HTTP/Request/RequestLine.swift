/// `method SP request-target SP HTTP-version` (RFC 9112 §3).
struct RequestLine {
    let method: RequestMethod
    let target: RequestTarget
    /// 0 for HTTP/1.0. 1 for HTTP/1.1 and every later minor version (RFC 9110 §2.5).
    let minorVersion: Int

    @inline(__always)
    static func parse(
        _ bytes: Span<UInt8>, in line: Range<Int>, limits: HeadLimits
    ) throws(RequestViolation) -> RequestLine {
        if let usual = parseUsual(bytes, in: line, limits: limits) { return usual }
        return try parseAny(bytes, in: line, limits: limits)
    }

    /// A fast path with the same result as ``parseAny(_:in:limits:)``, for the form of nearly all
    /// requests: GET or POST, a path with or without a query, HTTP/1.1. Nil for every other line.
    @inline(__always)
    static func parseUsual(
        _ bytes: Span<UInt8>, in line: Range<Int>, limits: HeadLimits
    ) -> RequestLine? {
        let text = bytes.extracting(line)
        let end = text.count - " HTTP/1.1".utf8.count
        let (method, start): (RequestMethod, Int)
        if text.begins(with: "GET /", ignoringCase: false) {
            (method, start) = (.get, "GET ".utf8.count)
        } else if text.begins(with: "POST /", ignoringCase: false) {
            (method, start) = (.post, "POST ".utf8.count)
        } else {
            return nil
        }
        guard end > start, text.extracting(end...).begins(with: " HTTP/1.1", ignoringCase: false)
        else { return nil }
        let target = text.extracting(start..<end)
        guard target.count <= limits.targetBytes else { return nil }
        let pathEnd = ByteSet.path.end(in: target)
        let place = line.lowerBound + start
        var result = RequestTarget(path: place..<place + pathEnd)
        if pathEnd < target.count {
            let query = target.extracting((pathEnd + 1)...)
            guard target[pathEnd] == UInt8(ascii: "?"), ByteSet.target.end(in: query) == query.count
            else { return nil }
            result.query = Place(place + pathEnd + 1..<place + target.count)
        }
        return RequestLine(method: method, target: result, minorVersion: 1)
    }

    static func parseAny(
        _ bytes: Span<UInt8>, in line: Range<Int>, limits: HeadLimits
    ) throws(RequestViolation) -> RequestLine {
        let methodEnd = try endOfMethod(bytes, in: line)
        guard methodEnd < line.upperBound else { throw notARequest }
        let rest = methodEnd + 1..<line.upperBound
        let targetEnd = bytes.firstIndex(of: .space, in: rest) ?? rest.upperBound
        let target = rest.lowerBound..<targetEnd
        guard target.count <= limits.targetBytes else { throw targetTooLong(limits) }
        guard targetEnd < line.upperBound, !target.isEmpty else { throw notARequest }
        let minorVersion = try parseVersion(bytes, in: targetEnd + 1..<line.upperBound)
        let name = line.lowerBound..<methodEnd
        let method = RequestMethod(name, in: bytes)
        return RequestLine(
            method: method,
            target: try RequestTarget.parse(
                bytes, in: target, isConnect: bytes.matches(name, exactly: "CONNECT"),
                isOptions: method == .options),
            minorVersion: minorVersion)
    }

    /// Rejects the start of an incomplete line as soon as it can't become a request.
    static func checkStart(
        _ bytes: Span<UInt8>, in line: Range<Int>, limits: HeadLimits
    ) throws(RequestViolation) {
        let methodEnd = try endOfMethod(bytes, in: line)
        let versionBytes = " HTTP/1.1\r\n".utf8.count
        guard line.upperBound - methodEnd - 1 <= limits.targetBytes + versionBytes else {
            throw targetTooLong(limits)
        }
    }

    static func targetTooLong(_ limits: HeadLimits) -> RequestViolation {
        RequestViolation(
            .uriTooLong, "The request target is longer than \(limits.targetBytes) bytes.")
    }

    private static let notARequest = RequestViolation.malformed(
        "The request line is not a method, a target and a version with one space between each.")

    /// The index of the space after the method, or the end of the line if it has only a method.
    private static func endOfMethod(
        _ bytes: Span<UInt8>, in line: Range<Int>
    ) throws(RequestViolation) -> Int {
        let text = bytes.extracting(line.prefix(HeadLimits.methodBytes + 1))
        let end = ByteSet.token.end(in: text)
        guard end <= HeadLimits.methodBytes else {
            throw RequestViolation(.notImplemented, "The method is longer than any known one.")
        }
        guard end == text.count || (end > 0 && text[end] == .space) else { throw notARequest }
        return line.lowerBound + end
    }

    private static func parseVersion(
        _ bytes: Span<UInt8>, in range: Range<Int>
    ) throws(RequestViolation) -> Int {
        let major = range.lowerBound + 5
        guard range.count == 8 || range.count == 6,
            bytes.matches(range.lowerBound..<major, exactly: "HTTP/"), bytes[major].isDigit,
            range.count == 6 || (bytes[major + 1] == UInt8(ascii: ".") && bytes[major + 2].isDigit)
        else {
            throw .malformed("The request line does not end with an HTTP version.")
        }
        guard bytes[major] == UInt8(ascii: "1") else {
            throw RequestViolation(
                .httpVersionNotSupported, "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        guard range.count == 8 else {
            throw .malformed("The HTTP version has no minor number.")
        }
        return bytes[major + 2] == UInt8(ascii: "0") ? 0 : 1
    }
}
