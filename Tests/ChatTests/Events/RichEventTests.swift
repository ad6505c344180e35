import Foundation
import TestSupport
import Testing

@testable import Chat

/// The events of the rich dialect, read by another decoder.
@Suite struct RichEventTests {
    private static let go = RoomName("go") ?? .lobby
    private static let epoch = Epoch("k3v9") ?? Epoch(number: 0)
    private static let time = Timestamp(milliseconds: 1_769_860_800_123)

    /// Texts that need escapes, and texts that only look as if they did.
    private static let hostile = [
        "", "\"", "\\", "\u{0}", "\u{1F}\u{7F}\u{80}", "\r\n\t\u{8}\u{C}", "</script>", "/",
        "\u{2028}\u{2029}", "é€😀", "e\u{301}", "\u{FFFD}\u{FFFF}\u{10FFFD}", "],\"more\":true}",
        #"\u0041\n"#, "seven..\"", "eight...\\x", "[", "}", String(repeating: "\u{1}", count: 64),
    ]

    private func written(_ write: (inout [UInt8]) -> Void) -> String {
        var buffer = Array("before".utf8)
        write(&buffer)
        #expect(buffer.starts(with: "before{".utf8))
        return String(decoding: buffer.dropFirst(6), as: UTF8.self)
    }

    private func decoded<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    private static func bytes(_ texts: [String?]?) -> [[UInt8]?]? {
        texts?.map { $0.map { Array($0.utf8) } }
    }

    @Test func `welcome has all its fields`() {
        var limits = ChatLimits()
        limits.rooms = 0
        let text = written {
            EventWriter.welcome(
                server: "hubbub/0.1.0", durable: true, limits: ChatLimits(), messageBytes: 65_536,
                pingInterval: 25_000, into: &$0)
        }
        #expect(
            text == #"{"type":"welcome","server":"hubbub/0.1.0","durable":true,"#
                + #""limits":{"message_bytes":65536,"text_characters":2000,"#
                + #""username_characters":32,"rooms":16,"lines_per_second":5,"line_burst":10},"#
                + #""ping_interval_ms":25000}"#)
        let off = written {
            EventWriter.welcome(
                server: "\"", durable: false, limits: limits, messageBytes: 0, pingInterval: 0,
                into: &$0)
        }
        #expect(off.hasPrefix(#"{"type":"welcome","server":"\"","durable":false,"#))
        #expect(off.contains(#""message_bytes":0,"#))
        #expect(off.contains(#""rooms":0,"#))
        #expect(off.hasSuffix(#","ping_interval_ms":0}"#))
    }

    @Test(arguments: [
        (
            "1", true,
            #"{"type":"joined","id":"1","room":"go","epoch":"k3v9","seq":41,"rev":0,"members":17,"#
                + #""recovered":true}"#
        ),
        (
            "1", false,
            #"{"type":"joined","id":"1","room":"go","epoch":"k3v9","seq":41,"rev":0,"members":17,"#
                + #""recovered":false}"#
        ),
        (nil, nil, #"{"type":"joined","room":"go","epoch":"k3v9","seq":41,"rev":0,"members":17}"#),
    ])
    func `joined has all its fields`(id: String?, recovered: Bool?, expected: String) {
        let text = written {
            EventWriter.joined(
                id: id, room: Self.go, epoch: Self.epoch, seq: 41, members: 17,
                recovered: recovered, into: &$0)
        }
        #expect(text == expected)
    }

    @Test func `ack has all its fields`() {
        let text = written {
            EventWriter.ack(id: "a", room: Self.go, seq: .max, time: Self.time, into: &$0)
        }
        #expect(
            text == #"{"type":"ack","id":"a","room":"go","seq":18446744073709551615,"#
                + #""time":"2026-01-31T12:00:00.123Z"}"#)
    }

    @Test(
        arguments: [
            (
                "1", MemberList(count: 2, usernames: ["ann", "bob"]),
                #""id":"1","room":"go","count":2,"number":0,"usernames":["ann","bob"]}"#
            ),
            (
                "1", MemberList(count: 2, usernames: [], number: 3),
                #""id":"1","room":"go","count":2,"number":3,"usernames":[]}"#
            ),
            (
                nil,
                MemberList(
                    count: 1, usernames: ["a"], number: 4_294_967_295,
                    untold: PresenceNames(joined: ["a"], left: ["\"", "c"])),
                #""room":"go","count":1,"number":4294967295,"usernames":["a"],"#
                    + #""untold":{"joined":["a"],"left":["\"","c"]}}"#
            ),
            (nil, MemberList(count: 2), #""room":"go","count":2,"number":0}"#),
        ] as [(String?, MemberList, String)])
    func `members has all its fields`(id: String?, list: MemberList, expected: String) {
        let listed = EventWriter.listed(list)
        let text = written { EventWriter.members(id: id, room: Self.go, listed, into: &$0) }
        #expect(text == #"{"type":"members","# + expected)
    }

    @Test(
        arguments: [
            (["cy"], [], #""count":18,"number":7,"joined":["cy"],"left":[]}"#),
            ([], ["a", "b"], #""count":18,"number":7,"joined":[],"left":["a","b"]}"#),
            (nil, nil, #""count":18,"number":7}"#),
        ] as [([String]?, [String]?, String)])
    func `presence has all its fields`(joined: [String]?, left: [String]?, expected: String) {
        let text = written {
            EventWriter.presence(
                room: Self.go, Presence(number: 7, count: 18, joined: joined, left: left),
                into: &$0)
        }
        #expect(text == #"{"type":"presence","room":"go","# + expected)
    }

    @Test func `gap, left and closing have all their fields`() {
        let gap = written {
            EventWriter.gap(room: Self.go, from: 43, to: 120, missed: 78, into: &$0)
        }
        #expect(gap == #"{"type":"gap","room":"go","from":43,"to":120,"missed":78}"#)
        let left = written { EventWriter.left(id: "x", room: Self.go, into: &$0) }
        #expect(left == #"{"type":"left","id":"x","room":"go"}"#)
        let unasked = written { EventWriter.left(id: nil, room: Self.go, into: &$0) }
        #expect(unasked == #"{"type":"left","room":"go"}"#)
        let closing = written { EventWriter.closing(reconnectAfter: 8_450, into: &$0) }
        #expect(closing == #"{"type":"closing","reconnect_after_ms":8450}"#)
    }

    /// The event of a line.
    private func line(_ seq: UInt64, _ username: String, _ message: String) -> String {
        written {
            EventWriter.line(
                room: Self.go, seq: seq, time: Self.time, username: username, message: message,
                into: &$0)
        }
    }

    @Test(arguments: 0...3, [true, false])
    func `history has its lines in order`(count: Int, more: Bool) throws {
        let events = (0..<count).map { line(UInt64($0) + 1, "[", "text \($0)") }
        let text = written {
            EventWriter.history(
                id: "h", room: Self.go, lines: events.map { Array($0.utf8) }[...], more: more,
                into: &$0)
        }
        #expect(
            text == #"{"type":"history","id":"h","room":"go","messages":["#
                + events.joined(separator: ",") + "],\"more\":\(more)}")
    }

    private struct History: Decodable {
        struct Line: Decodable {
            let username, message: String
        }
        let id: String?
        let messages: [Line]
        let more: Bool
    }

    @Test(arguments: hostile)
    func `texts in history are read back unchanged`(text: String) throws {
        let line = Array(line(1, text, text).utf8)
        let event: History = try decoded(
            written {
                EventWriter.history(
                    id: text, room: Self.go, lines: [line, line], more: false, into: &$0)
            })
        let texts = event.messages.flatMap { line in [line.username, line.message] }
        #expect(Self.bytes([event.id]) == Self.bytes([text]))
        #expect(Self.bytes(texts) == Self.bytes([text, text, text, text]))
    }

    private struct Names: Decodable {
        let id: String?
        let server: String?
        let usernames, joined, left: [String]?
    }

    @Test(arguments: hostile)
    func `names and ids are read back unchanged`(text: String) throws {
        let names = [text, "ann", text]
        let listed = EventWriter.listed(MemberList(count: 3, usernames: names))
        let members: Names = try decoded(
            written { EventWriter.members(id: text, room: Self.go, listed, into: &$0) })
        #expect(Self.bytes([members.id]) == Self.bytes([text]))
        #expect(Self.bytes(members.usernames) == Self.bytes(names))
        let presence: Names = try decoded(
            written {
                EventWriter.presence(
                    room: Self.go, Presence(number: 1, count: 3, joined: names, left: [text]),
                    into: &$0)
            })
        #expect(Self.bytes(presence.joined) == Self.bytes(names))
        #expect(Self.bytes(presence.left) == Self.bytes([text]))
        let replies = [
            written { EventWriter.left(id: text, room: Self.go, into: &$0) },
            written {
                EventWriter.ack(id: text, room: Self.go, seq: 1, time: Self.time, into: &$0)
            },
            written {
                EventWriter.joined(
                    id: text, room: Self.go, epoch: Self.epoch, seq: 1, members: 1, recovered: nil,
                    into: &$0)
            },
        ]
        for reply in replies {
            let event: Names = try decoded(reply)
            #expect(Self.bytes([event.id]) == Self.bytes([text]))
        }
        let welcome: Names = try decoded(
            written {
                EventWriter.welcome(
                    server: text, durable: true, limits: ChatLimits(), messageBytes: 1,
                    pingInterval: 1, into: &$0)
            })
        #expect(Self.bytes([welcome.server]) == Self.bytes([text]))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `lists of any names are read back unchanged`(seed: UInt64) throws {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<50 {
            let count = Int.random(in: 0...4, using: &random.generator)
            let list = "[" + (0..<count).map { _ in random.string() }.joined(separator: ",") + "]"
            let names: [String] = try decoded(list)
            let event: Names = try decoded(
                written {
                    let presence = Presence(number: 1, count: count, joined: names)
                    EventWriter.presence(room: Self.go, presence, into: &$0)
                })
            #expect(Self.bytes(event.joined) == Self.bytes(names), "seed \(seed): \(list)")
        }
    }
}
