import Chat
import ChatCluster
import Testing

/// Lines that a shard doesn't take, or of which nobody knows whether it has taken them.
@Suite struct LineTroubleTests {
    private let epoch = Bench.epoch

    @Test func `nobody knows of a line whose answer is lost for long`() {
        var bench = Bench()
        bench.enter()
        _ = bench.replies()
        bench.request(.append([Bench.submission(0), Bench.submission(1, key: "k")]))
        bench.disconnect()
        bench.wait(3_000)
        #expect(
            bench.replies() == [
                .failing(reason: "broken"), .answered([.uncertain, .uncertain]),
            ])
        // The same line may still have been said. Others have not.
        bench.request(.append([Bench.submission(1, key: "k"), Bench.submission(2, key: "l")]))
        #expect(bench.replies() == [.answered([.uncertain, .failed])])
        bench.event(.connected)
        bench.answer(.entered(Bench.state()))
        #expect(bench.replies() == [.recovered])
        bench.request(.append([Bench.submission(1, key: "k")]))
        guard case .append? = bench.commands.last?.command else {
            Issue.record("the line isn't appended")
            return
        }
    }

    @Test func `lines that too few replicas have aren't acknowledged`() {
        var bench = Bench()
        bench.enter()
        _ = bench.replies()
        let lines = (0..<300).map { Bench.submission($0) }
        bench.request(.append(lines))
        bench.answer(.appended(.unsettled(reason: "0 of 1")))
        let answers = lines.map { $0.id < 256 ? SubmissionAnswer.uncertain : .failed }
        #expect(bench.replies() == [.failing(reason: "0 of 1"), .answered(answers)])
        // The shard says so itself.
        for _ in 0..<10 {
            bench.wait(ShardLimits.beat)
            bench.answer(.beaten(Bench.state(trouble: "0 of 1"), []))
        }
        #expect(bench.replies() == [])
        bench.waitBeating(ShardLimits.refusal + ShardLimits.beat)
        #expect(bench.replies() == [.recovered])
    }

    @Test func `a shard that takes no lines is known before a line is refused`() {
        var bench = Bench()
        bench.event(.connected)
        bench.answer(.entered(Bench.state(trouble: "0 of 1")))
        #expect(
            bench.replies() == [
                .ready(OrdererOpening(epoch: epoch, sends: [])), .failing(reason: "0 of 1"),
            ])
        bench.disconnect()
        bench.event(.connected)
        bench.answer(.entered(Bench.state(trouble: "0 of 1")))
        #expect(bench.replies() == [])
    }

    @Test func `a shard that takes no lines counts as failing for a while`() {
        var bench = Bench()
        bench.enter()
        _ = bench.replies()
        bench.request(.append([Bench.submission(0)]))
        bench.answer(.appended(.refused(reason: "full")))
        #expect(bench.replies() == [.failing(reason: "full"), .answered([.failed])])
        bench.waitBeating(ShardLimits.refusal - 100)
        #expect(bench.replies() == [])
        bench.waitBeating(ShardLimits.beat + 100)
        #expect(bench.replies() == [.recovered])
    }

    @Test func `a group whose answer is lost is sent again under its number`() {
        var bench = Bench()
        bench.enter()
        _ = bench.replies()
        bench.request(.append([Bench.submission(0)]))
        let sent = bench.commands.map(\.command)
        bench.disconnect()
        bench.wait(1_000)
        bench.event(.connected)
        bench.answer(.entered(Bench.state()))
        #expect(bench.commands.map(\.command).suffix(1) == sent)
        #expect(bench.replies() == [])
    }
}
