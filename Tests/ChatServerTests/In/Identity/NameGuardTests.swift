import Chat
import Testing

@testable import ChatServer

@Suite struct NameGuardTests {
    private let go = RoomID(rawValue: 1)
    private let other = RoomID(rawValue: 2)

    private func member(_ number: UInt32) -> MembershipID { MembershipID(rawValue: number) }

    /// A guard of which tests can ask anything.
    private final class Door {
        var names: NameGuard

        init(reserved: [String] = []) { names = NameGuard(reserved: reserved) }

        var isOn: Bool { names.isOn }
        var count: Int { names.count }
        var passedCount: Int { names.passedCount }

        func reservedChanged(_ reserved: [String]) { names.reservedChanged(reserved) }

        func named(_ id: MembershipID, in room: RoomID, _ name: String, sub: String) {
            names.named(id, in: room, name, sub: sub)
        }

        func left(_ id: MembershipID) { names.left(id) }

        func passes(_ name: String, of id: MembershipID) -> Bool {
            names.passes(name.utf8.span, of: id)
        }

        func refuses(
            _ name: String, of id: MembershipID?, in room: RoomID?, sub: String? = nil
        ) -> Bool {
            names.refuses(name, of: id, in: room, sub: sub)
        }
    }

    @Test(arguments: [
        "Ann", "ANN", "ann", " Ann ", "\u{FF21}nn", "A\u{200B}nn", "\u{410}nn", "Ａｎｎ",
        "An\u{FE0F}n",
    ])
    func `a name that looks like a user's is the user's`(name: String) {
        let names = Door()
        #expect(!names.isOn)
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(names.isOn)
        #expect(names.refuses(name, of: member(1), in: go))
        #expect(!names.refuses(name, of: member(2), in: other))
        #expect(!names.refuses(name, of: nil, in: nil))
        #expect(!names.refuses("Anna", of: member(1), in: go))
        names.left(member(0))
        #expect(!names.refuses(name, of: member(1), in: go))
        #expect(names.count == 0 && !names.isOn)
    }

    @Test func `a reserved name is nobody's in any room`() {
        let names = Door(reserved: ["Admin"])
        #expect(names.refuses("\u{430}dmin", of: nil, in: nil))
        #expect(names.refuses("admin", of: nil, in: nil, sub: "u1"))
        names.reservedChanged(["root"])
        #expect(!names.refuses("admin", of: nil, in: nil))
        #expect(names.refuses("r00t", of: nil, in: nil))
        #expect(names.refuses("ROOT", of: nil, in: nil))
        names.reservedChanged([])
        #expect(!names.isOn)
    }

    @Test func `a name that was fine is looked at again when users come`() {
        let names = Door(reserved: ["x"])
        #expect(!names.refuses("ann", of: member(1), in: go))
        #expect(names.passedCount == 1)
        #expect(names.passes("ann", of: member(1)))
        #expect(!names.passes("ann", of: member(2)))
        #expect(!names.passes("bob", of: member(1)))
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(!names.passes("ann", of: member(1)))
        #expect(names.refuses("ann", of: member(1), in: go))
        #expect(names.refuses("ann", of: member(1), in: go))
        names.left(member(1))
        #expect(names.passedCount == 0)
    }

    @Test func `nothing is kept of members that leave while no user is there`() {
        let names = Door()
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(!names.refuses("bob", of: member(1), in: go))
        #expect(names.passedCount == 1)
        names.left(member(0))
        #expect(names.passedCount == 0)
        names.reservedChanged(["x"])
        #expect(!names.refuses("bob", of: member(1), in: go))
        names.reservedChanged([])
        #expect(names.passedCount == 0)
    }

    @Test func `users with one name each keep it until the last has left`() {
        let names = Door()
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
        let names = Door()
        names.named(member(0), in: go, "Ann", sub: "u1")
        #expect(!names.refuses("Ann", of: nil, in: go, sub: "u1"))
        #expect(names.refuses("Ann", of: nil, in: go, sub: "u2"))
    }

    @Test func `another name takes the place of the first`() {
        let names = Door()
        names.named(member(0), in: go, "Ann", sub: "u1")
        names.named(member(0), in: go, "Bob", sub: "u1")
        #expect(!names.refuses("Ann", of: nil, in: go))
        #expect(names.refuses("Bob", of: nil, in: go))
        #expect(names.count == 1)
    }
}
