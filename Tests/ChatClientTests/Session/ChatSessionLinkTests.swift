import Reactor
import Testing
import WebSocket

@testable import ChatClient

@Suite struct ChatSessionLinkTests {
    @Test func `the lines of a room that refuses entry are given up`() {
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

    @Test func `a room that refuses entry for now is entered when the server says so`() {
        var play = Play()
        _ = play.connect()
        _ = play.receive(error("1", "store_unavailable", retryAfter: 300))
        #expect(play.session.deadline == play.now.advanced(byMilliseconds: 300))
        #expect(play.wait(299).isEmpty)
        #expect(play.wait(1).commands.count == 1)
    }

    @Test func `a server that sends no welcome or falls silent is dropped`() {
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

    @Test func `a client comes back when a stopping server says so`() {
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

    @Test func `a connection that held resets the backoff`() {
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
    func `a permanent refusal ends the attempts`(status: UInt16) {
        var play = Play()
        let refusal = HTTPRefusal(HTTPStatus(rawValue: status))
        #expect(play.lose(because: .refused(refusal)) == .never)
        #expect(play.lose(because: .handshake("It is no server.")) == .never)
    }

    @Test func `a full server is tried again after the wait that it asks for`() {
        var play = Play()
        let refusal = HTTPRefusal(.serviceUnavailable, retryAfter: 7)
        guard case .after(let wait) = play.lose(because: .refused(refusal)) else {
            Issue.record("never")
            return
        }
        #expect(7_000...7_000 + Backoff.base ~= wait)
    }
}
