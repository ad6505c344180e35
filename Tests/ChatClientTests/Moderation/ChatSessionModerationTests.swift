import Reactor
import TestSupport
import Testing

@testable import ChatClient

@Suite struct ChatSessionModerationTests {
    private let ban = ModerationCommand("ban", ["by_line": .number(7)], name: "bob")

    private func removal(_ rev: UInt64, _ seqs: ClosedRange<UInt64>...) -> ServerEvent.Removal {
        ServerEvent.Removal(room: "go", rev: rev, runs: seqs)
    }

    /// The number of the last change that the next connection names.
    private func nextRev(_ play: inout Play) -> UInt64? {
        _ = play.lose()
        guard case .join(_, _, _, let rev, _)? = play.connect().first else { return nil }
        return rev
    }

    private func playing(rev: UInt64? = nil) -> Play {
        var play = Play()
        _ = play.connect()
        _ = play.receive(inside(rev: rev))
        return play
    }

    private func inside(
        seq: UInt64 = 3, rev: UInt64?, recovered: Bool? = nil, settings: RoomSettings? = nil
    ) -> ServerEvent {
        .joined(
            ServerEvent.Joined(
                id: nil, room: "go", epoch: "e1", seq: seq, members: 1, recovered: recovered,
                rev: rev, settings: settings))
    }

    @Test func `changes are asked for after the last one`() {
        var play = playing(rev: 4)
        let outcomes = play.receive(.deleted(removal(5, 2...2)), .purged(removal(9, 1...1, 3...3)))
        #expect(
            outcomes == [.removed(removal(5, 2...2)), .removed(removal(9, 1...1, 3...3))])
        #expect(nextRev(&play) == 8, "a purge may go on")
    }

    @Test func `changes that a resume brings are known after the next line`() {
        var play = playing(rev: 4)
        _ = nextRev(&play)
        _ = play.receive(inside(rev: 12, recovered: true))
        #expect(nextRev(&play) == 4)
        _ = play.receive(inside(rev: 12, recovered: true), .message(line(4)))
        #expect(nextRev(&play) == 12)
        _ = play.receive(inside(rev: 2, recovered: false))
        #expect(nextRev(&play) == 2)
    }

    @Test func `a deleted line keeps its place, and isn't missed`() {
        var play = playing()
        let grave = ServerEvent.Tombstone(room: "go", seq: 5)
        let outcomes = play.receive(.message(line(4)), .tombstone(grave), .message(line(6)))
        #expect(outcomes.numbers == [4, 6])
        #expect(play.receive(.tombstone(grave)) == [.removed(removal(0, 5...5))])
    }

    @Test func `settings come with the join and with each change`() {
        var play = Play()
        _ = play.connect()
        var settings = RoomSettings()
        settings.slowSeconds = 30
        #expect(
            play.receive(inside(rev: 1, settings: settings)).last
                == .settings(room: "go", settings))
        let change = ServerEvent.RoomChanged(room: "go", rev: 2, settings: RoomSettings())
        #expect(play.receive(.room(change)) == [.settings(room: "go", RoomSettings())])
        settings.pinned = 7
        #expect(settings.modes == ["slow mode, one line every 30 s", "line 7 is pinned"])
    }

    @Test func `a command is sent again under its id until it is answered`() throws {
        var play = playing()
        let first = play.order(ban).commands
        guard case .moderate(ban, room: "go", let id)? = first.first else {
            Issue.record("\(first)")
            return
        }
        _ = play.lose()
        _ = play.connect()
        let again = play.receive(inside(rev: nil, recovered: true)).commands
        #expect(again.contains(.moderate(ban, room: "go", id: id)))
        #expect(!play.session.isIdle)
        let ack = ServerEvent.Ack(id: id, room: "go", rev: 5)
        #expect(play.receive(.ack(ack)) == [.carriedOut(ban, ack)])
        #expect(play.session.isIdle)
    }

    @Test func `a command may be refused`() {
        var play = playing()
        guard case .moderate(_, _, let id)? = play.order(ban).commands.first else { return }
        let problem = ServerEvent.Problem(id: id, code: "forbidden", reason: "No.")
        #expect(play.receive(.error(problem)) == [.refusedOrder(ban, problem)])
    }

    @Test func `a line may be held, and decided about`() {
        for isReleased in [true, false] {
            var play = playing()
            let sent = play.say("hi").commands
            guard case .message(_, _, let id)? = sent.first else { return }
            let ack = ServerEvent.Ack(id: id, room: "go", held: "h1")
            #expect(play.receive(.ack(ack)) == [.waits(held: "h1")])
            #expect(play.session.isIdle)
            let decision = ServerEvent.Decision(held: "h1", seq: isReleased ? 4 : nil)
            let outcomes = play.receive(isReleased ? .released(decision) : .rejected(decision))
            guard case .decided("h1", let line?, isReleased) = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(line.text == "hi")
        }
    }

    @Test(arguments: ["slow_mode", "timed_out", "too_new"])
    func `a rule of the room refuses a line for good`(code: String) {
        var play = playing()
        guard case .message(_, _, let id)? = play.say("hi").commands.first else { return }
        let outcomes = play.receive(error(id, code, retryAfter: 1_000))
        guard case .refused(let line, _) = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(line.text == "hi")
        #expect(play.wait(2_000).commands == [])
    }

    @Test(
        arguments: [
            (
                #"{"type":"deleted","room":"go","rev":7,"seqs":[42]}"#,
                .deleted(ServerEvent.Removal(room: "go", rev: 7, runs: [42...42]))
            ),
            (
                #"{"type":"deleted","room":"go","seq":42}"#,
                .tombstone(ServerEvent.Tombstone(room: "go", seq: 42))
            ),
            (
                #"{"type":"purged","room":"go","rev":8,"user":"u9","seqs":[[17,40],[44,44]]}"#,
                .purged(ServerEvent.Removal(room: "go", rev: 8, runs: [17...40, 44...44]))
            ),
            (
                #"{"type":"restored","room":"go","rev":9,"of":8,"seqs":[[17,40]]}"#,
                .restored(ServerEvent.Restored(room: "go", rev: 9, messages: nil))
            ),
            (#"{"type":"gap","room":"go","rev":9}"#, .unknown(type: "gap")),
            (
                #"{"type":"rejected","held":"h1"}"#,
                .rejected(ServerEvent.Decision(held: "h1", seq: nil))
            ),
        ] as [(String, ServerEvent)])
    func `events are read`(text: String, event: ServerEvent) throws {
        #expect(try ServerEvent(Array(text.utf8)) == event)
    }

    @Test func `history leaves deleted lines out, and goes on before them`() throws {
        let text = #"""
            {"type":"history","id":"1","room":"go","messages":[
            {"type":"deleted","room":"go","seq":3},
            {"type":"message","room":"go","seq":4,"time":"","username":"bob","message":"hi"}],
            "more":true}
            """#
        guard case .history(let page) = try ServerEvent(Array(text.utf8)) else { return }
        #expect(page.messages.map(\.seq) == [4])
        #expect(page.first == 3)
    }

    @Test func `a command is one object`() {
        let terms = ModerationCommand("terms", ["add": .term("x", action: "hold")])
        let text = ClientCommand.moderate(terms, room: "go", id: "1").text
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"add":[{"action":"hold","term":"x"}],"id":"1","room":"go","type":"terms"}"#)
        let pin = ModerationCommand("settings", ["pinned": .null, "frozen": .flag(true)])
        #expect(
            String(decoding: ClientCommand.moderate(pin, room: "go", id: "1").text, as: UTF8.self)
                == #"{"frozen":true,"id":"1","pinned":null,"room":"go","type":"settings"}"#)
    }
}
