/// A request whose request line and some of whose field lines have arrived.
struct RequestFields: Sendable {
    /// The known part of the head, complete after ``finish(_:length:limits:)``.
    private(set) var head = RequestHead()
    private var minorVersion = 0
    private var count = 0
    private var host = Place.none
    private var framing = ContentFraming()
    /// The options that `Connection` and `Upgrade` list.
    private var closes = false
    private var upgrades = false
    private var namesWebSocket = false

    init() {}

    /// All lines of a head have arrived.
    init(of head: RequestHead) { self.head = head }

    /// The request line has arrived.
    mutating func begin(_ line: RequestLine) {
        head.take(line)
        minorVersion = line.minorVersion
    }

    /// One more field line has arrived, known or not.
    @inline(__always)
    mutating func countField() throws(RequestViolation) {
        count += 1
        guard count <= HeadLimits.fieldLines else {
            throw RequestViolation(
                .requestHeaderFieldsTooLarge,
                "The request head has more than \(HeadLimits.fieldLines) fields.")
        }
    }

    /// Takes a line of a known field.
    mutating func take(
        _ field: KnownField, _ value: Range<Int>, in bytes: Span<UInt8>
    ) throws(RequestViolation) {
        switch field {
        case .webSocketAccept: break
        case .acceptEncoding: head.acceptEncoding.append(value)
        case .authorization: head.authorization.append(value)
        case .connection: takeConnection(value, in: bytes)
        case .contentEncoding: head.contentEncoding.append(value)
        case .contentType: head.contentType.append(value)
        case .contentLength: try framing.takeLength(value, in: bytes)
        case .expect: try takeExpect(value, in: bytes)
        case .forwarded: head.forwarded.append(value)
        case .forwardedFor: head.forwardedFor.append(value)
        case .host: try Self.take(value, as: &host, named: "Host")
        case .idempotencyKey: head.idempotencyKey.append(value)
        case .ifNoneMatch: head.ifNoneMatch.append(value)
        case .origin: try Self.take(value, as: &head.originPlace, named: "Origin")
        case .transferEncoding: try framing.takeCodings(value, in: bytes)
        case .upgrade:
            if ListElements.list(value, has: "websocket", in: bytes) { namesWebSocket = true }
        case .webSocketExtensions: head.webSocketExtensions.append(value)
        case .webSocketKey:
            try Self.take(value, as: &head.webSocketKeyPlace, named: "Sec-WebSocket-Key")
        case .webSocketProtocol: head.webSocketProtocols.append(value)
        case .webSocketVersion:
            try Self.take(value, as: &head.webSocketVersionPlace, named: "Sec-WebSocket-Version")
        }
    }

    /// The last line has arrived: checks what all lines say together.
    mutating func finish(
        _ bytes: Span<UInt8>, length: Int, limits: HeadLimits
    ) throws(RequestViolation) {
        try takeHost(in: bytes)
        head.content = try framing.content(
            minorVersion: minorVersion, limit: limits.contentBytes)
        // HTTP/1.0 has none of these (RFC 9110 §7.8, §10.1.1), and this server doesn't keep it
        // alive.
        let isCurrent = minorVersion > 0
        head.keepsAlive = isCurrent && !closes
        head.expectsContinue = isCurrent && head.expectsContinue
        head.upgradesToWebSocket = isCurrent && upgrades && namesWebSocket
        head.length = length
    }

    /// Takes a field that may appear only once. With two, readers might disagree on which one
    /// counts.
    @inline(__always)
    private static func take(
        _ value: Range<Int>, as field: inout Place, named name: StaticString
    ) throws(RequestViolation) {
        guard field.isNone else { throw givenTwice(name) }
        field = Place(value)
    }

    private static func givenTwice(_ name: StaticString) -> RequestViolation {
        .malformed("The field \(name) is given twice.")
    }

    private mutating func takeConnection(_ value: Range<Int>, in bytes: Span<UInt8>) {
        // Most values list nothing else.
        if bytes.matches(value, ignoringCase: "upgrade") {
            upgrades = true
            return
        }
        var options = ListElements(value)
        while let option = options.next(in: bytes) {
            if bytes.matches(option, ignoringCase: "close") {
                closes = true
            } else if bytes.matches(option, ignoringCase: "upgrade") {
                upgrades = true
            }
        }
    }

    private mutating func takeExpect(
        _ value: Range<Int>, in bytes: Span<UInt8>
    ) throws(RequestViolation) {
        var expectations = ListElements(value)
        while let expectation = expectations.next(in: bytes) {
            guard bytes.matches(expectation, ignoringCase: "100-continue") else {
                throw RequestViolation(
                    .expectationFailed, "The only expectation known here is 100-continue.")
            }
            head.expectsContinue = true
        }
    }

    /// HTTP/1.1 requires one valid `Host`, whatever the target is (RFC 9112 §3.2). It may be empty
    /// only if the target names the authority itself, because http requires one (§3.3).
    private mutating func takeHost(in bytes: Span<UInt8>) throws(RequestViolation) {
        guard let place = host.range else {
            guard minorVersion == 0 else { throw .malformed("The field Host is missing.") }
            return
        }
        let mayBeEmpty = !head.authorityPlace.isNone || head.isAsterisk || minorVersion == 0
        guard Authority.isValid(place, in: bytes),
            Authority.hasHost(place, in: bytes) || (mayBeEmpty && place.isEmpty)
        else {
            throw .malformed("The field Host is not a host and an optional port.")
        }
        if head.authorityPlace.isNone { head.authorityPlace = host }
    }
}
