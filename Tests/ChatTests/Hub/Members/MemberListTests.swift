import Testing

@testable import Chat

/// The list of a room's members, and the version that it keeps until it changes.
@Suite struct MemberListTests {
    private struct State {
        var list: MemberList
        var version: UInt32

        /// Whether the list may have changed since.
        func isNew(after before: State) -> Bool {
            #expect(list == before.list || version != before.version)
            return version != before.version
        }
    }

    private func join(_ hub: inout Hub, _ member: Int, as name: String) -> MembershipID {
        hub.joined(
            MemberID(index: member), .lobby, as: name, start: .standard, logged: 1, resumeLimit: 0
        ).membership
    }

    @Test func `a list keeps its version until it changes`() {
        var hub = Hub(limits: ChatLimits(), capacity: 4)
        let ann = join(&hub, 0, as: "ann")
        let room = hub.room(of: ann)
        var state = State(list: hub.memberList(of: room), version: hub.listVersion(of: room))
        func isNew(_ change: (inout Hub) -> Void) -> Bool {
            change(&hub)
            let before = state
            state = State(list: hub.memberList(of: room), version: hub.listVersion(of: room))
            return state.isNew(after: before)
        }
        // Whoever asks amid changes counts as a change of presence, but not of the list.
        let isNewWhenAsked = isNew { $0.askedForMembers(ann) }
        #expect(!isNewWhenAsked)
        let isNewWhenTold = isNew { _ = $0.takePresence(of: room, at: 0) }
        #expect(isNewWhenTold)
        let isNewWithoutNews = isNew { _ = $0.takePresence(of: room, at: 0) }
        #expect(!isNewWithoutNews)
        let isNewWithAName = isNew { $0.renamed(ann, "e\u{323}\u{307}") }
        #expect(isNewWithAName)
        let isNewWithTheSameName = isNew { $0.renamed(ann, "e\u{323}\u{307}") }
        #expect(!isNewWithTheSameName)
        // A name of the same length that Unicode calls equivalent is another name.
        let isNewWithAnEquivalentName = isNew { $0.renamed(ann, "e\u{307}\u{323}") }
        #expect(isNewWithAnEquivalentName)
        let isNewWithAMember = isNew { _ = join(&$0, 1, as: "bob") }
        #expect(isNewWithAMember)
        let isNewWithAPlainMember = isNew { $0.entered(MemberID(index: 2), in: room) }
        #expect(isNewWithAPlainMember)
        let isNewWithoutAMember = isNew { hub in
            _ = hub.left(hub.firstMembership(of: MemberID(index: 1))!)
        }
        #expect(isNewWithoutAMember)
        #expect(state.list.count == 2)
    }

    @Test func `names are listed in the order of their bytes`() {
        // Unicode calls two of them equivalent, and orders letters otherwise.
        let names = ["Zoe", "ann", "anna", "e\u{301}", "zoe", "\u{E9}", "\u{1F600}"]
        var hub = Hub(limits: ChatLimits(), capacity: 8)
        for (member, name) in names.reversed().enumerated() { _ = join(&hub, member, as: name) }
        let room = hub.room(named: .lobby)
        let listed = room.flatMap { hub.memberList(of: $0).usernames }
        #expect(listed?.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    }

    /// Marks in any order are equivalent to Unicode, whose hash is therefore one for all of them.
    @Test func `no client can make names collide`() {
        let marks: [Character] = ["\u{300}", "\u{316}", "\u{327}", "\u{345}", "\u{334}"]
        var names: Set<String> = []
        var hashes: Set<Int> = []
        for first in marks {
            for second in marks where second != first {
                let name = "a\(first)\(second)"
                hashes.insert(ByteText(name).hashValue)
                names.insert(name)
            }
        }
        #expect(hashes.count == 20)
        #expect(names.count == 10)
    }
}
