internal import Identity
internal import WebSocket

/// The token of a request, and the way in which it came. It never comes from the URL.
struct Credential: Equatable {
    /// The ways, in the order in which they count.
    enum Way: String {
        case header = "authorization"
        case subprotocol
        case cookie
        case command = "auth"
    }

    /// What a subprotocol that carries a token begins with.
    static let subprotocolPrefix: StaticString = "bearer."

    let way: Way
    /// Nil if there are several, none of which counts.
    let token: [UInt8]?

    /// The token of an opening handshake, or nil if it has none.
    ///
    /// - Parameters:
    ///   - cookie: the cookie that may hold it. A browser sends cookies for any page, so it counts
    ///     only with `trustsPage`.
    init?(_ head: RequestHead, in bytes: Span<UInt8>, cookie: String?, trustsPage: Bool) {
        let bearer = head.bearerCredentials(in: bytes)
        if let place = bearer.first {
            self.init(.header, place, isOnly: bearer.count == 1, in: bytes)
        } else if let found = Credential(
            .subprotocol,
            head.offeredProtocols(beginningWith: Self.subprotocolPrefix, in: bytes), in: bytes)
        {
            self = found
        } else if let cookie, trustsPage,
            let found = Credential(.cookie, head.cookies(named: cookie, in: bytes), in: bytes)
        {
            self = found
        } else {
            return nil
        }
    }

    /// The token at these places. Nil if there is none.
    private init?(_ way: Way, _ places: [Range<Int>], in bytes: Span<UInt8>) {
        guard let place = places.first else { return nil }
        self.init(way, place, isOnly: places.count == 1, in: bytes)
    }

    private init(_ way: Way, _ place: Range<Int>, isOnly: Bool, in bytes: Span<UInt8>) {
        self.way = way
        token = isOnly ? place.map { bytes[$0] } : nil
    }

    /// The name of a query's field that holds a token, which it must not.
    static func fieldInQuery(_ query: Range<Int>?, in bytes: Span<UInt8>) -> StaticString? {
        var fields = QueryFields(query)
        while let place = fields.next(in: bytes) {
            let field = bytes.extracting(place)
            if field.begins(with: "token=", ignoringCase: false) { return "token" }
            if field.begins(with: "access_token=", ignoringCase: false) { return "access_token" }
            if field.begins(with: "jwt=", ignoringCase: false) { return "jwt" }
        }
        return nil
    }
}
