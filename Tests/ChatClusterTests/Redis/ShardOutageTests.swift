import Logging
import Redis
import Testing

@testable import ChatCluster
@testable import Simulation

@Suite struct ShardOutageTests {
    private static func outage() throws -> (outage: ShardOutage, log: Logger, record: LogRecorder) {
        let record = LogRecorder()
        return (
            ShardOutage(of: try RedisURL("redis://u:secret@a")), Logger(label: "") { _ in record },
            record
        )
    }

    @Test func `an outage is told once for each reason, and then once a minute`() throws {
        var (outage, log, record) = try Self.outage()
        for second in 0..<UInt64(60) {
            outage.failed(second == 0 ? "it was closed" : "refused", at: second * 1_000, log)
        }
        #expect(record.messages.count == 2)
        outage.failed("refused", at: 61_000, log)
        outage.failed("refused", at: 120_000, log)
        #expect(record.messages.count == 3)
        outage.ended(at: 121_000, log)
        #expect(
            record.entries.last
                == "A Redis of the cluster is connected again redis=redis://u:***@a seconds=121")
        // The next outage is another one.
        outage.failed("refused", at: 122_000, log)
        #expect(record.messages.count == 5)
    }

    @Test func `reasons that never repeat are not told for ever`() throws {
        var (outage, log, record) = try Self.outage()
        for second in 0..<UInt64(30) { outage.failed("\(second)", at: second * 1_000, log) }
        #expect(record.messages.count == 4)
    }

    @Test func `a first connection and a new epoch are told once`() throws {
        var (outage, log, record) = try Self.outage()
        outage.sawEpochChanges(0, log)
        for _ in 0..<2 { outage.ended(at: 0, log) }
        for _ in 0..<2 { outage.sawEpochChanges(1, log) }
        #expect(
            record.messages == [
                "A Redis of the cluster is connected",
                "A Redis of the cluster was started anew, or replaced: a new epoch begins",
            ])
    }
}
