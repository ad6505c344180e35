import Testing
import WebSocket

@Suite struct InflaterLimitTests {
    /// A payload for `count` zeros, with less than a thousandth of that size.
    private func zeros(_ count: Int) throws -> [UInt8] {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false, level: 9))
        return deflater.compressed([UInt8](repeating: 0, count: count))
    }

    @Test(arguments: [1, 255, 256, 257, 1_000, 4_096, 65_536, 100_000])
    func `a message may reach the limit but not exceed it`(limit: Int) throws {
        let payload = try zeros(limit)
        let message = try inflate([payload], limit: limit)[0]
        #expect(message == [UInt8](repeating: 0, count: limit))
        // No memory is allocated beyond the limit.
        #expect(message.capacity <= limit + 64)
        #expect(try inflationViolation(payload, limit: limit - 1) == .messageTooBig)
    }

    @Test func `a message of any size passes without a limit`() throws {
        #expect(try inflate([try zeros(1_000)], limit: .max)[0].count == 1_000)
    }

    /// 1 GiB of zeros in 1 MiB.
    @Test func `a decompression bomb is rejected`() throws {
        let block = try zeros(1 << 20) + flushTail
        let bomb = [UInt8]((0..<1_024).map { _ in block }.joined())
        #expect(bomb.count < 1 << 21)
        #expect(try inflationViolation(bomb, limit: 65_536) == .messageTooBig)
    }

    /// Bytes after the limit aren't read; otherwise they would be found to be corrupt.
    @Test func `bytes after the limit aren't read`() throws {
        let corrupt: [UInt8] = [0x07]
        let payload = try zeros(65_536 + 1_024) + flushTail + corrupt
        #expect(try inflationViolation(payload, limit: 65_536) == .messageTooBig)
        #expect(try inflationViolation(payload, limit: 65_536 + 1_024) == .compressionInvalid)
    }
}
