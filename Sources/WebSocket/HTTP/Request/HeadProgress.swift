/// The state of parsing a head that is not complete, so that bytes that arrive one at a time cost
/// no more than bytes that arrive together. Each head needs a new one.
public struct HeadProgress: Sendable {
    private var lines = HeadLines()
    /// Empty lines in front of the request line.
    private var emptyLines = 0
    /// Whether the request line has arrived.
    private var isBegun = false
    private var request = RequestFields()

    public init() {}

    /// The state once a head is complete.
    public init(of head: RequestHead) { request = RequestFields(of: head) }

    /// The known part of the head. It is complete once its last line was taken.
    public var head: RequestHead { request.head }

    /// Takes the lines that have arrived. Returns whether the last one was among them.
    @inline(__always)
    mutating func takeLines(
        _ bytes: Span<UInt8>, limits: HeadLimits
    ) throws(RequestViolation) -> Bool {
        let limit = min(bytes.count, limits.headBytes)
        while let line = try lines.next(in: bytes, limit: limit) {
            if !isBegun {
                try takeRequestLine(line, in: bytes, limits: limits)
            } else if !line.isEmpty {
                let line = try FieldLine(line, in: bytes)
                try request.countField()
                if let field = line.field { try request.take(field, line.value, in: bytes) }
            } else {
                try request.finish(bytes, length: lines.position, limits: limits)
                return true
            }
        }
        try checkIncomplete(bytes, limits: limits)
        return false
    }

    /// RFC 9112 §2.2 asks servers to ignore empty lines before the request line. A few are enough.
    private mutating func takeRequestLine(
        _ line: Range<Int>, in bytes: Span<UInt8>, limits: HeadLimits
    ) throws(RequestViolation) {
        guard line.isEmpty else {
            request.begin(try RequestLine.parse(bytes, in: line, limits: limits))
            isBegun = true
            return
        }
        emptyLines += 1
        guard emptyLines <= HeadLimits.leadingEmptyLines else {
            throw .malformed("Too many empty lines come before the request line.")
        }
    }

    /// Rejects input that can't become a request, whatever follows.
    private func checkIncomplete(
        _ bytes: Span<UInt8>, limits: HeadLimits
    ) throws(RequestViolation) {
        let isFull = bytes.count >= limits.headBytes
        guard !isBegun else {
            guard !isFull else {
                throw RequestViolation(
                    .requestHeaderFieldsTooLarge,
                    "The request head is longer than \(limits.headBytes) bytes.")
            }
            return
        }
        try RequestLine.checkStart(bytes, in: lines.partial, limits: limits)
        guard !isFull else { throw RequestLine.targetTooLong(limits) }
    }
}
