import Testing

@testable import Chat

/// A verbatim line is the same as after a full check, and leaves its room and its sender in the
/// same state.
@Suite struct VerbatimLineTests {
    private static let names = [
        "a", "ann", " ann", "ann b", "", "~!", "ann\u{7F}", "é", "123456789012345",
        "1234567890123456", "12345678901234567", String(repeating: "x", count: 33), #"\u0061nn"#,
    ]
    private static let messages = [
        "hi", "h", "", " ", " hi", "é", "hi é", "日本語", "~", "\u{7F}", #"\n"#, #"a\"b"#,
        String(repeating: "x", count: 40), String(repeating: "x", count: 41), "x日本語日本語日本語日本語日本語",
    ]

    /// A line, or the reason for its refusal, and the state afterwards.
    private struct Outcome: Equatable {
        var seq: UInt64?
        var username: [UInt8] = []
        var message: [UInt8] = []
        var refusal: Refusal?
        var name: String?
        var presence: Presence?
        var changes: UInt32 = 0
    }

    /// A lobby with two members. One of them is told names.
    private final class Party {
        private var hub: Hub
        private let member = MemberID(index: 0)

        init() {
            var limits = ChatLimits()
            (limits.textCharacters, limits.usernameCharacters) = (40, 32)
            (limits.linesPerSecond, limits.lineBurst) = (1, 5)
            hub = Hub(limits: limits, capacity: 2)
            _ = hub.entered(member, room: .lobby)
            _ = hub.joined(
                MemberID(index: 1), .lobby, as: "bob", start: .standard, logged: 1, resumeLimit: 0)
            _ = hub.takePresence(of: RoomID(rawValue: 0), at: 0)
        }

        /// Says a text. Returns whether the line was verbatim, and the outcome.
        func say(_ text: [UInt8], mayBeVerbatim: Bool) -> (Bool, Outcome) {
            var (outcome, isVerbatim) = (Outcome(), false)
            do throws(Refusal) {
                let fields = try PlainFields(text.span)
                if mayBeVerbatim,
                    let line = try hub.numbered(fields, in: text.span, by: member, at: 0)
                {
                    isVerbatim = true
                    (outcome.seq, outcome.username, outcome.message) = (
                        line.seq, Array(text[line.username]), Array(text[line.message])
                    )
                } else {
                    let (draft, room, _) = try hub.drafted(
                        PlainMessage(fields, in: text.span), by: member, at: 0,
                        time: Timestamp(milliseconds: 0))
                    (outcome.seq, outcome.username, outcome.message) = (
                        hub.numbered(draft, in: room, at: 0), Array(draft.username.utf8),
                        Array(draft.message.utf8)
                    )
                }
            } catch {
                outcome.refusal = error
            }
            let room = RoomID(rawValue: 0)
            outcome.name = hub.firstMembership(of: member).flatMap { hub.membership($0).username }
            outcome.changes = hub.room(room).changes
            outcome.presence = hub.takePresence(of: room, at: 0)
            return (isVerbatim, outcome)
        }
    }

    @Test(arguments: names) func `a verbatim line is the same as a fully checked one`(name: String)
    {
        var count = 0
        for message in Self.messages {
            let (quick, thorough) = (Party(), Party())
            // The second time the name is known. The sixth line exceeds the limit.
            for other in [name, name, "bob", name, name, name] {
                let text = Array(#"{"username":"\#(other)","message":"\#(message)"}"#.utf8)
                let (isVerbatim, outcome) = quick.say(text, mayBeVerbatim: true)
                #expect(outcome == thorough.say(text, mayBeVerbatim: false).1, "\(message)")
                count += isVerbatim ? 1 : 0
            }
        }
        #expect(count > 0)
    }

    @Test func `a line that is stored is never verbatim`() throws {
        var hub = Hub(limits: ChatLimits(), capacity: 1, ordering: .elsewhere)
        _ = hub.entered(MemberID(index: 0), room: .lobby)
        let text = Array(#"{"username":"ann","message":"hi"}"#.utf8)
        let line = try hub.numbered(
            PlainFields(text.span), in: text.span, by: MemberID(index: 0), at: 0)
        #expect(line == nil)
    }
}
