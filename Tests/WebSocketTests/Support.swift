import TestSupport
import Testing
import WebSocket

/// Parses a request that arrives in the given pieces.
func parse(
    pieces: [ArraySlice<UInt8>], limits: HeadLimits = HeadLimits()
) throws(RequestViolation) -> RequestHead? {
    var progress = HeadProgress()
    var bytes: [UInt8] = []
    for piece in pieces {
        bytes += piece
        if let head = try RequestHead.parse(bytes.span, progress: &progress, limits: limits) {
            return head
        }
    }
    return nil
}

func parse(
    _ text: String, limits: HeadLimits = HeadLimits()
) throws(RequestViolation) -> RequestHead? {
    try parse(pieces: [Array(text.utf8)[...]], limits: limits)
}

/// The status with which a request is rejected, in any pieces.
func refusal(pieces: [ArraySlice<UInt8>], limits: HeadLimits = HeadLimits()) -> HTTPStatus? {
    do throws(RequestViolation) {
        _ = try parse(pieces: pieces, limits: limits)
        return nil
    } catch {
        return error.status
    }
}

func refusal(_ text: String, limits: HeadLimits = HeadLimits()) -> HTTPStatus? {
    refusal(pieces: [Array(text.utf8)[...]], limits: limits)
}

extension [UInt8] {
    init(_ text: String) {
        self = Array(text.utf8)
    }

    func text(_ range: Range<Int>?) -> String? {
        range.map { String(decoding: self[$0], as: UTF8.self) }
    }

    /// The values of all lines of a field.
    func texts(_ lines: FieldLines) -> [String] {
        var lines = lines
        var texts: [String] = []
        while let line = lines.next(in: span) {
            texts.append(String(decoding: self[line], as: UTF8.self))
        }
        return texts
    }

    /// Every way to cut these bytes in two, and the cut into single bytes.
    var cuttings: [[ArraySlice<UInt8>]] {
        let halves = indices.map { [self[..<$0], self[$0...]] }
        return halves + [indices.map { self[$0...$0] }]
    }
}

extension Session {
    /// Feeds the pieces one after another, as the server does.
    mutating func receive(
        _ pieces: [ArraySlice<UInt8>], rules: FrameRules = .test, inflater: Inflater? = nil
    ) -> Outcome {
        var outcome = Outcome()
        for piece in pieces {
            var input = Array(piece)
            var offset = 0
            do throws(ProtocolViolation) {
                while true {
                    var span = input.mutableSpan
                    let event = try next(
                        in: &span, from: &offset, rules: rules, inflater: inflater)
                    guard let event else { break }
                    outcome.events.append(Seen(event, in: input))
                }
            } catch {
                outcome.violation = error
            }
        }
        return outcome
    }

    mutating func receive(_ bytes: [UInt8], rules: FrameRules = .test) -> Outcome {
        receive([bytes[...]], rules: rules)
    }
}

extension Deflater {
    /// The compressed form of a message.
    func compressed(_ message: [UInt8]) -> [UInt8] {
        var payload: [UInt8] = []
        deflate(message.span, into: &payload)
        return payload
    }
}

extension FrameRules {
    static let test = FrameRules(role: .server)
}

/// A masked frame, as a client sends it.
func frame(
    _ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, rsv1: Bool = false,
    key: MaskingKey = MaskingKey(0x21F6_12B7)
) -> [UInt8] {
    var bytes: [UInt8] = []
    if opcode.rawValue < 8 {
        FrameEncoder.appendMasked(
            opcode, payload.span, key: key, isFinal: isFinal, rsv1: rsv1, to: &bytes)
    } else {
        FrameEncoder.appendMasked(opcode, payload.span, key: key, to: &bytes)
    }
    return bytes
}

/// A frame from its bytes, for frames that the encoder wouldn't write. The mask is 0, so that the
/// payload is readable.
func rawFrame(_ header: [UInt8], _ payload: [UInt8] = []) -> [UInt8] {
    header + [0, 0, 0, 0] + payload
}

/// The head of a request with one line of a field for each value.
func headWith(_ name: String, _ values: [String]) throws -> (RequestHead, [UInt8]) {
    let fields = values.map { "\(name): \($0)\r\n" }.joined()
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
    return (try #require(try parse(pieces: [bytes[...]])), bytes)
}
