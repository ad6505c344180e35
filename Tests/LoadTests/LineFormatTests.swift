import Reactor
import Testing

@testable import hubbub_load

@Suite struct LineFormatTests {
    private static let id = LineID(sender: 12, counter: 345)
    private static let due = Instant(nanoseconds: 6_789_012_345)

    /// Spans don't pass through the macro.
    private static func read(_ bytes: [UInt8], textBytes: Int = 1) -> LineFormat.Reading {
        LineFormat(run: 0xAB, textBytes: textBytes).read(bytes.span)
    }

    private static func message(textBytes: Int) -> [UInt8] {
        var message: [UInt8] = []
        LineFormat(run: 0xAB, textBytes: textBytes).write(id, due: due, into: &message)
        return message
    }

    @Test func `a line is the plain dialect's, with its identity and filler`() {
        let text = String(decoding: Self.message(textBytes: 45), as: UTF8.self)
        #expect(
            text == #"{"username":"load-12","message":"@hubbub-load 000000ab 12 345 6789012345 "#
                + #"hijkl"}"#)
    }

    @Test(arguments: 1...200)
    func `a line of every length is read as it was written`(textBytes: Int) {
        let message = Self.message(textBytes: textBytes)
        let reading = Self.read(message, textBytes: textBytes)
        #expect(reading == .line(Self.id, due: Self.due))
    }

    @Test func `every changed byte of filler, and every cut, is found`() {
        let message = Self.message(textBytes: 90)
        let filler = message.count - 2 - 49..<message.count - 2
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
    func `an identity that can't be read is no identity`(identity: String) {
        let message = Array(#"{"message":"@hubbub-load 000000ab \#(identity)"}"#.utf8)
        #expect(Self.read(message) == .corrupt(nil, due: nil))
    }

    @Test(arguments: ["", "{}", "@hubbub-load 000000ac 1 2 3 ", "@hubbub-load 000000a"])
    func `anything else is foreign`(text: String) {
        #expect(Self.read(Array(text.utf8)) == .foreign)
    }
}
