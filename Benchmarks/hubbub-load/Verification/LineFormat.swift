internal import Chat
internal import Reactor

/// Writes and recognises lines. Each has its identity, its due time and filler, in ASCII that no
/// JSON encoder changes.
///
///     {"username":"load-7","message":"@hubbub-load 0f3a99c1 7 42 123456789 hijklm…"}
///
/// A sender's lines differ in length: 16 consecutive lines cover every residue of the words in
/// which a server may unmask and copy.
struct LineFormat {
    /// The result of reading a payload.
    enum Reading: Equatable {
        /// Not a line of this run.
        case foreign
        case line(LineID, due: Instant)
        /// A line of this run that was changed, with its identity if that is legible.
        case corrupt(LineID?, due: Instant?)
    }

    /// The number of different lengths.
    static let lengths = 16

    /// Bytes of a line's text, at least as many as its identity needs, plus up to 15.
    let textBytes: Int
    private let prefix: [UInt8]

    /// `run` identifies the lines of this run among others in the same room.
    init(run: UInt32, textBytes: Int) {
        self.textBytes = textBytes
        let hex = String(run, radix: 16)
        let padding = String(repeating: "0", count: 8 - hex.count)
        prefix = Array("@hubbub-load \(padding)\(hex) ".utf8)
    }

    /// Appends the sender's message in the plain dialect.
    func write(_ id: LineID, due: Instant, into output: inout [UInt8]) {
        output.append(contentsOf: #"{"username":"load-\#(id.sender)","message":""#.utf8)
        writeText(id, due: due, into: &output)
        output.append(contentsOf: #""}"#.utf8)
    }

    /// Appends the sender's message in the dialect `hubbub.v1`.
    func write(_ id: LineID, due: Instant, room: String, into output: inout [UInt8]) {
        output.append(contentsOf: #"{"type":"message","room":"\#(room)","message":""#.utf8)
        writeText(id, due: due, into: &output)
        output.append(contentsOf: #""}"#.utf8)
    }

    private func writeText(_ id: LineID, due: Instant, into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: prefix)
        output.append(contentsOf: "\(id.sender) \(id.counter) \(due.nanoseconds) ".utf8)
        let end = length(of: id, identityBytes: output.count - start)
        while output.count - start < end {
            output.append(Self.filler(id, at: output.count - start))
        }
    }

    private func length(of id: LineID, identityBytes: Int) -> Int {
        max(textBytes, identityBytes) + id.counter % Self.lengths
    }

    /// Finds the line in a message from the server and checks every byte of it.
    func read(_ payload: Span<UInt8>) -> Reading {
        guard let start = payload.firstIndex(of: prefix.span) else { return .foreign }
        var position = start + prefix.count
        guard let sender = payload.number(at: &position),
            let counter = payload.number(at: &position),
            let due = payload.number(at: &position)
        else { return .corrupt(nil, due: nil) }
        let id = LineID(sender: sender, counter: counter)
        let time = Instant(nanoseconds: UInt64(due))
        let end = start + length(of: id, identityBytes: position - start)
        guard end < payload.count, payload[end] == UInt8(ascii: "\""),
            isWhole(payload, id, length: end - start)
        else { return .corrupt(id, due: time) }
        for index in position..<end where payload[index] != Self.filler(id, at: index - start) {
            return .corrupt(id, due: time)
        }
        return .line(id, due: time)
    }

    /// Whether the message is one JSON object from the sender with a text of that length.
    private func isWhole(_ payload: Span<UInt8>, _ id: LineID, length: Int) -> Bool {
        guard let line = try? PlainMessage.parse(payload) else { return false }
        return line.username == "load-\(id.sender)" && line.message.utf8.count == length
    }

    /// The legible identities in a message with several lines. Empty for any other message.
    func readGlued(_ payload: Span<UInt8>) -> [(id: LineID, due: Instant)] {
        var lines: [(id: LineID, due: Instant)] = []
        var position = 0
        while let start = payload.extracting(position...).firstIndex(of: prefix.span) {
            position += start + prefix.count
            if let sender = payload.number(at: &position),
                let counter = payload.number(at: &position),
                let due = payload.number(at: &position)
            {
                let id = LineID(sender: sender, counter: counter)
                lines.append((id, Instant(nanoseconds: UInt64(due))))
            }
        }
        return lines.count > 1 ? lines : []
    }

    /// The number that the server gave a line in its room, from the field `seq`. 0 if there is
    /// none.
    func seq(of message: Span<UInt8>) -> UInt64 {
        let field = #""seq""#.utf8.span
        guard var position = message.firstIndex(of: field).map({ $0 + field.count }) else {
            return 0
        }
        let separators = [UInt8(ascii: " "), UInt8(ascii: ":")]
        while position < message.count, separators.contains(message[position]) { position += 1 }
        var seq: UInt64 = 0
        while position < message.count, seq < 1 << 50 {
            let digit = message[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            seq = seq * 10 + UInt64(digit)
            position += 1
        }
        return seq
    }

    /// A byte that differs between positions and between lines.
    private static func filler(_ id: LineID, at index: Int) -> UInt8 {
        UInt8(ascii: "a") + UInt8((id.sender + id.counter + index) % 26)
    }
}

extension Span<UInt8> {
    /// The first index of `pattern`, which isn't empty.
    func firstIndex(of pattern: Span<UInt8>) -> Int? {
        guard count >= pattern.count else { return nil }
        for start in 0...count - pattern.count where self[start] == pattern[0] {
            if extracting(start..<start + pattern.count).isEqual(to: pattern) { return start }
        }
        return nil
    }

    func starts(with prefix: Span<UInt8>) -> Bool {
        count >= prefix.count && extracting(first: prefix.count).isEqual(to: prefix)
    }

    /// Whether both have the same bytes. There is no early exit, so that the loop is vectorised.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }

    /// Parses a number and the space after it at `position`, which moves on. Nil for anything else.
    fileprivate func number(at position: inout Int) -> Int? {
        var number = 0
        let start = position
        while position < count, position - start < 19 {
            let digit = self[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            let (tens, overflows) = number.multipliedReportingOverflow(by: 10)
            guard !overflows, tens <= Int.max - Int(digit) else { return nil }
            number = tens + Int(digit)
            position += 1
        }
        guard position > start, position < count, self[position] == UInt8(ascii: " ") else {
            return nil
        }
        position += 1
        return number
    }
}
