import Testing

@testable import Chat

/// The lines that wait, in memory.
@Suite struct HeldTableTests {
    private static let other = RoomName("other")!

    private func line(
        _ id: UInt64, in room: RoomName = .lobby, _ reason: HeldLine.Reason = .hold,
        at time: Int64 = 0, key: String? = nil
    ) -> HeldLine {
        HeldLine(
            id: id,
            Draft(
                room: room, time: Timestamp(milliseconds: time), username: "ann",
                message: "\(id)", key: key), reason)
    }

    private func rules(_ seconds: Int) -> RoomRules {
        var rules = RoomRules()
        rules.holdSeconds = seconds
        return rules
    }

    private func table(_ lines: [HeldLine], holding seconds: Int, at now: UInt64) -> HeldTable {
        var table = HeldTable()
        for line in lines {
            table.expect(in: line.draft.room, rules(seconds))
            table.came(line, in: line.draft.room, at: now)
        }
        return table
    }

    @Test func `lines are due in their order, and those with a term never`() {
        var table = table(
            [line(1), line(2, .term), line(3), line(4, in: Self.other)], holding: 10, at: 500)
        #expect(table.next == 10_500)
        #expect(table.takeDue(at: 10_499) == [])
        #expect(table.takeDue(at: 10_500) == [1, 3, 4])
        // One release at a time.
        #expect(table.next == .max)
        #expect(table.takeDue(at: .max) == [])
        for id in [1, 3, 4] as [UInt64] { #expect(table.remove(id)?.id == id) }
        table.settled()
        #expect(table.takeDue(at: 1 << 40) == [])
        #expect(table.next == .max)
        table.approve(2)
        #expect(table.takeDue(at: 20_000) == [2])
        #expect(table.remove(2) != nil && table.remove(2) == nil)
        #expect(table.isEmpty && table.bytes == 0)
    }

    @Test func `a slice is due at once, and the rest after it`() {
        var table = table((1...600).map { line($0) }, holding: 1, at: 0)
        var said: [UInt64] = []
        while case let due = table.takeDue(at: 1_000), !due.isEmpty {
            #expect(due.count <= HeldTable.slice)
            for id in due { #expect(table.remove(id) != nil) }
            said += due
            table.settled()
        }
        #expect(said == Array(1...600))
    }

    @Test func `new rules hold for lines that wait`() {
        var table = table([line(1)], holding: 600, at: 0)
        table.set(rules(2), in: .lobby)
        #expect(table.takeDue(at: 1_999) == [])
        #expect(table.next == 2_000)
        var frozen = rules(2)
        frozen.frozen = true
        table.set(frozen, in: .lobby)
        #expect(table.takeDue(at: 5_000) == [])
        #expect(table.next == .max)
        table.set(rules(2), in: .lobby)
        #expect(table.takeDue(at: 5_000) == [1])
        table.settled(tryingAgain: 6_000)
        #expect(table.takeDue(at: 5_999) == [])
        #expect(table.takeDue(at: 6_000) == [1])
    }

    @Test(arguments: [(-50, 60_000), (30, 30_000), (900, 0)] as [(Int64, UInt64)])
    func `time before the start counts, and a clock that has jumped delays nothing`(
        waited: Int64, left: UInt64
    ) {
        var table = HeldTable()
        let room = HeldRoom(name: .lobby, rules: rules(60), lines: [line(1, at: 7)])
        table.replace(
            [room], at: 5_000, time: Timestamp(milliseconds: 7 + waited * 1_000))
        if left > 0 { #expect(table.takeDue(at: 5_000 + left - 1) == []) }
        #expect(table.takeDue(at: 5_000 + left) == [1])
    }

    @Test func `a line that is sent again is found by its key`() throws {
        let table = table([line(1, key: "k")], holding: 1, at: 0)
        #expect(try table.line(of: line(1, key: "k").draft)?.id == 1)
        #expect(try table.line(of: line(1, in: Self.other, key: "k").draft) == nil)
        #expect(try table.line(of: line(1, key: "l").draft) == nil)
        #expect(throws: Refusal.idReused) { try table.line(of: line(2, key: "k").draft) }
    }

    @Test func `there are limits`() {
        var table = HeldTable()
        for id in 1...UInt64(HeldLine.roomLimit) {
            #expect(table.takesLine(in: .lobby))
            table.expect(in: .lobby, rules(1))
            if id > 9 { table.came(line(id), in: .lobby, at: 0) }
        }
        #expect(!table.takesLine(in: .lobby))
        #expect(table.takesLine(in: Self.other))
        table.came(nil, in: .lobby, at: 0)
        #expect(table.takesLine(in: .lobby))
    }
}
