import Testing
import WebSocket

@Suite struct GzipTests {
    /// The content of a member (RFC 1952 §2.3), with its header checked.
    private func content(of member: [UInt8], count: Int) throws -> [UInt8] {
        #expect(member.starts(with: [0x1F, 0x8B, 8, 0]))
        let inflater = try #require(Inflater(keepsContext: false))
        let deflated = Array(member[10..<member.count - 8])
        return try inflater.inflate(deflated.span, limit: count)
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    @Test(arguments: [0, 1, 1_000, 70_000])
    func `content survives compression and decompression`(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let member = try #require(Gzip.compress(content))
        #expect(try self.content(of: member, count: count) == content)
        #expect(number(member.suffix(4)) == UInt32(count))
    }

    /// The check value of catalogs for this CRC.
    @Test func `a member ends with the checksum of the standard`() throws {
        let member = try #require(Gzip.compress(Array("123456789".utf8)))
        #expect(number(member.suffix(8).prefix(4)) == 0xCBF4_3926)
    }

    @Test func `text becomes smaller`() throws {
        let text = Array(String(repeating: "Welcome to the Chat Room! ", count: 100).utf8)
        #expect(try #require(Gzip.compress(text)).count < text.count / 10)
    }
}
