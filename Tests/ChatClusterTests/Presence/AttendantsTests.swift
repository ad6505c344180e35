import Testing

@testable import ChatCluster

/// Which nodes live, by their attendances and the clock here.
@Suite struct AttendantsTests {
    private static func run(_ name: String, _ number: UInt64 = 1) -> NodeRun {
        guard let name = NodeName(name) else { preconditionFailure("a bad name") }
        return NodeRun(name, number: number)
    }

    private static let own = Attendance(run("own"), first: 1, last: 1)
    private var attendants = Attendants(run("own"))

    private static func other(_ last: UInt64, run number: UInt64 = 1) -> Attendance {
        Attendance(run("other", number), first: 1, last: last)
    }

    @Test mutating func `a node lives while its attendance grows`() {
        let came = attendants.attended([Self.own, Self.other(1)], at: 10_000)
        #expect(came.isForgotten && came.areOthers && came.dead == [])
        for step in 1...20 as ClosedRange<UInt64> {
            let last = 1 + step / 4
            let news = attendants.attended([Self.own, Self.other(last)], at: 10_000 + step * 500)
            #expect(!news.areOthers && !news.isForgotten && news.dead == [])
        }
        #expect(attendants.lives(Self.run("other")))
        #expect(!attendants.lives(Self.run("own")) && !attendants.lives(Self.run("other", 2)))
    }

    @Test mutating func `a silent node is dead until its attendance grows`() {
        var died: UInt64?
        for time in stride(from: 10_000, through: 14_000, by: 500) as StrideThrough<UInt64> {
            let news = attendants.attended([Self.own, Self.other(7)], at: time)
            #expect(news.dead == (attendants.lives(Self.run("other")) ? [] : [Self.other(7)]))
            if news.areOthers, time > 10_000 { died = died ?? time }
        }
        #expect(died == 10_000 + PresenceLimits.silence)
        #expect(attendants.knows(Self.run("other")))
        #expect(attendants.attended([Self.own, Self.other(8)], at: 14_500).areOthers)
        #expect(attendants.lives(Self.run("other")))
        let gone = attendants.attended([Self.own], at: 15_000)
        #expect(gone.gone == [] && gone.areOthers)
        #expect(!attendants.knows(Self.run("other")))
        let later = attendants.attended([Self.own], at: 15_000 + PresenceLimits.farewell)
        #expect(later.gone == [Self.run("other")] && !later.areOthers)
    }

    @Test mutating func `a silent shard doesn't kill nodes`() {
        _ = attendants.attended([Self.own, Self.other(7)], at: 10_000)
        _ = attendants.attended([Self.own, Self.other(7)], at: 10_500)
        let news = attendants.attended([Self.own, Self.other(7)], at: 20_000)
        #expect(!news.areOthers && news.dead == [])
        for time in stride(from: 20_500, through: 22_000, by: 500) as StrideThrough<UInt64> {
            _ = attendants.attended([Self.own, Self.other(7)], at: time)
        }
        #expect(attendants.lives(Self.run("other")))
        #expect(attendants.attended([Self.own, Self.other(7)], at: 22_500).dead == [Self.other(7)])
        // Another pause doesn't bring it back.
        #expect(attendants.attended([Self.own, Self.other(7)], at: 30_000).dead == [Self.other(7)])
    }

    @Test mutating func `a new run of a node takes the place of the former`() {
        _ = attendants.attended([Self.own, Self.other(7)], at: 10_000)
        let news = attendants.attended([Self.own, Self.other(1, run: 2)], at: 10_500)
        #expect(news.gone == [] && news.areOthers)
        #expect(attendants.lives(Self.run("other", 2)) && !attendants.lives(Self.run("other")))
    }

    @Test mutating func `a node learns that it was forgotten`() {
        #expect(attendants.attended([Self.own], at: 0).isForgotten)
        let later = Attendance(Self.run("own"), first: 1, last: 5)
        #expect(!attendants.attended([later], at: 500).isForgotten)
        let again = Attendance(Self.run("own"), first: 9, last: 9)
        #expect(attendants.attended([again], at: 1_000).isForgotten)
    }
}
