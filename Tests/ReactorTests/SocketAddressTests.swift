import Testing

@testable import Reactor

@Suite struct SocketAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1", 80, "127.0.0.1:80"), ("0.0.0.0", 0, "0.0.0.0:0"),
            ("255.254.253.252", 65_535, "255.254.253.252:65535"), ("::", 8_080, "[::]:8080"),
            ("::1", 1, "[::1]:1"), ("2001:db8::1", 443, "[2001:db8:0:0:0:0:0:1]:443"),
            ("::ffff:192.0.2.1", 5, "192.0.2.1:5"),
        ] as [(String, UInt16, String)])
    func `an address is written as it was parsed`(host: String, port: UInt16, text: String) throws {
        // An IPv4 address in IPv6 form is resolved as IPv6, and becomes IPv4 when it is parsed.
        let address = try #require(Listener.resolve(host: host, port: port).first)
        #expect(address.description == text)
        #expect(SocketAddress(address.raw) == address)
    }

    @Test func `loopback addresses are recognised`() throws {
        for (host, isLoopback) in [("127.9.8.7", true), ("::1", true), ("128.0.0.1", false)] {
            let address = try #require(Listener.resolve(host: host, port: 1).first)
            #expect(address.isLoopback == isLoopback)
        }
        #expect(SocketAddress(ipv4: 0x7F00_0001, port: 1).isLoopback)
    }

    @Test func `a number makes an IPv4 address`() {
        #expect(SocketAddress(ipv4: 0xC000_0201, port: 7).description == "192.0.2.1:7")
    }

    @Test func `a name that doesn't exist has no address`() {
        #expect(throws: SystemError.self) {
            try Listener.resolve(host: "nowhere.invalid", port: 1)
        }
    }
}
