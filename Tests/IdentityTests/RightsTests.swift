import Chat
import Identity
import Testing

@Suite struct RightsTests {
    private func role(_ room: String, _ rights: Rights) throws -> Role? {
        rights.role(in: try #require(RoomName(room)))
    }

    private func rights(_ role: Role, _ rooms: [String: Rights.Grant]) throws -> Rights {
        var patterns: [RoomPattern: Rights.Grant] = [:]
        for (text, grant) in rooms { patterns[try #require(RoomPattern(text))] = grant }
        return Rights(role: role, rooms: patterns)
    }

    @Test func `without rooms the role holds everywhere`() throws {
        #expect(try role("go", Rights(role: .vip)) == .vip)
    }

    @Test func `with rooms, others are closed`() throws {
        let rights = try rights(.owner, ["go": .role(.member)])
        #expect(try role("go", rights) == .member)
        #expect(try role("gopher", rights) == nil)
        #expect(try role("lobby", rights) == nil)
    }

    @Test func `no room at all is open if rooms is empty`() throws {
        #expect(try role("lobby", Rights(role: .owner, rooms: [:])) == nil)
    }

    @Test func `the exact name wins, then the longest prefix`() throws {
        let rights = try rights(
            .member,
            [
                "*": .role(.guest), "go*": .role(.vip), "go-*": .role(.moderator),
                "go-team": Rights.Grant.none, "go-": .role(.owner),
            ])
        #expect(try role("lobby", rights) == .guest)
        #expect(try role("go", rights) == .vip)
        #expect(try role("gopher", rights) == .vip)
        #expect(try role("go-news", rights) == .moderator)
        #expect(try role("go-teams", rights) == .moderator)
        #expect(try role("go-team", rights) == nil)
        #expect(try role("go-", rights) == .owner)
    }

    @Test func `a longer prefix can close rooms`() throws {
        let rights = try rights(.owner, ["*": .role(.owner), "staff-*": Rights.Grant.none])
        #expect(try role("lobby", rights) == .owner)
        #expect(try role("staff-1", rights) == nil)
    }

    @Test(arguments: ["", "Go", "go **", "*go", "g*o", "go**", String(repeating: "a", count: 65)])
    func `it is no pattern`(_ text: String) { #expect(RoomPattern(text) == nil) }

    @Test func `roles have an order and names`() {
        #expect(Role.allCases == Role.allCases.sorted())
        #expect(Role.allCases.map(\.name) == ["guest", "member", "vip", "moderator", "owner"])
        for role in Role.allCases { #expect(Role(role.name) == role) }
        #expect(Role("Owner") == nil)
    }

    @Test func `rights say which rooms may be moderated`() throws {
        #expect(Rights(role: .moderator).moderatesAnywhere)
        #expect(!Rights(role: .vip).moderatesAnywhere)
        #expect(Rights(role: .owner).moderatedRooms == [])
        let rights = try rights(
            .member,
            [
                "go": .role(.moderator), "a": .role(.owner), "b": .role(.vip), "c*": .role(.owner),
                "d": Rights.Grant.none,
            ])
        #expect(rights.moderatesAnywhere)
        #expect(Set(rights.moderatedRooms.map(\.text)) == ["go", "a"])
        let none = try self.rights(.moderator, ["b": .role(.vip), "d": Rights.Grant.none])
        #expect(!none.moderatesAnywhere && none.moderatedRooms == [])
    }
}
