import Reactor
import Testing
import WebSocket

@testable import ChatServer

@Suite struct AddressBookTests {
    private static let now = Instant(nanoseconds: 60_000_000_000)

    private static func later(_ milliseconds: UInt64) -> Instant {
        now.advanced(byMilliseconds: milliseconds)
    }

    private static func numeric(_ text: String) throws -> SocketAddress {
        try #require(SocketAddress(numeric: text))
    }

    private func book(
        connections: Int = 0, handshakes: Int = 0, proxies: TrustedProxies = TrustedProxies()
    ) -> AddressBook {
        AddressBook(connections: connections, handshakesPerSecond: handshakes, proxies: proxies)
    }

    /// Requests a chat, on behalf of a client if one is given.
    private func ask(
        _ book: inout AddressBook, _ index: Int, for client: String? = nil,
        at time: Instant = now
    ) throws -> String? {
        var text = "GET /ws HTTP/1.1\r\nHost: a\r\n"
        if let client { text += "X-Forwarded-For: \(client)\r\n" }
        let bytes = Array((text + "\r\n").utf8)
        var progress = HeadProgress()
        let parsed = try RequestHead.parse(bytes.span, progress: &progress, limits: HeadLimits())
        let head = try #require(parsed)
        return book.asked(index, head, in: bytes.span, at: time)
    }

    @Test func `an address has a limit of connections`() {
        var book = book(connections: 2)
        for index in 0..<2 {
            #expect(book.admits(.of(1)))
            book.opened(index, .of(1), at: Self.now)
        }
        #expect(!book.admits(.of(1)))
        #expect(book.admits(.of(2)))
        book.closed(0)
        #expect(book.admits(.of(1)))
        book.closed(0)
        book.opened(0, .of(1), at: Self.now)
        #expect(!book.admits(.of(1)))
    }

    @Test(
        arguments: [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8::1", "2001:db8::2:3", true), ("2001:db8::1", "2001:db8:0:1::1", false),
            ("2001:db8::1", "192.0.2.1", false),
        ])
    func `a block of 64 bits of IPv6 counts as one address`(
        first: String, second: String, areOne: Bool
    ) throws {
        var book = book(connections: 1)
        book.opened(0, try Self.numeric(first), at: Self.now)
        #expect(book.admits(try Self.numeric(second)) != areOne)
    }

    @Test func `without limits no client is refused`() throws {
        var book = book()
        for index in 0..<100 { book.opened(index, .of(1), at: Self.now) }
        #expect(book.admits(.of(1)))
        #expect(try ask(&book, 7) == nil)
        book.closed(7)
    }

    @Test func `an address has a limit of new chats a second`() throws {
        var book = book(handshakes: 2)
        for index in 0..<3 { book.opened(index, .of(1), at: Self.now) }
        book.opened(3, .of(2), at: Self.now)
        #expect(try ask(&book, 0) == nil)
        #expect(try ask(&book, 1) == nil)
        #expect(
            try ask(&book, 2) == "Your address opens chats too fast; try again in 500 ms.")
        #expect(try ask(&book, 3) == nil)
        #expect(try ask(&book, 2, at: Self.later(500)) == nil)
        // Closing a connection makes no difference.
        book.closed(0)
        book.opened(4, .of(1), at: Self.later(500))
        #expect(try ask(&book, 4, at: Self.later(500)) != nil)
    }

    @Test func `a proxy's connections count for their clients once these are known`() throws {
        let block = try #require(AddressBlock("192.0.2.9"))
        var book = book(connections: 1, proxies: TrustedProxies([block]))
        for index in 0..<4 {
            #expect(book.admits(.of(9)))
            book.opened(index, .of(9), at: Self.now)
        }
        #expect(try ask(&book, 0, for: "198.51.100.1") == nil)
        // It counts once, however often it asks.
        #expect(try ask(&book, 0, for: "198.51.100.1") == nil)
        #expect(try ask(&book, 1, for: "198.51.100.1")?.contains("close one first") == true)
        #expect(try ask(&book, 2, for: "198.51.100.2") == nil)
        #expect(book.admits(.of(9)))
        book.closed(0)
        // A client that was refused may ask again on the same connection.
        #expect(try ask(&book, 1, for: "198.51.100.1") == nil)
        book.closed(3)
    }

    @Test func `addresses in use now or recently are never forgotten`() throws {
        var book = book(connections: 1, handshakes: 1)
        book.opened(0, .of(1), at: Self.now)
        book.opened(1, .of(2), at: Self.now)
        #expect(try ask(&book, 1) == nil)
        book.closed(1)
        // A crowd comes and goes, twice as large as the size that makes the book clean up.
        for number in 0..<3_000 as Range<UInt32> {
            let address = SocketAddress(ipv4: 0x0A00_0000 + number, port: 1)
            book.opened(2, address, at: Self.later(500))
            book.closed(2)
        }
        #expect(!book.admits(.of(1)))
        book.opened(1, .of(2), at: Self.later(500))
        #expect(try ask(&book, 1, at: Self.later(500)) != nil)
    }
}
