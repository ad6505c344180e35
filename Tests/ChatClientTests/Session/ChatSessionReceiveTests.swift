import Reactor
import Testing

@testable import ChatClient

@Suite struct ChatSessionReceiveTests {
    @Test func `lines are delivered once and in order across connections`() {
        var play = Play(historyLines: 2)
        _ = play.connect()
        _ = play.enter(seq: 9)
        #expect(play.receive(.message(line(8)), .message(line(9))).numbers == [8, 9])
        #expect(play.receive(.message(line(10)), .message(line(10))).numbers == [10])
        _ = play.lose()
        let resume = ClientCommand.Entry.after(epoch: "e1", seq: 10)
        #expect(play.connect() == [.join(room: "go", username: "ann", resume, rev: 0, id: "2")])
        _ = play.enter(seq: 12, recovered: true)
        let outcomes = play.receive(.message(line(10)), .message(line(11)), .message(line(12)))
        #expect(outcomes.numbers == [11, 12])
        #expect(play.receive(.message(line(5)), .message(line(13))).numbers == [13])
    }

    @Test func `a connection that breaks within the first lines continues where it broke`() {
        var play = Play(historyLines: 5)
        _ = play.connect()
        _ = play.enter(seq: 9)
        _ = play.lose()
        let resume = ClientCommand.Entry.after(epoch: "e1", seq: 4)
        #expect(play.connect() == [.join(room: "go", username: "ann", resume, rev: 0, id: "2")])
        _ = play.enter(seq: 9, recovered: true)
        #expect(play.receive(.message(line(5))).numbers == [5])
    }

    @Test func `without history, the first line is the next one`() {
        var play = Play(historyLines: 0)
        _ = play.connect()
        _ = play.enter(seq: 9)
        #expect(play.receive(.message(line(9)), .message(line(10))).numbers == [10])
    }

    @Test func `a client that can't resume is told so, and the numbers start over`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        #expect(play.receive(.message(line(1)), .message(line(2))).numbers == [1, 2])
        _ = play.lose()
        _ = play.connect()
        let outcomes = play.enter(seq: 1, epoch: "e2", recovered: false)
        guard case .joined(_, jumped: true) = outcomes.first else {
            Issue.record("no jump")
            return
        }
        #expect(play.receive(.message(line(1)), .message(line(2))).numbers == [1, 2])
    }

    @Test func `within the same numbering missing lines are reported by number`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        _ = play.receive(.message(line(1)), .message(line(2)))
        _ = play.lose()
        _ = play.connect()
        let outcomes = play.enter(seq: 60, recovered: false)
        guard case .joined(_, jumped: false) = outcomes.first else {
            Issue.record("a jump")
            return
        }
        #expect(play.receive(.message(line(2)), .message(line(5))).numbers == [-3, -4, 5])
    }

    @Test func `a last number below the cursor is a jump`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        _ = play.receive(.message(line(1)), .message(line(2)))
        _ = play.lose()
        _ = play.connect()
        guard case .joined(_, jumped: true) = play.enter(seq: 1, recovered: true).first else {
            Issue.record("no jump")
            return
        }
    }

    @Test func `a gap is reported in its place and fetched page by page`() throws {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        _ = play.receive(.message(line(1)))
        let gap = ServerEvent.Gap(room: "go", from: 2, to: 251)
        let outcomes = play.receive(.gap(gap))
        #expect(outcomes.first == .missed(gap))
        #expect(outcomes.commands == [.history(room: "go", before: 252, limit: 200, id: "2")])
        #expect(play.receive(.message(line(252))).numbers == [252])
        var page = ServerEvent.History(
            id: "2", room: "go", messages: (52...251).map { line($0) }, more: true)
        #expect(
            play.receive(.history(page)).commands
                == [.history(room: "go", before: 52, limit: 50, id: "3")])
        page = ServerEvent.History(
            id: "3", room: "go", messages: (2...51).map { line($0) }, more: true)
        #expect(play.receive(.history(page)) == [.recalled(gap, (2...251).map { line($0) })])
    }

    @Test func `lines of a gap that are gone are left out`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        let gap = ServerEvent.Gap(room: "go", from: 1, to: 9)
        _ = play.receive(.gap(gap))
        let page = ServerEvent.History(
            id: "2", room: "go", messages: [line(8), line(9)], more: false)
        #expect(play.receive(.history(page)) == [.recalled(gap, [line(8), line(9)])])
    }

    @Test func `a page that is refused for now is requested again, but not forever`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        let gap = ServerEvent.Gap(room: "go", from: 1, to: 9)
        _ = play.receive(.gap(gap))
        for id in 2...4 {
            _ = play.receive(error("\(id)", "store_unavailable", retryAfter: 500))
            #expect(play.session.deadline == play.now.advanced(byMilliseconds: 500))
            #expect(play.wait(499).isEmpty)
            #expect(play.wait(1).commands.count == 1)
        }
        let last = play.receive(error("5", "store_unavailable", retryAfter: 500))
        #expect(last == [.recalled(gap, [])])
    }

    @Test func `the largest numbers don't trap`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: .max)
        #expect(play.receive(.message(line(0)), .message(line(0))).count == 1)
        _ = play.receive(.gap(ServerEvent.Gap(room: "go", from: 1, to: .max)))
        #expect(play.receive(.message(line(.max))).isEmpty)
    }

    private func epoch(_ seq: UInt64, _ name: String = "e2", room: String = "go") -> ServerEvent {
        .epoch(ServerEvent.Epoch(room: room, epoch: name, seq: seq))
    }

    @Test func `a new epoch is the one to continue in, and nothing is shown twice`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        _ = play.receive(.message(line(1)), .message(line(2)))
        let event = ServerEvent.Epoch(room: "go", epoch: "e2", seq: 2)
        #expect(play.receive(epoch(2), epoch(9, room: "other")) == [.began(event, lost: 0)])
        #expect(play.receive(.message(line(2)), .message(line(3))).numbers == [3])
        _ = play.lose()
        let resume = ClientCommand.Entry.after(epoch: "e2", seq: 3)
        #expect(play.connect() == [.join(room: "go", username: "ann", resume, rev: 0, id: "2")])
    }

    @Test func `a new epoch tells which lines are lost, and which were missed`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        _ = play.receive(.message(line(1)), .message(line(2)), .message(line(3)))
        let event = ServerEvent.Epoch(room: "go", epoch: "e2", seq: 1)
        #expect(play.receive(epoch(1)) == [.began(event, lost: 2)])
        #expect(play.receive(.message(line(2)), .message(line(4))).numbers == [2, -3, 4])
        #expect(play.receive(epoch(6, "e3"), .message(line(7))).numbers == [-5, -6, 7])
    }
}
