import Chat
import ChatCluster
import Testing

/// A node that starts while another run has its name.
@Suite struct NameLeaseTests {
    private let epoch = Bench.epoch

    @Test func `the name of a node that has just died is waited for`() {
        var bench = Bench()
        bench.event(.connected)
        for _ in 0..<20 {
            bench.answer(.nameTaken(milliseconds: 100))
            bench.wait(250)
        }
        #expect(bench.replies() == [])
        bench.answer(.entered(Bench.state()))
        #expect(bench.replies() == [.ready(OrdererOpening(epoch: epoch, sends: []))])
        #expect(bench.follower.refusal == nil)
    }

    @Test func `a last beat that comes late doesn't keep the name from the next run`() {
        var bench = Bench()
        bench.event(.connected)
        for left in stride(from: 3_000, to: 250, by: -250) {
            bench.answer(.nameTaken(milliseconds: left))
            bench.wait(250)
        }
        for left in stride(from: 3_000, to: 0, by: -250) {
            bench.answer(.nameTaken(milliseconds: left))
            bench.wait(250)
        }
        #expect(bench.follower.refusal == nil)
        bench.answer(.entered(Bench.state()))
        #expect(bench.replies() == [.ready(OrdererOpening(epoch: epoch, sends: []))])
    }

    @Test func `a node whose name another one has may not run`() {
        var bench = Bench()
        bench.event(.connected)
        for number in 0..<26 {
            bench.answer(.nameTaken(milliseconds: number.isMultiple(of: 2) ? 2_900 : 2_650))
            bench.wait(250)
        }
        #expect(bench.follower.refusal == "another node has the name node")
        #expect(bench.replies() == [.failing(reason: "another node has the name node")])
    }

    @Test func `a name that is taken later makes lines fail until it is free`() {
        var bench = Bench.following(.lobby)
        bench.disconnect()
        bench.event(.connected)
        bench.answer(.nameTaken(milliseconds: 5_000))
        #expect(bench.replies() == [.failing(reason: "another node has the name node")])
        bench.wait(60_000)
        bench.event(.connected)
        bench.answer(.entered(Bench.state()))
        #expect(bench.replies() == [.recovered])
        #expect(bench.follower.refusal == nil)
    }
}
