import Testing

@testable import WebSocket

@Suite struct ByteScanTests {
    /// Each byte, at each place of a text, is found or passed over as the plain loop does.
    @Test func findsControlBytes() {
        for byte in UInt8.min...UInt8.max {
            let isControl = byte < 0x20 || byte == 0x7F
            for place in 0..<19 {
                var bytes = [UInt8](repeating: 0x61, count: 19)
                bytes[place] = byte
                if place + 1 < bytes.count { bytes[place + 1] = byte ^ 0xFF }
                let expected = bytes.firstIndex { $0 < 0x20 || $0 == 0x7F } ?? bytes.count
                let found = bytes.span.firstControlByte(in: 0..<bytes.count)
                #expect(found == expected)
                if isControl {
                    let first = bytes.span.firstControlByte(in: place..<bytes.count)
                    #expect(first == place)
                }
            }
        }
    }

    private func matches(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        bytes.span.matches(ignoringCase: text.span)
    }

    @Test func foldsASCIILettersAlone() {
        for byte in UInt8.min...UInt8.max {
            let isCapital = (0x41...0x5A).contains(byte)
            let folded = isCapital ? byte + 0x20 : byte
            #expect(byte.lowercased == folded)
            // Eight bytes and more go by words, and must agree.
            for count in [3, 8, 11] {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(matches(bytes, [UInt8](repeating: folded, count: count)))
                #expect(matches(bytes, [UInt8](repeating: folded ^ 0x20, count: count)) == false)
            }
        }
        #expect(matches([UInt8]("Sec-WebSocket-KEY"), [UInt8]("sec-websocket-key")))
        #expect(!matches([UInt8]("Sec-WebSocket-Kez"), [UInt8]("sec-websocket-key")))
        #expect(!matches([UInt8]("Sec-WebSocket-Ke"), [UInt8]("sec-websocket-key")))
    }
}
