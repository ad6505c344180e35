import Reactor
import Testing

@testable import ChatClient

@Suite struct ChatSessionSendTests {
    @Test func `after the welcome it joins and sends the lines typed before`() throws {
        var play = Play(historyLines: 7)
        #expect(play.say("hi").isEmpty)
        #expect(play.say("ho").isEmpty)
        #expect(
            play.connect() == [.join(room: "go", username: "ann", .history(7), rev: 0, id: "1")])
        let first = play.enter().commands
        #expect(first.count == 1)
        guard case .message("go", "hi", let id) = try #require(first.first) else {
            Issue.record("no line")
            return
        }
        #expect(id.count == 36)
        // The next line is sent once the one before it is answered.
        let ack = ServerEvent.Ack(id: id, room: "go", seq: 1, time: "")
        let next = play.receive(.ack(ack))
        guard case .acknowledged(let line, 1) = next.first else {
            Issue.record("not acknowledged")
            return
        }
        #expect(line.text == "hi")
        #expect(next.commands.count == 1)
        #expect(play.receive(.ack(ack)).isEmpty)
    }

    @Test func `an unacknowledged line is sent again with the same id`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let id = play.say("hi").commands.first?.lineID
        _ = play.lose()
        _ = play.connect()
        #expect(play.enter(seq: 1, recovered: true).commands.map(\.lineID) == [id])
    }

    @Test func `a line that the server wouldn't recognise isn't sent again`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        _ = play.say("hi")
        _ = play.lose()
        _ = play.wait(ChatSession.resendPeriod + 1)
        _ = play.connect()
        let outcomes = play.enter(seq: 1, recovered: true)
        guard case .uncertain(let line) = outcomes.last else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(line.text == "hi")
        #expect(play.session.pending.isEmpty)
    }

    @Test(arguments: ["rate_limited", "store_unavailable"])
    func `a line that is refused for now is sent again before later ones`(
        code: String
    ) {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let id = play.say("hi").commands.first?.lineID
        #expect(play.say("ho").isEmpty)
        let outcomes = play.receive(error(id, code, retryAfter: 700))
        #expect(outcomes.count == 1)
        #expect(play.session.deadline == play.now.advanced(byMilliseconds: 700))
        #expect(play.wait(699).isEmpty)
        #expect(play.wait(1).commands.map(\.lineID) == [id])
    }

    @Test(arguments: [false, true])
    func `a line whose outcome is unknown goes again with its id while that is known`(
        isUnknown: Bool
    ) {
        var play = Play()
        // The server isn't taken for silent.
        _ = play.connect(ping: 0)
        _ = play.enter()
        let id = play.say("hi").commands.first?.lineID
        var outcomes: [ChatOutcome] = []
        for _ in 0..<400 where outcomes.isEmpty {
            let problem = ServerEvent.Problem(
                id: id, code: "store_unavailable", reason: "Why.", retryAfter: 1_000,
                unknown: isUnknown)
            outcomes = play.receive(.error(problem)) + play.wait(1_000)
            // A ping may come with it.
            if outcomes.commands.contains(where: { $0.lineID == id }) { outcomes = [] }
        }
        // What was never stored may go for ever.
        let isGivenUp = outcomes.contains { if case .uncertain = $0 { true } else { false } }
        #expect(isGivenUp == isUnknown)
    }

    @Test func `a line that is refused permanently is given up, and the next one is sent`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let id = play.say("hi").commands.first?.lineID
        _ = play.say("ho")
        let outcomes = play.receive(error(id, "message_too_long"))
        guard case .refused(let line, let problem) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(line.text == "hi")
        #expect(problem.code == "message_too_long")
        #expect(outcomes.commands.count == 1)
    }

    @Test func `a line over the server's message limit isn't sent`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let outcomes = play.say(String(repeating: "x", count: 500))
        guard case .refused = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func `lines keep to the server's rate limit`() {
        var play = Play()
        _ = play.connect(linesPerSecond: 5)
        var sent = play.enter().commands
        for text in ["a", "b", "c", "d"] { sent += play.say(text).commands }
        var times: [UInt64] = []
        let start = play.now.milliseconds
        for seq in 1...4 as ClosedRange<UInt64> {
            while sent.isEmpty {
                guard let deadline = play.session.deadline else {
                    Issue.record("no deadline")
                    return
                }
                sent = play.wait(deadline.milliseconds - play.now.milliseconds).commands
            }
            times.append(play.now.milliseconds - start)
            let ack = ServerEvent.Ack(id: sent[0].lineID, room: "go", seq: seq, time: "")
            sent = play.receive(.ack(ack)).commands
        }
        #expect(times == [0, 0, 200, 400])
    }

    @Test func `lines that aren't in flight can be withdrawn`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let id = play.say("hi").commands.first?.lineID
        _ = play.say("ho")
        #expect(play.session.withdraw().map(\.text) == ["ho"])
        #expect(play.session.pending.map(\.id) == [id])
        _ = play.lose()
        #expect(play.session.withdraw().map(\.text) == ["hi"])
    }
}
