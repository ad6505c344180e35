import Chat
import Testing

@testable import ChatServer

@Suite struct NameGuardTests {
    private let go = RoomID(rawValue: 1)
    private let other = RoomID(rawValue: 2)

    private func member(_ number: UInt32) -> MembershipID { MembershipID(rawValue: number) }

    @Test(arguments: [
        "Ann", "ANN", "ann", " Ann ", "\u{FF21}nn", "A\u{200B}nn", "\u{410}nn", "Ａｎｎ",
        "An\u{FE0F}n",
    ])
    func `a name that looks like a user's is the user's`(name: String) {
        var names = NameGuard(reserved: [])
        #expect(!names.isOn)
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(names.isOn)
        #expect(names.refuses(name, of: member(1), in: go))
        #expect(!names.refuses(name, of: member(2), in: other))
        #expect(!names.refuses(name, of: nil, in: nil))
        #expect(!names.refuses("Anna", of: member(1), in: go))
        names.left(member(0))
        #expect(!names.refuses(name, of: member(1), in: go))
        #expect(names.count == 0)
    }

    @Test func `a reserved name is nobody's in any room`() {
        var names = NameGuard(reserved: ["Admin"])
        #expect(names.refuses("\u{430}dmin", of: nil, in: nil))
        #expect(names.refuses("admin", of: nil, in: nil, sub: "u1"))
        names.reservedChanged(["root"])
        #expect(!names.refuses("admin", of: nil, in: nil))
        #expect(names.refuses("r00t", of: nil, in: nil) || names.refuses("ROOT", of: nil, in: nil))
        names.reservedChanged([])
        #expect(!names.isOn)
    }

    @Test func `a name that was fine is looked at again when users come`() {
        var names = NameGuard(reserved: ["x"])
        #expect(!names.refuses("ann", of: member(1), in: go))
        #expect(names.passedCount == 1)
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(names.refuses("ann", of: member(1), in: go))
        names.left(member(1))
        #expect(names.passedCount == 0)
    }

    @Test func `users with one name each keep it until the last has left`() {
        var names = NameGuard(reserved: [])
        for number in 0..<3 as Range<UInt32> {
            names.named(member(number), in: go, "Ann", sub: "u\(number / 2)")
        }
        for number in 0..<3 as Range<UInt32> {
            #expect(names.refuses("Ann", of: nil, in: go))
            names.left(member(number))
        }
        #expect(!names.refuses("Ann", of: nil, in: go))
    }

    @Test func `a user may have its own name twice`() {
        var names = NameGuard(reserved: [])
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(!names.refuses("Ann", of: nil, in: go, sub: "u1"))
        #expect(names.refuses("Ann", of: nil, in: go, sub: "u2"))
    }

    @Test func `another name takes the place of the first`() {
        var names = NameGuard(reserved: [])
        names.named(member(0), in: go, "Ann", sub: "u1")
        names.named(member(0), in: go, "Bob", sub: "u1")
        #expect(!names.refuses("Ann", of: nil, in: go) && names.refuses("Bob", of: nil, in: go))
        #expect(names.count == 1)
    }
}
