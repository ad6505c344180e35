import Testing

@testable import hubbub_load

@Suite struct ShareTests {
    private static func shares(_ settings: Settings, of count: Int) -> [Share] {
        (0..<count).map { Share(settings: settings, index: $0, count: count, run: 1) }
    }

    private static func settings(_ scenario: Scenario) -> Settings {
        var settings = Settings(scenario: scenario, url: "ws://a/")
        (settings.connections, settings.senders, settings.rate) = (101, 7, 70)
        (settings.rooms, settings.share) = (scenario == .rooms ? 13 : 1, 0.25)
        settings.rounds = 2
        return settings
    }

    @Test(arguments: Scenario.allCases, [1, 2, 3, 5])
    func `each connection belongs to exactly one process`(scenario: Scenario, count: Int) {
        let shares = Self.shares(Self.settings(scenario), of: count)
        let numbers = shares.flatMap { share in (0..<share.size).map { share.first + $0 } }
        #expect(numbers == Array(0..<(scenario == .storm ? 108 : 101)))
        #expect(shares.allSatisfy { $0.total == numbers.count })
        let speakers = shares.map(\.speakers.count).reduce(0, +)
        #expect(speakers == (scenario.talks ? 7 : 0))
        let rate = shares.map(\.rate).reduce(0, +)
        #expect(!scenario.isPaced || abs(rate - 70) < 0.001)
    }

    @Test(arguments: [1, 2, 3])
    func `each room has members in only one process`(count: Int) {
        let shares = Self.shares(Self.settings(.rooms), of: count)
        #expect(shares.map(\.rooms).reduce(0, +) == 13)
        var numbers: [Int] = []
        for share in shares {
            for room in 0..<share.rooms {
                let members = share.members(ofRoom: room)
                for index in 0..<members.count {
                    let number = members.number(at: index)
                    #expect(members.index(of: number) == index)
                    #expect((number - share.first) % share.rooms == room)
                    numbers.append(number)
                }
            }
        }
        #expect(numbers.sorted() == Array(0..<101))
    }

    @Test func `a client that stops reading or leaves doesn't send`() {
        let slow = Self.shares(Self.settings(.slow), of: 2)
        #expect(slow.map(\.stalling.count).reduce(0, +) == 25)
        #expect(slow.allSatisfy { Set($0.stalling).isDisjoint(with: $0.speakers) })
        let storm = Self.shares(Self.settings(.storm), of: 1)[0]
        #expect(storm.leaving == Array(0..<101))
        #expect(storm.speakers == Array(101..<108))
    }
}
