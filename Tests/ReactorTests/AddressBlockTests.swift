import Testing

@testable import Reactor

@Suite struct AddressBlockTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.128/25", "192.0.2.128", true), ("192.0.2.128/25", "192.0.2.127", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
        ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
        ("2001:db8::/65", "2001:db8::8000:0:0:1", false),
        ("::/0", "2001:db8::1", true), ("::1", "::1", true), ("::1/128", "::2", false),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true),
    ])
    func `a block contains its addresses and no others`(
        block: String, address: String, expected: Bool
    ) throws {
        let block = try #require(AddressBlock(block))
        let address = try #require(SocketAddress(numeric: address))
        #expect(block.contains(address) == expected)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8",
        "300.1.1.1", "::1/129", "example.org", "10.0.0.0/8/8", " 10.0.0.0/8", "fe80::1%eth0",
    ])
    func `an invalid block is rejected`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
