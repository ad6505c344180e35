import Chat
import Testing

@testable import Identity

@Suite struct APIKeysTests {
    private static let one = String(repeating: "a", count: 32)
    private static let two = String(repeating: "b", count: 32)

    @Test func `a line has a name, a role and a key`() throws {
        let keys = try APIKeys(
            parsing: "# programs\n\nshop owner \(Self.one)\r\n\tbot\tmember  \(Self.two)\n")
        let first = keys.holder(of: Self.one.utf8.span)
        let shop = try #require(first)
        #expect((shop.sub, shop.name, shop.role) == ("key:shop", "shop", .owner))
        #expect(shop.isKey && shop.speaksForOthers)
        let second = keys.holder(of: Self.two.utf8.span)
        let bot = try #require(second)
        #expect((bot.sub, bot.role, bot.speaksForOthers) == ("key:bot", .member, false))
        #expect(keys.names == ["shop", "bot"])
        #expect(APIKeys().isEmpty)
    }

    @Test func `only the whole key is one`() throws {
        let keys = try APIKeys(parsing: "shop owner \(Self.one)")
        for other in [
            "", String(Self.one.dropLast()), Self.one + "a", Self.two, Self.one.uppercased(),
        ] {
            let found = keys.holder(of: other.utf8.span)
            #expect(found == nil)
        }
    }

    @Test(arguments: [
        ("shop owner", "2 words"), ("shop", "1 words"), ("a b c d", "4 words"),
        ("shop king \(one)", "the role must be one of"),
        ("shop owner short", "the key has 5 bytes"),
        ("shop owner \(String(repeating: "x", count: 513))", "the key has 513 bytes"),
        ("shop owner \(one),", "only letters, digits"),
        ("\(String(repeating: "n", count: 33)) owner \(one)", "the name has 33 bytes"),
        ("bot owner \(one)", "is there twice"),
        ("shop2 owner \(two)", "is there twice"),
    ])
    func `a faulty line is named, and its key isn't repeated`(line: String, reason: String) {
        let fault = #expect(throws: APIKeys.Fault.self) {
            try APIKeys(parsing: "bot member \(Self.two)\n#\n\(line)\n")
        }
        #expect(fault?.line == 3)
        #expect(fault?.reason.contains(reason) == true)
        #expect(fault?.reason.contains(Self.one) == false)
    }

    @Test func `there is a limit`() throws {
        let lines = (0...APIKeys.limit).map { number in
            let text = String(number)
            return "n\(text) member " + String(repeating: "k", count: 40 - text.count) + text
        }
        _ = try APIKeys(parsing: lines.dropLast().joined(separator: "\n"))
        let fault = #expect(throws: APIKeys.Fault.self) {
            try APIKeys(parsing: lines.joined(separator: "\n"))
        }
        #expect(fault?.line == APIKeys.limit + 1)
    }
}
