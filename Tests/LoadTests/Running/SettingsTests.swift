import ArgumentParser
import Testing

@testable import hubbub_load

@Suite struct SettingsTests {
    private static func settings(_ arguments: String...) throws -> Settings {
        let command = try HubbubLoad.parseAsRoot(arguments)
        return try #require(command as? any ScenarioCommand).settings
    }

    @Test func `a URL alone means a broadcast`() throws {
        let settings = try Self.settings("ws://a:1/x")
        #expect(settings.scenario == .broadcast)
        #expect(settings.url == "ws://a:1/x")
        #expect(settings.length <= 18)
        try settings.check()
    }

    @Test(arguments: Scenario.allCases)
    func `every scenario is valid without flags`(scenario: Scenario) throws {
        let settings = try Self.settings(
            scenario.rawValue, "ws://a/", "--server-pid", "7", "--processes", "2")
        #expect(settings.scenario == scenario)
        #expect(settings.serverPids == [7])
        try settings.check()
    }

    @Test(arguments: [
        (["--connections", "0"], "--connections 0"),
        (["--rate", "-1"], "--rate -1"),
        (["--senders", "101"], "--senders 101"),
        (["--payload", "0"], "--payload 0"),
        (["--duration", "0"], "--duration 0"),
        (["--processes", "65"], "--processes 65"),
        (["--ramp", "5"], "--connect-rate"),
        (["--connections", "2", "--processes", "3"], "--connections 3"),
        (["idle"], "--server-pid"),
        (["flood", "--window", "0"], "--window 0"),
        (["slow", "--share", "0"], "--share 0"),
        (["slow", "--share", "0.1", "--connections", "2"], "--connections"),
        (["storm", "--rounds", "0"], "--rounds 0"),
        (["storm", "--away", "11"], "--away 11"),
        (["rooms", "--rooms", "2000"], "--rooms 2000"),
        (["soak", "--churn", "-2"], "--churn -2"),
    ])
    func `an invalid value is refused with its flag`(arguments: [String], named: String) throws {
        // A value that begins with a dash must be part of its flag.
        var joined: [String] = []
        for word in arguments {
            if let last = joined.last, last.hasPrefix("--"), !last.contains("=") {
                joined[joined.count - 1] = "\(last)=\(word)"
            } else {
                joined.append(word)
            }
        }
        let command = try HubbubLoad.parseAsRoot(joined)
        let settings = try #require(command as? any ScenarioCommand).settings
        #expect { try settings.check() } throws: { error in "\(error)".contains(named) }
    }

    @Test func `by default the number of senders keeps each below the server's limit`() throws {
        #expect(try Self.settings("broadcast", "--rate", "40").senders == 10)
        #expect(try Self.settings("slow", "--rate", "1000").senders == 90)
        #expect(try Self.settings("storm", "--rate", "1000").senders == 250)
        #expect(try Self.settings("broadcast", "--senders", "3").senders == 3)
    }

    @Test(arguments: [("plain", Dialect.plain), ("hubbub.v1", .rich), ("auto", .auto)])
    func `a dialect is named by its subprotocol`(name: String, dialect: Dialect) throws {
        #expect(try Self.settings("broadcast", "--dialect", name).dialect == dialect)
        #expect(Dialect(rawValue: name) == dialect && dialect.rawValue == name)
        #expect(Dialect.allCases.contains(dialect))
    }
}
