import TestSupport
import Testing

@testable import WebSocket

@Suite struct ByteScanTests {
    private func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 || byte == 0x7F
    }

    private func found(_ bytes: [UInt8], in range: Range<Int>) -> Int {
        bytes.span.firstControlByte(in: range)
    }

    /// At every position of a text, each byte is found or skipped as by a plain loop.
    @Test func `a control byte is found at any position`() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<41 {
                var bytes = [UInt8](repeating: 0x61, count: 41)
                bytes[place] = byte
                if place + 1 < bytes.count { bytes[place + 1] = byte ^ 0xFF }
                for start in [0, place] {
                    let expected = bytes[start...].firstIndex(where: isControl) ?? bytes.count
                    #expect(found(bytes, in: start..<bytes.count) == expected)
                }
                let before = bytes[..<place].firstIndex(where: isControl) ?? place
                #expect(found(bytes, in: 0..<place) == before)
            }
        }
    }

    @Test func `control bytes are found in random bytes`() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            // Tabs and bytes next to the limits are frequent here.
            let limits: [UInt8] = [0x09, 0x20, 0x7E, 0x80]
            let bytes = generator.bytes(60).map { $0 < 128 ? $0 : limits[Int($0) % 4] }
            let expected = bytes.firstIndex(where: isControl) ?? bytes.count
            #expect(found(bytes, in: bytes.indices) == expected)
        }
    }

    /// One text of each length that is compared in a different way.
    private static let texts: [StaticString] = [
        "", "q", "q=", "a-z", "host", "close", "expect", "upgrade", "identity", "websocket",
        "if-none-match", "http://http://ab", "transfer-encoding", "sec-websocket-version",
        "sec-websocket-extensions",
    ]

    @Test(arguments: texts)
    func `bytes are compared with a text`(text: StaticString) {
        let letters = [UInt8]("\(text)")
        let capitals = [UInt8]("\(text)".uppercased())
        // The text is between other bytes.
        func matches(_ bytes: [UInt8], _ ignoresCase: Bool) -> Bool {
            let range = 1..<bytes.count + 1
            let input = [0x78] + bytes + [0x78]
            return ignoresCase
                ? input.span.matches(range, ignoringCase: text)
                : input.span.matches(range, exactly: text)
        }
        #expect(matches(letters, false))
        #expect(matches(letters, true))
        #expect(matches(capitals, true))
        #expect(matches(capitals, false) == (capitals == letters))
        #expect(!matches(letters + [0x78], true))
        #expect(letters.isEmpty || !matches(letters.dropLast(), true))
        for place in letters.indices {
            for byte in UInt8.min...UInt8.max {
                var other = letters
                other[place] = byte
                #expect(matches(other, false) == (byte == letters[place]))
                #expect(matches(other, true) == (byte.lowercased == letters[place]))
            }
        }
    }

    private func matches(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        bytes.span.matches(ignoringCase: text.span)
    }

    @Test func `only ASCII letters match regardless of case`() {
        for byte in UInt8.min...UInt8.max {
            let isCapital = (0x41...0x5A).contains(byte)
            let folded = isCapital ? byte + 0x20 : byte
            #expect(byte.lowercased == folded)
            #expect(matches([byte, byte], [folded, byte]))
            let hasCase = folded ^ 0x20 != folded.lowercased && (folded ^ 0x20).lowercased == folded
            #expect(matches([byte, byte], [folded, folded ^ 0x20]) == hasCase)
        }
        #expect(!matches([0x61], [0x61, 0x61]))
    }
}
