import Reactor
import Testing

@testable import hubbub_load

@Suite struct LineFormatTests {
    private static let id = LineID(sender: 12, counter: 345)
    private static let due = Instant(nanoseconds: 6_789_012_345)

    /// A helper, because spans don't pass through the macro.
    private static func read(_ bytes: [UInt8], textBytes: Int = 1) -> LineFormat.Reading {
        LineFormat(run: 0xAB, textBytes: textBytes).read(bytes.span)
    }

    private static func message(textBytes: Int) -> [UInt8] {
        var message: [UInt8] = []
        LineFormat(run: 0xAB, textBytes: textBytes).write(id, due: due, into: &message)
        return message
    }

    @Test func `a line in the plain dialect has an identity and filler`() {
        let text = String(decoding: Self.message(textBytes: 45), as: UTF8.self)
        #expect(
            text == #"{"username":"load-12","message":"@hubbub-load 000000ab 12 345 6789012345 "#
                + #"hijklmnopqrstu"}"#)
    }

    @Test func `in the rich dialect a line names its room`() {
        var message: [UInt8] = []
        LineFormat(run: 0xAB, textBytes: 1).write(
            LineID(sender: 1, counter: 0), due: Self.due, room: "go", into: &message)
        let text = String(decoding: message, as: UTF8.self)
        #expect(
            text == #"{"type":"message","room":"go","message":"@hubbub-load 000000ab 1 0 "#
                + #"6789012345 "}"#)
    }

    @Test(arguments: [1, 64, 100])
    func `consecutive lines of a sender have lengths of every residue of a word`(textBytes: Int) {
        let format = LineFormat(run: 0xAB, textBytes: textBytes)
        let lengths = (0..<8).map { counter in
            var message: [UInt8] = []
            format.write(LineID(sender: 3, counter: counter), due: Self.due, into: &message)
            return message.count
        }
        #expect(Set(lengths.map { $0 % 8 }).count == 8)
    }

    @Test(arguments: [
        (#"{"type":"message","seq":42,"message":"@"}"#, 42), (#"{"message":"@","seq":7}"#, 7),
        (#"{"seq" : 12, "message": "@"}"#, 12), (#"{"message":"@"}"#, 0), (#"{"seq":"#, 0), ("", 0),
    ])
    func `the server's number of a line is found`(text: String, seq: UInt64) {
        let found = LineFormat(run: 0, textBytes: 1).seq(of: Array(text.utf8).span)
        #expect(found == seq)
    }

    @Test(arguments: 1...200)
    func `a line of any length is read as it was written`(textBytes: Int) {
        let message = Self.message(textBytes: textBytes)
        let reading = Self.read(message, textBytes: textBytes)
        #expect(reading == .line(Self.id, due: Self.due))
    }

    @Test func `every changed byte of filler and every truncation is found`() {
        let message = Self.message(textBytes: 90)
        let filler = message.count - 2 - 59..<message.count - 2
        for index in filler {
            var changed = message
            changed[index] ^= 0x20
            #expect(Self.read(changed, textBytes: 90) == .corrupt(Self.id, due: Self.due))
            let cut = message[..<index] + message[(index + 1)...]
            #expect(Self.read(Array(cut), textBytes: 90) == .corrupt(Self.id, due: Self.due))
            let grown = message[..<index] + [message[index]] + message[index...]
            #expect(Self.read(Array(grown), textBytes: 90) == .corrupt(Self.id, due: Self.due))
        }
    }

    @Test(arguments: ["12 345 ", "12 x 5 ", "12  5 6 ", "99999999999999999999 1 2 ", "1 2 3"])
    func `an identity that can't be parsed isn't an identity`(identity: String) {
        let message = Array(#"{"message":"@hubbub-load 000000ab \#(identity)"}"#.utf8)
        #expect(Self.read(message) == .corrupt(nil, due: nil))
    }

    @Test(arguments: ["", "{}", "@hubbub-load 000000ac 1 2 3 ", "@hubbub-load 000000a"])
    func `anything else is foreign`(text: String) {
        #expect(Self.read(Array(text.utf8)) == .foreign)
    }
}
