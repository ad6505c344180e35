public import WebSocket

/// An HTTP response that refuses the opening handshake.
public struct HTTPRefusal: Equatable, Sendable, CustomStringConvertible {
    /// Bytes of the content that are kept.
    private static let textLimit = 200

    public let status: HTTPStatus
    /// The seconds of `Retry-After` (RFC 9110 §10.2.3), if it is a number.
    public let retryAfter: UInt64?
    /// The first line of the content, if it arrived with the head. It may contain anything but
    /// ASCII control characters.
    public let text: String

    public init(_ status: HTTPStatus, retryAfter: UInt64? = nil, text: String = "") {
        self.status = status
        self.retryAfter = retryAfter
        self.text = text
    }

    /// Reads the fields and the content of `response`, whose head is complete.
    init(_ status: HTTPStatus, response: [UInt8]) {
        var retryAfter: UInt64?
        var rest = response[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end].filter { $0 != UInt8(ascii: "\r") }
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            retryAfter = retryAfter ?? Self.retryAfter(String(decoding: line, as: UTF8.self))
        }
        let text = rest.prefix(Self.textLimit).prefix { $0 >= 0x20 && $0 != 0x7F }
        self.init(status, retryAfter: retryAfter, text: String(decoding: text, as: UTF8.self))
    }

    private static func retryAfter(_ line: String) -> UInt64? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "retry-after" else { return nil }
        return UInt64(parts[1].drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber })
    }

    /// Whether the same request may succeed later.
    public var isTemporary: Bool {
        500...599 ~= status.rawValue && status != .notImplemented
            && status != .httpVersionNotSupported
            || status == .requestTimeout || status.rawValue == 429
    }

    /// Whether the client should go to another address.
    public var isRedirection: Bool { 300...399 ~= status.rawValue }

    /// `503 Service Unavailable: the text`. It has no full stop, so that it may be continued.
    public var description: String {
        let phrase = status.reasonPhrase
        let text = text.hasSuffix(".") ? text.dropLast() : text[...]
        return "\(status.rawValue)" + (phrase.isEmpty ? "" : " \(phrase)")
            + (text.isEmpty ? "" : ": \(text)")
    }
}
