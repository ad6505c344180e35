import TestSupport
import Testing

@testable import WebSocket

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `bytes are appended in base64`(text: String, code: String) {
        var output = [UInt8]("> ")
        Base64.append([UInt8](text).span, to: &output)
        #expect(output == [UInt8]("> " + code))
    }

    @Test func `digests are encoded like any bytes`() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<100 {
            let bytes = generator.bytes(20)
            var code = [UInt8](repeating: 0, count: 28)
            var output = code.mutableSpan
            Base64.write(InlineArray { bytes[$0] }, to: &output)
            var plain: [UInt8] = []
            Base64.append(bytes.span, to: &plain)
            #expect(code == plain)
        }
    }

    private func isCode(_ bytes: [UInt8]) -> Bool {
        Base64.isCodeOf16Bytes(bytes.indices, in: bytes.span)
    }

    @Test func `a code of 16 bytes is recognised`() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<100 {
            var code: [UInt8] = []
            Base64.append(generator.bytes(16).span, to: &code)
            #expect(isCode(code))
            // Only four of the 64 digits can be the last one.
            code[21] = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
                .filter { !"AQgw".utf8.contains($0) }.randomElement(using: &generator)!
            #expect(!isCode(code))
        }
    }
}
