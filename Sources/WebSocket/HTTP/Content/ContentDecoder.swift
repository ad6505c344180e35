/// Finds the content of a request in the bytes after its head, by length or chunked (RFC 9112 §6,
/// §7.1), in whatever pieces they arrive. It keeps no bytes, and the bytes after the content belong
/// to the next request.
///
/// Two readers that see different ends could be made to see different requests. So chunks have one
/// form: CRLF is the only end of a line, a size is hexadecimal digits, and what may follow it is an
/// extension. Extensions and trailers are dropped.
public struct ContentDecoder: Equatable, Sendable {
    /// Digits of a chunk's size, leading zeros included. Above it: 400.
    static let sizeDigits = 16
    /// Bytes of all chunk extensions of a content. Above it: 413 (RFC 9112 §7.1.1).
    public static let extensionBytes = 4_096
    /// Bytes of a trailer section. Above it: 431.
    public static let trailerBytes = 8_192

    private var state: State
    /// Bytes of content that may still be announced.
    private var room: Int
    private let limit: Int
    private var extensionRoom = Self.extensionBytes
    private var trailerRoom = Self.trailerBytes

    /// The decoder of the content that a head announces.
    ///
    /// - Parameter limit: bytes of content. A head with a longer `Content-Length` was refused.
    public init(_ content: RequestHead.Content, limit: Int) {
        precondition(0...Int.max / 32 ~= limit)
        (self.limit, room) = (limit, limit)
        state =
            switch content {
            case .none, .length(0): .complete
            case .length(let count): .length(left: count)
            case .chunked: .size(0, digits: 0)
            }
    }

    /// Whether all of the content was found, trailers included.
    public var isComplete: Bool { state == .complete }

    /// The place of the next part of the content in `bytes`, from `offset` on, which moves behind
    /// it. Nil if the content is complete, or if more bytes must arrive. After a violation, nothing
    /// that follows has a meaning.
    public mutating func next(
        in bytes: Span<UInt8>, from offset: inout Int
    ) throws(RequestViolation) -> Range<Int>? {
        while offset < bytes.count {
            switch state {
            case .complete: return nil
            case .length(let left):
                let part = offset..<offset + min(left, bytes.count - offset)
                state = left > part.count ? .length(left: left - part.count) : .complete
                offset = part.upperBound
                return part
            case .chunk(let left):
                let part = offset..<offset + min(left, bytes.count - offset)
                state = left > part.count ? .chunk(left: left - part.count) : .chunkEnd
                offset = part.upperBound
                return part
            case .size, .extensionSpace, .extension, .sizeEnd, .chunkEnd, .chunkLineEnd,
                .trailerStart, .trailerName, .trailerValue, .trailerEnd, .end:
                try take(bytes[offset])
                offset += 1
            }
        }
        return nil
    }

    // MARK: Chunks

    /// What comes next. The size of the chunk that a line begins is kept until the line ends.
    private enum State: Equatable {
        /// Content by length.
        case length(left: Int)
        case size(Int, digits: Int)
        /// White space after a size, which only an extension may follow.
        case extensionSpace(Int)
        case `extension`(Int)
        /// The LF that ends the line of a size.
        case sizeEnd(Int)
        case chunk(left: Int)
        /// The CR after a chunk, and its LF.
        case chunkEnd
        case chunkLineEnd
        /// The start of a line of the trailer section.
        case trailerStart
        case trailerName
        case trailerValue
        case trailerEnd
        /// The last LF.
        case end
        case complete
    }

    /// Takes a byte that isn't content.
    private mutating func take(_ byte: UInt8) throws(RequestViolation) {
        switch state {
        case .length, .chunk, .complete: preconditionFailure("content is taken by next")
        case .size(let size, let digits): try takeSize(byte, after: size, digits)
        case .extensionSpace(let size):
            if byte == UInt8(ascii: ";") {
                state = .extension(size)
            } else if !byte.isWhitespace {
                throw Self.illegalSize
            }
            try countExtension()
        case .extension(let size):
            if byte == .carriageReturn {
                state = .sizeEnd(size)
            } else {
                try checkText(byte)
                try countExtension()
            }
        case .sizeEnd(let size):
            try checkLineFeed(byte)
            state = size > 0 ? .chunk(left: size) : .trailerStart
        case .chunkEnd:
            guard byte == .carriageReturn else {
                throw .malformed("A chunk is longer than its size, or no CRLF follows it.")
            }
            state = .chunkLineEnd
        case .chunkLineEnd:
            try checkLineFeed(byte)
            state = .size(0, digits: 0)
        case .trailerStart, .trailerName, .trailerValue, .trailerEnd, .end:
            try takeTrailer(byte)
        }
    }

    private mutating func takeSize(
        _ byte: UInt8, after size: Int, _ digits: Int
    ) throws(RequestViolation) {
        if byte.isHexDigit {
            guard digits < Self.sizeDigits else { throw Self.illegalSize }
            let larger = size << 4 | Self.value(ofDigit: byte)
            guard larger <= room else {
                throw RequestViolation(
                    .contentTooLarge, "The content is longer than \(limit) bytes.")
            }
            state = .size(larger, digits: digits + 1)
            return
        }
        guard digits > 0 else { throw Self.illegalSize }
        room -= size
        switch byte {
        case .carriageReturn: state = .sizeEnd(size)
        case UInt8(ascii: ";"):
            state = .extension(size)
            try countExtension()
        case _ where byte.isWhitespace:
            state = .extensionSpace(size)
            try countExtension()
        default: throw Self.illegalSize
        }
    }

    private mutating func countExtension() throws(RequestViolation) {
        extensionRoom -= 1
        guard extensionRoom >= 0 else {
            throw RequestViolation(
                .contentTooLarge,
                "The chunk extensions are longer than \(Self.extensionBytes) bytes.")
        }
    }

    // MARK: Trailers

    private mutating func takeTrailer(_ byte: UInt8) throws(RequestViolation) {
        trailerRoom -= 1
        guard trailerRoom >= 0 else {
            throw RequestViolation(
                .requestHeaderFieldsTooLarge,
                "The trailers are longer than \(Self.trailerBytes) bytes.")
        }
        switch state {
        case .trailerStart where byte == .carriageReturn: state = .end
        case .trailerStart:
            guard ByteSet.token.contains(byte) else { throw Self.illegalTrailer }
            state = .trailerName
        case .trailerName where byte == UInt8(ascii: ":"): state = .trailerValue
        case .trailerName:
            guard ByteSet.token.contains(byte) else { throw Self.illegalTrailer }
        case .trailerValue where byte == .carriageReturn: state = .trailerEnd
        case .trailerValue: try checkText(byte)
        case .trailerEnd:
            try checkLineFeed(byte)
            state = .trailerStart
        case .end:
            try checkLineFeed(byte)
            state = .complete
        case .length, .size, .extensionSpace, .extension, .sizeEnd, .chunk, .chunkEnd,
            .chunkLineEnd, .complete:
            preconditionFailure("the trailer section hasn't begun")
        }
    }

    // MARK: Bytes

    /// Rejects a byte that no line may have within it.
    private func checkText(_ byte: UInt8) throws(RequestViolation) {
        guard byte >= .space && byte != .delete || byte == .tab else {
            throw byte == .lineFeed
                ? .malformed("A line of chunked content ends with LF alone.")
                : .malformed("A line of chunked content has a control byte.")
        }
    }

    private func checkLineFeed(_ byte: UInt8) throws(RequestViolation) {
        guard byte == .lineFeed else {
            throw .malformed("A line of chunked content has a CR that no LF follows.")
        }
    }

    private static func value(ofDigit byte: UInt8) -> Int {
        Int(byte.isDigit ? byte & 0x0F : byte & 0x0F + 9)
    }

    private static let illegalSize = RequestViolation.malformed(
        "The size of a chunk is not 1 to \(sizeDigits) hexadecimal digits that CRLF or an "
            + "extension follows.")
    private static let illegalTrailer = RequestViolation.malformed(
        "A trailer is not a field's name with a colon directly after it.")
}
