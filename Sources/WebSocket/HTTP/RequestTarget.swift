/// What a request is for, in one of the four forms of RFC 9112 §3.2.
struct RequestTarget {
    var path: Range<Int>
    var query: Range<Int>?
    var isAsterisk = false
    /// Host and port, where the target itself names them: `Host` is ignored then (§3.2.2).
    var authority: Range<Int>?

    static func parse(
        _ bytes: Span<UInt8>, in target: Range<Int>, isConnect: Bool, isOptions: Bool
    ) throws(RequestViolation) -> RequestTarget {
        for index in target {
            // `#` starts a fragment, which is never sent; the rest isn't ASCII or not visible.
            let byte = bytes[index]
            guard byte > .space, byte < .delete, byte != UInt8(ascii: "#") else {
                throw .malformed("The request target has an illegal byte.")
            }
        }
        if isConnect {
            guard Authority.isHostAndPort(target, in: bytes) else {
                throw .malformed("The target of CONNECT is not a host and a port.")
            }
            return RequestTarget(
                path: target.upperBound..<target.upperBound, query: nil, authority: target)
        }
        if bytes[target.lowerBound] == UInt8(ascii: "/") { return origin(bytes, in: target) }
        if bytes.matches(target, "*") {
            guard isOptions else { throw .malformed("Only OPTIONS may have the target *.") }
            return RequestTarget(path: target, query: nil, isAsterisk: true)
        }
        return try absolute(bytes, in: target, isOptions: isOptions)
    }

    private static func origin(_ bytes: Span<UInt8>, in target: Range<Int>) -> RequestTarget {
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?"), in: target) else {
            return RequestTarget(path: target, query: nil)
        }
        return RequestTarget(
            path: target.lowerBound..<mark, query: mark + 1..<target.upperBound)
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
            // The path is `/` then (RFC 9110 §4.2.3), and there is one in front of the host.
            result.path = start - 1..<start
            // Without a query, OPTIONS means the server as a whole (RFC 9112 §3.2.4).
            result.isAsterisk = isOptions && result.query == nil
        }
        result.authority = authority
        return result
    }

    private static func isEndOfAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
    }

    private static func endOfScheme(_ bytes: Span<UInt8>, in target: Range<Int>) -> Int? {
        for scheme in ["http://", "https://"] {
            let end = target.lowerBound + scheme.utf8.count
            if end <= target.upperBound,
                bytes.matches(target.lowerBound..<end, ignoringCase: scheme)
            {
                return end
            }
        }
        return nil
    }
}
