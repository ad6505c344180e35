/// The head of an HTTP/1.1 response (RFC 9112 §4).
///
/// Names and values come from the program or its settings, never from the peer, so they are written
/// unchanged.
public struct ResponseHead: Equatable, Sendable {
    public var status: HTTPStatus
    public var contentType: String?
    /// Bytes of the content. Nil for a response that has none at all (101).
    public var contentLength: Int?
    /// Whether the connection serves another request. If not, `Connection: close` is sent.
    public var keepsAlive: Bool
    /// Lines of fields as they are sent, each with its CRLF. They come before ``fields``.
    public var lines: [UInt8]
    /// Further fields, in order.
    public var fields: [Field]

    public struct Field: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// Appends the line of the field, with its CRLF.
        public func write(into output: inout [UInt8]) {
            ResponseHead.write(name, value, into: &output)
        }
    }

    public init(
        _ status: HTTPStatus, contentType: String? = nil, contentLength: Int? = 0,
        keepsAlive: Bool, lines: [UInt8] = [], fields: [Field] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.contentLength = contentLength
        self.keepsAlive = keepsAlive
        self.lines = lines
        self.fields = fields
    }

    /// Appends the head, its final CRLF included.
    public func write(into output: inout [UInt8]) {
        output.append("HTTP/1.1 ")
        output.append(decimal: Int(status.rawValue))
        output.append(" ")
        output.append(status.reasonPhrase)
        if let contentType {
            output.append("\r\nContent-Type: ")
            output.append(contentType)
        }
        if let contentLength {
            output.append("\r\nContent-Length: ")
            output.append(decimal: contentLength)
        }
        output.append(keepsAlive ? "\r\n" : "\r\nConnection: close\r\n")
        output.append(lines.span)
        for field in fields { field.write(into: &output) }
        output.append("\r\n")
    }

    /// Appends a whole response with `text` as its only line, for errors and probes. For HEAD the
    /// content is announced but not sent (RFC 9110 §9.3.2).
    public static func write(
        _ status: HTTPStatus, text: String, keepsAlive: Bool, isHead: Bool = false,
        lines: [UInt8] = [], fields: [Field] = [], into output: inout [UInt8]
    ) {
        ResponseHead(
            status, contentType: "text/plain; charset=utf-8", contentLength: text.utf8.count + 1,
            keepsAlive: keepsAlive, lines: lines, fields: fields
        ).write(into: &output)
        if !isHead {
            output.append(text)
            output.append("\n")
        }
    }

    static func write(_ name: String, _ value: String, into output: inout [UInt8]) {
        output.append(name)
        output.append(": ")
        output.append(value)
        output.append("\r\n")
    }
}
