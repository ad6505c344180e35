import Foundation
import Identity
import TestSupport
import Testing

@Suite struct Base64URLTests {
    @Test func `any bytes come back`() throws {
        var random = SplitMix64(seed: 1)
        for count in 0...130 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = Base64URL.encode(bytes.span)
            #expect(try Base64URL.decode(text.span) == bytes)
            let foundation = Data(bytes).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(String(decoding: text, as: UTF8.self) == foundation)
        }
    }

    /// Of all texts of up to three characters, each that is accepted is the one text of its bytes.
    @Test func `there is one text for some bytes`() throws {
        let alphabet = Array("AQghw-_=+/ .".utf8)
        for first in alphabet {
            for second in alphabet {
                for third in alphabet {
                    for text in [[first, second], [first, second, third]] {
                        guard let bytes = try? Base64URL.decode(text.span) else { continue }
                        #expect(Base64URL.encode(bytes.span) == text)
                    }
                }
            }
        }
    }
}
