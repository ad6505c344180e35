import Testing

@testable import Chat

@Suite struct RoomNameTests {
    @Test(arguments: [
        "a", "lobby", "go", "0", ".", "_", "-", "a.b_c-9", String(repeating: "x", count: 64),
    ])
    func `valid names are accepted`(name: String) {
        #expect(RoomName(name)?.text == name)
        #expect(RoomName(Array(name.utf8).span)?.text == name)
    }

    @Test(arguments: [
        "", "A", "Lobby", "a b", "a/b", "é", "e\u{301}", "a\0", "\n", "a:", "`", "{", "\u{212A}",
        String(repeating: "x", count: 65),
    ])
    func `invalid names are refused`(name: String) {
        #expect(RoomName(name) == nil)
        #expect(RoomName(Array(name.utf8).span) == nil)
    }

    @Test func `exactly 39 bytes are allowed`() {
        let allowed = (UInt8.min ... .max).filter { RoomName([$0].span) != nil }
        #expect(allowed == Array("-.0123456789_abcdefghijklmnopqrstuvwxyz".utf8))
    }

    @Test func `names are equal only if all characters are`() {
        let names = (1...64).flatMap { count in
            ["a", "b"].map { String(repeating: "a", count: count - 1) + $0 }
        }
        #expect(Set(names.compactMap { RoomName($0) }).count == names.count)
        for name in names { #expect(RoomName(name) == RoomName(Array(name.utf8).span)) }
    }

    @Test func `the lobby is an ordinary room`() {
        #expect(RoomName("lobby") == RoomName.lobby)
    }
}
