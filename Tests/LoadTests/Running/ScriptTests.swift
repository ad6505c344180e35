import Reactor
import Testing

@testable import hubbub_load

@Suite struct ScriptTests {
    private static let start = Instant(nanoseconds: 5_000_000_000)

    /// All acts, with the seconds after the start at which they are due.
    private static func acts(_ settings: Settings) -> [(Double, Script.Act)] {
        let share = Share(settings: settings, index: 0, count: 1, run: 1)
        var script = Script(share, start: start)
        var acts: [(Double, Script.Act)] = []
        while let due = script.nextDue, let act = script.take(at: due) {
            acts.append((Double(due.nanoseconds - start.nanoseconds) / 1e9, act))
        }
        return acts
    }

    private static func settings(_ scenario: Scenario) -> Settings {
        var settings = Settings(scenario: scenario, url: "ws://a/")
        (settings.connections, settings.warmup, settings.duration) = (4, 1, 9)
        return settings
    }

    @Test func `some clients stop reading in the middle of the measurement`() {
        let acts = Self.acts(Self.settings(.slow))
        #expect(acts.map(\.0) == [5.5])
        #expect(acts.map(\.1) == [.stall])
    }

    @Test func `storms are spread evenly`() {
        var settings = Self.settings(.storm)
        settings.rounds = 2
        let acts = Self.acts(settings)
        #expect(acts.map(\.0) == [4, 7])
        #expect(acts.map(\.1) == [.storm, .storm])
    }

    @Test func `a storm waits for the one before it`() throws {
        var settings = Self.settings(.storm)
        settings.rounds = 2
        let share = Share(settings: settings, index: 0, count: 1, run: 1)
        var script = Script(share, start: Self.start)
        let late = Self.start.advanced(bySeconds: 9)
        #expect(script.take(at: late) == .storm)
        #expect(script.take(at: late, isStormy: true) == nil)
        #expect(script.take(at: late) == .storm)
    }

    @Test func `listeners leave in turn`() {
        var settings = Self.settings(.soak)
        settings.churn = 0.5
        let acts = Self.acts(settings)
        #expect(acts.map(\.0) == [3, 5, 7, 9])
        #expect(acts.map(\.1) == [.leave(1), .leave(2), .leave(3), .leave(1)])
    }

    @Test(arguments: [Scenario.connect, .idle, .broadcast, .flood, .rooms])
    func `other scenarios have no acts`(scenario: Scenario) {
        #expect(Self.acts(Self.settings(scenario)).isEmpty)
    }
}
