import Testing
import WebSocket

@Suite struct ContentDecoderTests {
    /// The content found in the pieces, and the bytes that are left. Nil if it isn't complete.
    private func decode(
        _ pieces: [ArraySlice<UInt8>], _ framing: RequestHead.Content = .chunked,
        limit: Int = 65_536
    ) throws(RequestViolation) -> (content: String, left: String)? {
        var decoder = ContentDecoder(framing, limit: limit)
        var (content, left): ([UInt8], [UInt8]) = ([], [])
        for piece in pieces {
            let piece = Array(piece)
            var offset = 0
            while let place = try decoder.next(in: piece.span, from: &offset) {
                #expect(!place.isEmpty && place.upperBound <= offset)
                content += piece[place]
            }
            #expect(decoder.isComplete || offset == piece.count)
            left += piece[offset...]
        }
        guard decoder.isComplete else { return nil }
        return (
            String(decoding: content, as: UTF8.self), String(decoding: left, as: UTF8.self)
        )
    }

    private func status(_ text: String, limit: Int = 65_536) -> HTTPStatus? {
        status([[UInt8](text)[...]], limit: limit)
    }

    private func status(_ pieces: [ArraySlice<UInt8>], limit: Int = 65_536) -> HTTPStatus? {
        do throws(RequestViolation) {
            _ = try decode(pieces, limit: limit)
            return nil
        } catch {
            return error.status
        }
    }

    /// In one piece, in two, and byte by byte.
    @Test(arguments: [
        ("0\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef"),
        // Leading zeros are legal (RFC 9112 §7.1).
        ("0005\r\nhello\r\n000\r\n\r\n", "hello"),
        ("0000000000000001\r\na\r\n0000000000000000\r\n\r\n", "a"),
        // Extensions (§7.1.1), which are dropped.
        ("5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello"),
        ("5;a=\"b;c\";d\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5 \t;a = b\r\nhello\r\n0\r\n\r\n", "hello"),
        // Trailers (§7.1.2), which are dropped.
        ("5\r\nhello\r\n0\r\nA: b\r\nContent-Length:\r\n\r\n", "hello"),
        // Content may look like a frame of chunks.
        ("9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n\r\n"),
    ])
    func `chunks are found in any pieces`(text: String, content: String) throws {
        let bytes = [UInt8](text + "GET")
        let whole = try #require(try decode([bytes[...]]))
        #expect(whole == (content, "GET"))
        for pieces in bytes.cuttings {
            #expect(try #require(try decode(pieces)) == whole)
        }
        for end in 0..<text.utf8.count { #expect(try decode([bytes[..<end]]) == nil) }
    }

    @Test func `content by length ends after its last byte`() throws {
        let bytes = [UInt8]("hello worldGET")
        for pieces in bytes.cuttings + [[bytes[...]]] {
            #expect(
                try #require(try decode(pieces, .length(11))) == ("hello world", "GET"))
        }
        #expect(try decode([bytes[..<10]], .length(11)) == nil)
        #expect(try #require(try decode([bytes[...]], .none)) == ("", "hello worldGET"))
        #expect(ContentDecoder(.length(0), limit: 0).isComplete)
    }

    /// Each could end elsewhere for another reader. In one piece, in two, and byte by byte.
    @Test(arguments: [
        // Sizes.
        "\r\n", ";a\r\n", "g\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n", "5 a\r\n", "+5\r\n",
        "-5\r\n", "0x5\r\nhello\r\n", "5,\r\n", "5.0\r\n", "\"5\"\r\n", "5\0\r\n", "５\r\n",
        "00000000000000001\r\na\r\n",
        // Ends of lines.
        "5\nhello\r\n0\r\n\r\n", "5\rhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\n\n", "5\r\nhello\r\n0\r\n\rG",
        // Chunks that aren't as long as they say.
        "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n",
        // Extensions.
        "5;a\nhello\r\n", "5;a\rb\r\nhello\r\n", "5;a\0\r\n", "5;a\u{7F}\r\n", "5;\u{1}\r\n",
        "5;a=\"\r\n\"\r\nhello\r\n", "5;\n",
        // Trailers.
        "0\r\nGET / HTTP/1.1\r\n\r\n", "0\r\nA\r\n\r\n", "0\r\n A: b\r\n\r\n",
        "0\r\nA : b\r\n\r\n", "0\r\n: b\r\n\r\n", "0\r\nA: b\n\r\n", "0\r\nA: b\rC: d\r\n\r\n",
        "0\r\nA: b\r\n c\r\n\r\n", "0\r\nA: \0\r\n\r\n", "0\r\n\u{E9}: b\r\n\r\n",
    ])
    func `what another reader could understand otherwise is refused`(text: String) {
        #expect(status(text) == .badRequest)
        for pieces in [UInt8](text).cuttings { #expect(status(pieces) == .badRequest) }
    }

    @Test(arguments: [
        ("b\r\n", 10), ("FFFFFFFFFFFFFFFFF\r\n", 10), ("7fffffffffffffff\r\n", 16_777_216),
        ("ffffffffffffffff\r\n", 16_777_216), ("5\r\nhello\r\n6\r\n", 10), ("1\r\n", 0),
    ])
    func `content over the limit is refused when it is announced`(text: String, limit: Int) {
        #expect(status(text, limit: limit) == .contentTooLarge)
        // A line's end is one character.
        let early = String(text.dropLast())
        #expect(status(early, limit: limit) == .contentTooLarge)
    }

    @Test func `content of exactly the limit is taken`() throws {
        let text = [UInt8]("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n")
        #expect(try #require(try decode([text[...]], limit: 10)) == ("helloworld", ""))
    }

    @Test func `extensions of all chunks together are bounded`() {
        func chunks(_ count: Int) -> String {
            String(repeating: "1;" + String(repeating: "a", count: 63) + "\r\na\r\n", count: count)
        }
        #expect(status(chunks(64)) == nil)
        #expect(status(chunks(64) + "1;") == .contentTooLarge)
        #expect(status("1;" + String(repeating: " ", count: 4_096)) == .contentTooLarge)
        #expect(status("1" + String(repeating: " ", count: 4_097)) == .contentTooLarge)
    }

    @Test func `trailers are bounded`() {
        let line = "A: " + String(repeating: "b", count: 123) + "\r\n"
        let lines = "0\r\n" + String(repeating: line, count: 64)
        #expect(status(lines) == nil)
        #expect(status(lines + "\r") == .requestHeaderFieldsTooLarge)
        #expect(status("0\r\n" + String(repeating: line, count: 63) + "\r\n") == nil)
    }

    @Test func `a reason names the limit`() {
        do throws(RequestViolation) {
            _ = try decode([[UInt8]("ff\r\n")[...]], limit: 100)
            Issue.record("not refused")
        } catch {
            #expect(error.reason == "The content is longer than 100 bytes.")
        }
    }
}
