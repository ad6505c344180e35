internal import Reactor
internal import WebSocket

/// How lines are written and recognised: in the plain dialect, each with its identity, the time at
/// which it was due and filler, all of it ASCII that no JSON encoder changes.
///
///     {"username":"load-7","message":"@hubbub-load 0f3a99c1 7 42 123456789 hijklm…"}
struct LineFormat {
    /// What a payload turns out to be.
    enum Reading: Equatable {
        /// Not a line of this run.
        case foreign
        case line(LineID, due: Instant)
        /// A line of this run that was changed on its way; its identity if that could be read.
        case corrupt(LineID?, due: Instant?)
    }

    /// Bytes of a line's text; it is longer where its identity needs more.
    let textBytes: Int
    private let prefix: [UInt8]

    /// `run` tells the lines of this run from those of others in the same room.
    init(run: UInt32, textBytes: Int) {
        self.textBytes = textBytes
        let hex = String(run, radix: 16)
        let padding = String(repeating: "0", count: 8 - hex.count)
        prefix = Array("@hubbub-load \(padding)\(hex) ".utf8)
    }

    /// Appends the message that the sender sends.
    func write(_ id: LineID, due: Instant, into output: inout [UInt8]) {
        output.append(contentsOf: #"{"username":"load-\#(id.sender)","message":""#.utf8)
        let start = output.count
        output.append(contentsOf: prefix)
        output.append(contentsOf: "\(id.sender) \(id.counter) \(due.nanoseconds) ".utf8)
        while output.count - start < textBytes {
            output.append(Self.filler(id, at: output.count - start))
        }
        output.append(contentsOf: #""}"#.utf8)
    }

    /// Finds the line in a message of the server and checks it to its last byte.
    func read(_ payload: Span<UInt8>) -> Reading {
        guard let start = payload.firstIndex(of: prefix.span) else { return .foreign }
        var position = start + prefix.count
        guard let sender = payload.number(at: &position),
            let counter = payload.number(at: &position),
            let due = payload.number(at: &position)
        else { return .corrupt(nil, due: nil) }
        let id = LineID(sender: sender, counter: counter)
        let time = Instant(nanoseconds: UInt64(due))
        let end = max(start + textBytes, position)
        guard end < payload.count, payload[end] == UInt8(ascii: "\"") else {
            return .corrupt(id, due: time)
        }
        for index in position..<end where payload[index] != Self.filler(id, at: index - start) {
            return .corrupt(id, due: time)
        }
        return .line(id, due: time)
    }

    /// Differs from place to place and from line to line.
    private static func filler(_ id: LineID, at index: Int) -> UInt8 {
        UInt8(ascii: "a") + UInt8((id.sender + id.counter + index) % 26)
    }
}

extension Span<UInt8> {
    /// Where `pattern`, which isn't empty, stands for the first time.
    func firstIndex(of pattern: Span<UInt8>) -> Int? {
        guard count >= pattern.count else { return nil }
        for start in 0...count - pattern.count where self[start] == pattern[0] {
            if extracting(start..<start + pattern.count).isEqual(to: pattern) { return start }
        }
        return nil
    }

    /// Whether both hold the same bytes. Without an early exit, so that it is done in vectors.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }

    /// A number and the space behind it, at `position`, which moves on; nil for anything else.
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
