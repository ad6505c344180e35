/// The target of a request, in one of the four forms of RFC 9112 §3.2.
struct RequestTarget {
    var path: Range<Int>
    var query = Place.none
    var isAsterisk = false
    /// Host and port, if the target itself names them. `Host` is then ignored (§3.2.2).
    var authority = Place.none

    static func parse(
        _ bytes: Span<UInt8>, in target: Range<Int>, isConnect: Bool, isOptions: Bool
    ) throws(RequestViolation) -> RequestTarget {
        guard ByteSet.target.end(in: bytes.extracting(target)) == target.count else {
            throw .malformed("The request target has an illegal byte.")
        }
        if isConnect {
            guard Authority.isHostAndPort(target, in: bytes) else {
                throw .malformed("The target of CONNECT is not a host and a port.")
            }
            return RequestTarget(
                path: target.upperBound..<target.upperBound, authority: Place(target))
        }
        if bytes[target.lowerBound] == UInt8(ascii: "/") { return origin(bytes, in: target) }
        if bytes.matches(target, exactly: "*") {
            guard isOptions else { throw .malformed("Only OPTIONS may have the target *.") }
            return RequestTarget(path: target, isAsterisk: true)
        }
        return try absolute(bytes, in: target, isOptions: isOptions)
    }

    private static func origin(_ bytes: Span<UInt8>, in target: Range<Int>) -> RequestTarget {
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?"), in: target) else {
            return RequestTarget(path: target)
        }
        return RequestTarget(
            path: target.lowerBound..<mark, query: Place(mark + 1..<target.upperBound))
    }

    private static func absolute(
        _ bytes: Span<UInt8>, in target: Range<Int>, isOptions: Bool
    ) throws(RequestViolation) -> RequestTarget {
        guard let start = endOfScheme(bytes, in: target) else {
            throw .malformed("The request target is neither a path nor an http URI.")
        }
        var end = start
        while end < target.upperBound, !isEndOfAuthority(bytes[end]) { end += 1 }
        let authority = start..<end
        guard Authority.hasHost(authority, in: bytes), Authority.isValid(authority, in: bytes)
        else {
            throw .malformed("The URI in the request line has no valid host.")
        }
        var result = origin(bytes, in: end..<target.upperBound)
        if result.path.isEmpty {
            // The path is then `/` (RFC 9110 §4.2.3). There is a `/` just before the host.
            result.path = start - 1..<start
            // Without a query, OPTIONS concerns the server as a whole (RFC 9112 §3.2.4).
            result.isAsterisk = isOptions && result.query.isNone
        }
        result.authority = Place(authority)
        return result
    }

    private static func isEndOfAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
    }

    private static func endOfScheme(_ bytes: Span<UInt8>, in target: Range<Int>) -> Int? {
        let (http, https) = (target.prefix(7), target.prefix(8))
        if bytes.matches(http, ignoringCase: "http://") { return http.upperBound }
        return bytes.matches(https, ignoringCase: "https://") ? https.upperBound : nil
    }
}
