import Foundation
import Testing

@testable import hubbub_load

@Suite struct ReportTests {
    static func report(_ scenario: Scenario, violated: Bool = false) -> Report {
        var settings = Settings(scenario: scenario, url: "ws://a:1/<x>")
        settings.serverPids = [1]
        let span = Outcome.Span(from: 1_000_000_000, to: 3_000_000_000)
        var outcome = Outcome(opening: span, talk: span)
        (outcome.opened, outcome.linesSent, outcome.deliveries) = (100, 40, 4_000)
        for value in 1...100 {
            outcome.measured.record(nanoseconds: UInt64(value) * 100_000)
            outcome.handshakes.record(nanoseconds: UInt64(value) * 10_000)
        }
        outcome.rounds = [Outcome.Round(span: span, connections: 9, back: 9, resumed: 9)]
        if violated {
            var findings = Findings()
            findings.add(.lost(connection: 3, sender: 4, counters: 5...6), count: 2)
            findings.add(.ended(connection: 1, why: "<b>", lines: 2))
            outcome.take(findings)
        }
        var series = Series(workers: 1)
        for second in 1...5 {
            series.take(.init(processorSeconds: Double(second), bytes: 1 << 20), second: second)
            var interval = Interval(second: second)
            (interval.connections, interval.delivered, interval.sent) = (100, 800, 8)
            interval.latencies.record(nanoseconds: 1_500_000)
            _ = series.take(interval)
        }
        let samples = ["start", "half", "opened", "settled"].enumerated().map { index, name in
            (name, ServerProbe.Sample(processorSeconds: Double(index), bytes: 1_000 * index))
        }
        return Report(
            settings, outcome, series: series.points,
            samples: Dictionary(uniqueKeysWithValues: samples),
            started: Date(timeIntervalSince1970: 0), seconds: 9)
    }

    private static func json(_ report: Report) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        return try #require(value as? [String: Any])
    }

    @Test(arguments: Scenario.allCases)
    func `the JSON has the keys that programs build on`(scenario: Scenario) throws {
        let object = try Self.json(Self.report(scenario))
        var keys: Set<String> = [
            "tool", "format", "scenario", "settings", "started", "seconds", "dialect", "opening",
            "own_processor", "server_processor", "server_memory", "foreign", "is_clean",
            "is_interrupted", "violations", "findings", "series",
        ]
        if scenario.talks { keys.formUnion(["lines", "deliveries", "latency"]) }
        if scenario == .slow { keys.insert("slow") }
        if scenario == .storm { keys.insert("storms") }
        if scenario == .soak { keys.insert("churned") }
        #expect(Set(object.keys) == keys)
        #expect(object["started"] as? String == "1970-01-01T00:00:00Z")
        let point = try #require((object["series"] as? [[String: Any]])?.last)
        #expect(
            Set(point.keys) == [
                "second", "length", "connections", "handshakes", "lines", "deliveries", "p50",
                "p99", "max", "server_processors", "server_bytes",
            ])
    }

    @Test func `the numbers are those of the run`() throws {
        let object = try Self.json(Self.report(.broadcast))
        let deliveries = try #require(object["deliveries"] as? [String: Any])
        #expect(deliveries["per_second"] as? Double == 2_000)
        let latency = try #require(object["latency"] as? [String: Any])
        #expect(
            Set(latency.keys) == ["p50", "p90", "p99", "p999", "max", "mean", "count", "curve"])
        let memory = try #require(object["server_memory"] as? [String: Any])
        #expect(memory["bytes_per_connection"] as? Double == 20)
        #expect(memory["bytes_per_connection_of_second_half"] as? Double == 20)
        let server = try #require(object["server_processor"] as? [String: Any])
        #expect(server["microseconds_per_delivery"] as? Double == 250)
    }

    @Test func `a finding names the connection, the sender and the lines`() throws {
        let report = Self.report(.broadcast, violated: true)
        #expect(!report.isClean)
        let findings = try #require(try Self.json(report)["findings"] as? [[String: Any]])
        let lost = try #require(findings.first)
        #expect(lost["kind"] as? String == "lost")
        #expect(lost["connection"] as? Int == 3)
        #expect(lost["sender"] as? Int == 4)
        #expect(lost["first_line"] as? Int == 5)
        #expect(lost["last_line"] as? Int == 6)
        #expect(report.text.contains("VIOLATED: 1 ended, 2 lost"))
        #expect(report.text.contains("connection 3: lines 5 to 6 of sender 4 were lost"))
    }

    @Test(arguments: Scenario.allCases)
    func `the page needs no other files`(scenario: Scenario) {
        let page = Self.report(scenario, violated: true).html
        for foreign in ["http://", "https://", "src=", "<link", "@import", "url(", "<script"] {
            #expect(!page.contains(foreign), "\(foreign)")
        }
        #expect(page.contains("prefers-color-scheme:dark"))
        let expected = scenario.talks ? 8 : 6
        #expect(page.components(separatedBy: "<svg").count - 1 >= expected - 1)
        #expect(
            page.components(separatedBy: "<svg").count
                == page.components(
                    separatedBy: "</svg>"
                ).count)
        #expect(!page.contains("<x>") && !page.contains("<b>"))
        let body = page.components(separatedBy: "<h1>").last ?? ""
        #expect(!body.contains("nan") && !body.contains("inf"))
    }
}
