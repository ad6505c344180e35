import TestSupport
import Testing

@testable import Chat

@Suite struct PresenceChangesTests {
    private func names(_ change: (inout PresenceChanges) -> Void) -> [[String]]? {
        var changes = PresenceChanges()
        change(&changes)
        return changes.take().map { [$0.joined, $0.left] }
    }

    @Test func `an idle room takes sixteen bytes`() {
        #expect(MemoryLayout<PresenceChanges>.size == 16)
    }

    @Test func `names are sorted by their bytes`() {
        let result = names { changes in
            for name in ["cy", "ann", "é", "Zoë", "bob"] { changes.joined(name) }
            for name in ["y", "x"] { changes.left(name) }
        }
        #expect(result == [["Zoë", "ann", "bob", "cy", "é"], ["x", "y"]])
    }

    @Test func `a member that comes and goes doesn't count`() {
        var changes = PresenceChanges()
        changes.joined("ann")
        changes.left("bob")
        changes.left("ann")
        changes.joined("bob")
        #expect(changes.isEmpty)
        #expect(changes.take().map { $0.joined + $0.left } == [])
    }

    @Test func `connections with the same name are counted`() {
        let result = names { changes in
            for _ in 0..<3 { changes.joined("ann") }
            changes.left("ann")
            for _ in 0..<2 { changes.left("bob") }
        }
        #expect(result == [["ann", "ann"], ["bob", "bob"]])
    }

    @Test func `connections without a name change only the count`() {
        var changes = PresenceChanges()
        changes.joined(nil)
        #expect(!changes.isEmpty)
        changes.left(nil)
        #expect(changes.isEmpty)
        changes.left(nil)
        #expect(!changes.isEmpty)
        #expect(changes.take().map { $0.joined + $0.left } == [])
        #expect(changes.isEmpty)
    }

    @Test func `a new name counts as going and coming`() {
        let result = names { changes in
            changes.renamed(from: "ann", to: "bob")
            changes.renamed(from: nil, to: "cy")
            changes.renamed(from: "dee", to: "dee")
        }
        #expect(result == [["bob", "cy"], ["ann"]])
        var changes = PresenceChanges()
        changes.renamed(from: "ann", to: "bob")
        #expect(!changes.isEmpty)
        changes.renamed(from: "bob", to: "ann")
        #expect(changes.isEmpty)
    }

    @Test func `names that only look the same differ`() {
        let result = names { changes in
            changes.joined("\u{E9}")
            changes.left("e\u{301}")
        }
        #expect(
            result?.map { $0.map { Array($0.utf8) } } == [[[0xC3, 0xA9]], [[0x65, 0xCC, 0x81]]])
    }

    @Test func `taking the changes begins anew`() {
        var changes = PresenceChanges()
        changes.joined("ann")
        #expect(changes.take()?.joined == ["ann"])
        #expect(changes.isEmpty)
        #expect(changes.take()?.joined == [])
        changes.left("ann")
        #expect(changes.take()?.left == ["ann"])
    }

    @Test(arguments: [true, false])
    func `up to 200 names are kept`(isJoining: Bool) {
        func filled(_ count: Int) -> PresenceChanges {
            var changes = PresenceChanges()
            for number in 0..<count {
                if isJoining { changes.joined("\(number)") } else { changes.left("\(number)") }
            }
            return changes
        }
        var most = filled(200)
        #expect(most.take().map { $0.joined.count + $0.left.count } == 200)
        var tooMany = filled(201)
        // Later balanced changes don't bring the names back.
        for number in 0..<201 {
            if isJoining { tooMany.left("\(number)") } else { tooMany.joined("\(number)") }
        }
        #expect(!tooMany.isEmpty)
        #expect(tooMany.take() == nil)
        #expect(tooMany.isEmpty)
        tooMany.joined("ann")
        #expect(tooMany.take()?.joined == ["ann"])
    }

    @Test func `a name counts as often as it appears`() {
        let crowd = names { changes in
            for _ in 0..<201 { changes.joined("ann") }
        }
        #expect(crowd == nil)
        let both = names { changes in
            for number in 0..<200 {
                changes.joined("a\(number)")
                changes.left("b\(number)")
            }
        }
        #expect(both?.map(\.count) == [200, 200])
    }

    @Test func `many comings and goings take little memory`() {
        var changes = PresenceChanges()
        for number in 0..<100_000 {
            changes.joined("\(number)")
            changes.left("\(number)")
        }
        #expect(changes.isEmpty)
    }

    /// The names lead from the members before to the members after.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `the changes lead from the members before to those after`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let choices = ["a", "b", "c", nil]
        var there: [String?] = ["a", "b", "b", nil]
        var changes = PresenceChanges()
        for _ in 0..<40 {
            let before = there
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                step(&there, &changes, choices, &generator)
            }
            let isSame = before.count == there.count && sorted(before) == sorted(there)
            #expect(changes.isEmpty == isSame, "seed \(seed)")
            let taken = changes.take()
            let names = try #require(taken)
            #expect(Set(names.joined).isDisjoint(with: names.left), "seed \(seed)")
            let (gained, lost) = (sorted(before) + names.joined, sorted(there) + names.left)
            #expect(gained.sorted() == lost.sorted(), "seed \(seed)")
        }
    }

    private func sorted(_ names: [String?]) -> [String] {
        names.compactMap(\.self).sorted()
    }

    private func step(
        _ there: inout [String?], _ changes: inout PresenceChanges, _ choices: [String?],
        _ generator: inout SplitMix64
    ) {
        let name = choices[Int.random(in: choices.indices, using: &generator)]
        let place = there.indices.randomElement(using: &generator)
        switch (Int.random(in: 0..<3, using: &generator), place, name) {
        case (0, let place?, _):
            changes.left(there.remove(at: place))
        case (1, let place?, let name?):
            changes.renamed(from: there[place], to: name)
            there[place] = name
        default:
            changes.joined(name)
            there.append(name)
        }
    }
}
