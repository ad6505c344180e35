import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct OriginsTests {
    private func block(
        _ address: SocketAddress, _ change: (inout ModerationRules) -> Void = { _ in }
    ) -> UInt64 {
        var rules = ModerationRules()
        rules.addressKey = .init(1, 2)
        change(&rules)
        var origins = Origins(rules)
        origins.opened(3, address)
        return origins.origin(Token(index: 3, generation: 1)).block
    }

    private func ipv6(_ high: UInt64, _ low: UInt64) -> SocketAddress {
        var address = SocketAddress(ipv4: 0, port: 1)
        (address.isIPv6, address.high, address.low) = (true, high, low)
        return address
    }

    @Test func `the hash is SipHash-2-4`() {
        // The key and the input are the bytes from 0 on, as in the paper's test vector.
        let hash = KeyedHash.of(
            0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110,
            .init(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
        #expect(hash == 0xB8AD_50C6_F649_AF94)
    }

    @Test func `blocks have the size that is set`() {
        let (one, two) = (
            SocketAddress(ipv4: 0xC633_6401, port: 1), SocketAddress(ipv4: 0xC633_6402, port: 2)
        )
        #expect(block(one) != block(two))
        #expect(block(one) { $0.ipv4Bits = 24 } == block(two) { $0.ipv4Bits = 24 })
        #expect(block(one) != block(one) { $0.addressKey = .init(1, 3) })
        let (six, near, far) = (
            ipv6(0x2001_0DB8_0000_0001, 1), ipv6(0x2001_0DB8_0000_0001, 2),
            ipv6(0x2001_0DB8_0000_0002, 1)
        )
        #expect(block(six) == block(near))
        #expect(block(six) != block(far))
        #expect(block(six) { $0.ipv6Bits = 128 } != block(near) { $0.ipv6Bits = 128 })
        #expect(block(six) { $0.ipv6Bits = 48 } == block(far) { $0.ipv6Bits = 48 })
    }

    @Test(arguments: [
        0x0A01_0203, 0x7F00_0001, 0xAC1F_0001, 0xC0A8_0101, 0xA9FE_0001, 0x6440_0001,
    ])
    func `a private address means nothing, unless a proxy names it`(number: UInt32) {
        let address = SocketAddress(ipv4: number, port: 1)
        #expect(block(address) == 0)
        var origins = Origins(ModerationRules())
        origins.opened(0, address)
        origins.named(0, address)
        #expect(origins.origin(Token(index: 0, generation: 1)).block != 0)
    }

    @Test(arguments: [0xAC20_0001, 0x6480_0001, 0x0B00_0001])
    func `a public address has a block`(number: UInt32) {
        #expect(block(SocketAddress(ipv4: number, port: 1)) != 0)
        #expect(block(ipv6(0xFD00_0000_0000_0000, 1)) == 0)
        #expect(block(ipv6(0xFE80_0000_0000_0000, 1)) == 0)
    }
}
