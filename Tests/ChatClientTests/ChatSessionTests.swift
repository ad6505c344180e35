import Reactor
import Testing
import WebSocket

@testable import ChatClient

/// A session at a time that only moves when it is told to, and what it wants.
private struct Play {
    var session: ChatSession
    var now = Instant(nanoseconds: 5_000_000_000)
    private var random = SplitMix64(seed: 11)

    init(rooms: [String] = ["go"], historyLines: Int = 50) {
        session = ChatSession(username: "ann", rooms: rooms, historyLines: historyLines)
    }

    mutating func receive(_ events: ServerEvent...) -> [ChatOutcome] {
        events.flatMap { session.received($0, at: now) }
    }

    mutating func say(_ text: String, in room: String = "go") -> [ChatOutcome] {
        session.say(text, in: room, using: &random)
        return session.proceed(at: now)
    }

    mutating func wait(_ milliseconds: UInt64) -> [ChatOutcome] {
        now = now.advanced(byMilliseconds: milliseconds)
        return session.proceed(at: now)
    }

    mutating func lose(because failure: ClientFailure? = nil) -> Reconnection {
        session.disconnected(because: failure, at: now, using: &random)
    }

    /// Connects, and is greeted. What is sent then.
    mutating func connect(linesPerSecond: Int = 0, ping: UInt64 = 25_000) -> [ClientCommand] {
        session.opened(at: now)
        let welcome = ModelServer.makeWelcome(linesPerSecond: linesPerSecond, ping: ping)
        return receive(.welcome(welcome)).commands
    }

    /// Enters the room with so many lines in it.
    mutating func enter(
        _ room: String = "go", seq: UInt64 = 0, epoch: String = "e1", recovered: Bool? = nil
    ) -> [ChatOutcome] {
        receive(joined(room, seq: seq, epoch: epoch, recovered: recovered))
    }
}

private func joined(
    _ room: String = "go", seq: UInt64, epoch: String = "e1", recovered: Bool? = nil
) -> ServerEvent {
    .joined(
        ServerEvent.Joined(
            id: nil, room: room, epoch: epoch, seq: seq, members: 1, recovered: recovered))
}

private func line(_ seq: UInt64, in room: String = "go") -> ServerEvent.Message {
    ServerEvent.Message(room: room, seq: seq, time: "", username: "bob", message: "line \(seq)")
}

private func error(_ id: String?, _ code: String, retryAfter: UInt64? = nil) -> ServerEvent {
    .error(ServerEvent.Problem(id: id, code: code, reason: "Why.", retryAfter: retryAfter))
}

extension [ChatOutcome] {
    fileprivate var commands: [ClientCommand] {
        compactMap { if case .send(let command) = $0 { command } else { nil } }
    }

    /// The numbers of the lines, and of the gaps as negative ones.
    fileprivate var numbers: [Int] {
        flatMap { outcome -> [Int] in
            switch outcome {
            case .line(let line): [Int(line.seq)]
            case .missed(let gap): (gap.from...gap.to).map { -Int($0) }
            default: []
            }
        }
    }
}

extension ClientCommand {
    fileprivate var lineID: String {
        if case .message(_, _, let id) = self { id } else { "" }
    }
}

@Suite struct ChatSessionTests {
    @Test func `it joins when it is greeted, and says what was typed before that`() throws {
        var play = Play(historyLines: 7)
        #expect(play.say("hi").isEmpty)
        #expect(play.say("ho").isEmpty)
        #expect(play.connect() == [.join(room: "go", username: "ann", .history(7), id: "1")])
        let first = play.enter().commands
        #expect(first.count == 1)
        guard case .message("go", "hi", let id) = try #require(first.first) else {
            Issue.record("no line")
            return
        }
        #expect(id.count == 36)
        // The next one when the one before it is answered.
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

    @Test func `lines are told once and in order, over connections`() {
        var play = Play(historyLines: 2)
        _ = play.connect()
        _ = play.enter(seq: 9)
        #expect(play.receive(.message(line(8)), .message(line(9))).numbers == [8, 9])
        #expect(play.receive(.message(line(10)), .message(line(10))).numbers == [10])
        _ = play.lose()
        let resume = ClientCommand.Entry.after(epoch: "e1", seq: 10)
        #expect(play.connect() == [.join(room: "go", username: "ann", resume, id: "2")])
        _ = play.enter(seq: 12, recovered: true)
        let outcomes = play.receive(.message(line(10)), .message(line(11)), .message(line(12)))
        #expect(outcomes.numbers == [11, 12])
    }

    @Test func `a connection that breaks within the first lines goes on where it broke`() {
        var play = Play(historyLines: 5)
        _ = play.connect()
        _ = play.enter(seq: 9)
        _ = play.lose()
        let resume = ClientCommand.Entry.after(epoch: "e1", seq: 4)
        #expect(play.connect() == [.join(room: "go", username: "ann", resume, id: "2")])
        _ = play.enter(seq: 9, recovered: true)
        #expect(play.receive(.message(line(5))).numbers == [5])
    }

    @Test func `without history, the first line is the next one`() {
        var play = Play(historyLines: 0)
        _ = play.connect()
        _ = play.enter(seq: 9)
        #expect(play.receive(.message(line(9)), .message(line(10))).numbers == [10])
    }

    @Test func `who can't resume is told, and the numbers begin anew`() {
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

    @Test func `where the numbers still mean the same, what is missing is told by number`() {
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

    @Test func `a last number below what was seen is a jump`() {
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

    @Test func `a gap is told in its place, and fetched page by page`() throws {
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

    @Test func `what isn't there any more of a gap is left out`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: 0)
        let gap = ServerEvent.Gap(room: "go", from: 1, to: 9)
        _ = play.receive(.gap(gap))
        let page = ServerEvent.History(
            id: "2", room: "go", messages: [line(8), line(9)], more: false)
        #expect(play.receive(.history(page)) == [.recalled(gap, [line(8), line(9)])])
    }

    @Test func `a page that is refused for now is asked for again, though not for ever`() {
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

    @Test func `numbers at their end do no harm`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter(seq: .max)
        #expect(play.receive(.message(line(0)), .message(line(0))).count == 1)
        _ = play.receive(.gap(ServerEvent.Gap(room: "go", from: 1, to: .max)))
        #expect(play.receive(.message(line(.max))).isEmpty)
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

    @Test func `a line that the server would not know again isn't sent again`() {
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
    func `a line that isn't taken comes again when the server says, before later ones`(
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

    @Test func `a line that is refused for good is given up, and the next one has its turn`() {
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

    @Test func `a line that is longer than a message may be isn't sent`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let outcomes = play.say(String(repeating: "x", count: 500))
        guard case .refused = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func `lines keep to the server's pace`() {
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

    @Test func `a room that can't be entered takes its lines along`() {
        var play = Play(rooms: ["go", "chess"])
        _ = play.say("hi", in: "chess")
        #expect(play.connect().count == 2)
        let outcomes = play.receive(error("2", "too_many_rooms"))
        guard case .refusedRoom("chess", _) = outcomes.first, case .refused = outcomes.last else {
            Issue.record("\(outcomes)")
            return
        }
        _ = play.lose()
        #expect(play.connect().count == 1)
    }

    @Test func `a room that can't be entered yet is entered when the server says`() {
        var play = Play()
        _ = play.connect()
        _ = play.receive(error("1", "store_unavailable", retryAfter: 300))
        #expect(play.session.deadline == play.now.advanced(byMilliseconds: 300))
        #expect(play.wait(299).isEmpty)
        #expect(play.wait(1).commands.count == 1)
    }

    @Test func `a server that doesn't greet, or falls silent, is left`() {
        var play = Play()
        play.session.opened(at: play.now)
        #expect(play.wait(9_999).isEmpty)
        #expect(play.session.deadline == play.now.advanced(byMilliseconds: 1))
        guard case .drop = play.wait(1).first else {
            Issue.record("not left")
            return
        }
        _ = play.lose()
        #expect(play.session.deadline == nil)
        play.session.heard(at: play.now)
        _ = play.connect(ping: 1_000)
        _ = play.enter()
        #expect(play.wait(1_999).isEmpty)
        play.session.heard(at: play.now)
        #expect(play.wait(1_999).isEmpty)
        guard case .drop = play.wait(1).first else {
            Issue.record("not left")
            return
        }
        _ = play.lose()
        _ = play.connect(ping: 0)
        _ = play.enter()
        #expect(play.wait(100_000_000).isEmpty)
    }

    @Test func `a server that stops says when to come back`() {
        var play = Play()
        _ = play.connect()
        _ = play.enter()
        let closing = ServerEvent.Closing(reconnectAfter: 8_450)
        #expect(play.receive(.closing(closing)) == [.closing(closing)])
        #expect(play.say("hi").isEmpty)
        #expect(play.lose() == .after(milliseconds: 8_450))
        _ = play.connect()
        #expect(play.enter(recovered: true).commands.count == 1)
        guard case .after(let wait) = play.lose() else {
            Issue.record("never")
            return
        }
        #expect(wait <= Backoff.base)
    }

    @Test func `a connection that held begins the back-off anew`() {
        var play = Play()
        for _ in 0..<20 { _ = play.lose() }
        #expect(play.session.backoff.bound == Backoff.cap)
        _ = play.connect()
        _ = play.wait(ChatSession.holdTime - 1)
        _ = play.lose()
        #expect(play.session.backoff.bound == Backoff.cap)
        _ = play.connect()
        _ = play.wait(ChatSession.holdTime)
        _ = play.lose()
        #expect(play.session.backoff.bound == 2 * Backoff.base)
    }

    @Test(arguments: [400, 403, 404, 426] as [UInt16])
    func `a refusal for good ends it`(status: UInt16) {
        var play = Play()
        let refusal = HTTPRefusal(HTTPStatus(rawValue: status))
        #expect(play.lose(because: .refused(refusal)) == .never)
        #expect(play.lose(because: .handshake("It is no server.")) == .never)
    }

    @Test func `a server that is full is asked again after the wait that it wants`() {
        var play = Play()
        let refusal = HTTPRefusal(.serviceUnavailable, retryAfter: 7)
        guard case .after(let wait) = play.lose(because: .refused(refusal)) else {
            Issue.record("never")
            return
        }
        #expect(7_000...7_000 + Backoff.base ~= wait)
    }
}
