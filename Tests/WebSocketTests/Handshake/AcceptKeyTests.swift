import Testing

@testable import WebSocket

@Suite struct AcceptKeyTests {
    /// The example of RFC 6455 §1.3, and results of another implementation of SHA-1 and base64.
    @Test(arguments: [
        ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI="),
        ("/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g="),
        ("16VtPPz5pE3HFmkazauhuA==", "0dB1w4hsXSLX0fWT1eIrQB1gMuQ="),
        ("qRJkZUPGl3paQ6wnU88QFw==", "bDbQeLeHEjNrqKzuR8SvyLG+Un4="),
        ("MSIHERO9EgU2q85mZpmljA==", "X3pvohvQ0tjjKxhVsm70aFMWco8="),
        ("CRr/6mqHFEr/cerMUkRy/Q==", "AmDNzWcJchR3A5+PdO3//A85GE8="),
    ])
    func `a key gets the answer of RFC 6455`(key: String, answer: String) {
        let bytes = [UInt8]("key: \(key)\r\n")
        var text = [UInt8](repeating: 0, count: AcceptKey.bytes)
        var output = text.mutableSpan
        AcceptKey(for: 5..<29, in: bytes.span).write(to: &output)
        #expect(text == [UInt8](answer))
    }
}
