import TestSupport
import Testing

@testable import Chat

@Suite struct CommandTests {
    private static let room = RoomName.lobby

    private static let commands: [(text: String, id: String?, command: Command)] = [
        (
            #"{"type":"join","room":"lobby"}"#, nil,
            .join(room: room, username: nil, start: .last(50))
        ),
        (
            #"{"id":"1","history":0,"username":"ann","room":"lobby","type":"join"}"#, "1",
            .join(room: room, username: "ann", start: .last(0))
        ),
        (
            #"{"type":"join","room":"lobby","history":200}"#, nil,
            .join(room: room, username: nil, start: .last(200))
        ),
        (
            #"{"type":"join","room":"lobby","after":{"epoch":"k3v9","seq":41}}"#, nil,
            .join(room: room, username: nil, start: .resume(epoch: "k3v9", seq: 41))
        ),
        (
            #"{"type":"join","room":"lobby","after":{"x":{},"seq":0,"epoch":"É \n"},"history":-1}"#,
            nil, .join(room: room, username: nil, start: .resume(epoch: "É \n", seq: 0))
        ),
        (#"{"type":"leave","room":"lobby","id":"a\u0000b"}"#, "a\0b", .leave(room: room)),
        (
            #"{"type":"message","room":"lobby","message":"hi","username":"ann"}"#, nil,
            .message(room: room, message: "hi", username: "ann")
        ),
        (
            #" { "message" : "\ud83d\ude00" , "room" : "lobby" , "type" : "message" } "#, nil,
            .message(room: room, message: "😀", username: nil)
        ),
        (
            #"{"type":"message","room":"lobby","message":"","username":""}"#, nil,
            .message(room: room, message: "", username: "")
        ),
        (
            #"{"type":"history","room":"lobby","before":43,"limit":1}"#, nil,
            .history(room: room, before: 43, limit: 1)
        ),
        (
            #"{"type":"history","room":"lobby","before":18446744073709551615,"limit":200}"#, nil,
            .history(room: room, before: .max, limit: 200)
        ),
        (#"{"type":"members","room":"lobby"}"#, nil, .members(room: room)),
        (
            #"{"\u0074ype":"m\u0065mbers","ro\u006fm":"\u006cobby","\u0069d":"\u0031"}"#, "1",
            .members(room: room)
        ),
        (
            #"{"type":"leave","room":"lobby","after":1,"message":[],"limit":null,"x":{"id":2}}"#,
            nil, .leave(room: room)
        ),
        (
            #"{"type":5,"id":null,"room":{},"type":"leave","id":"b","room":"lobby"}"#, "b",
            .leave(room: room)
        ),
        (
            #"{"type":"join","room":"lobby","after":[],"after":{"seq":[],"epoch":"a","seq":1}}"#,
            nil, .join(room: room, username: nil, start: .resume(epoch: "a", seq: 1))
        ),
    ]

    private func parse(_ text: String) -> CommandEnvelope {
        Command.parse(Array(text.utf8).span)
    }

    private func shown(_ envelope: CommandEnvelope) -> [UInt8] {
        Array(String(reflecting: envelope).utf8)
    }

    @Test(arguments: commands)
    func `commands are parsed`(text: String, id: String?, command: Command) {
        let expected = CommandEnvelope(id: id, command: .success(command))
        #expect(parse(text) == expected)
        // Strings that only look the same are equal, so compare their bytes.
        #expect(shown(parse(text)) == shown(expected))
    }

    @Test(arguments: commands)
    func `every truncation of a command is refused`(text: String, id: String?, command: Command)
        throws
    {
        let bytes = Array(text.utf8)
        let brace = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
        for end in 0...brace {
            let cut = Command.parse(bytes.span.extracting(..<end))
            #expect(cut.id == nil)
            #expect(isBroken(cut), "cut at \(end)")
        }
    }

    /// Whether JSON is broken doesn't depend on the meaning of its fields.
    @Test(arguments: commands, 0..<20 as Range<UInt64>)
    func `a command is broken exactly if the scanner refuses it`(
        command: (text: String, id: String?, command: Command), seed: UInt64
    ) {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<20 {
            let damaged = random.damaged(command.text)
            guard let text = String(validating: damaged, as: UTF8.self) else { continue }
            #expect(isBroken(parse(text)) == !isWhole(damaged), "seed \(seed): \(text)")
        }
    }

    private func isBroken(_ envelope: CommandEnvelope) -> Bool {
        guard case .failure(let refusal) = envelope.command else { return false }
        return refusal.code == .invalidJSON
    }

    private func isWhole(_ bytes: [UInt8]) -> Bool {
        var scanner = JSONScanner()
        do {
            try scanner.skipValue(in: bytes.span)
            try scanner.finish(in: bytes.span)
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: [1, 63, 64])
    func `ids up to the limit are accepted`(count: Int) {
        let id = String(repeating: "x", count: count)
        #expect(parse(#"{"id":"\#(id)","type":"leave","room":"lobby"}"#).id == id)
    }

    @Test func `the bytes of an id count after its escapes are resolved`() {
        let escaped = String(repeating: #"\u00e9"#, count: 32)
        let id = String(repeating: "\u{E9}", count: 32)
        #expect(parse(#"{"id":"\#(escaped)","type":"leave","room":"lobby"}"#).id == id)
        #expect(parse(#"{"id":"\#(escaped)x","type":"leave","room":"lobby"}"#).id == nil)
    }

    @Test func `the longest room name is accepted`() throws {
        let name = String(repeating: "r", count: RoomName.lengthLimit)
        let room = try #require(RoomName(name))
        #expect(
            parse(#"{"type":"members","room":"\#(name)"}"#).command
                == .success(.members(room: room)))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `field order and unknown fields don't matter`(seed: UInt64) {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<50 {
            var fields = [
                ("\"type\"", "\"history\""), ("\"id\"", "\"7\""), ("\"room\"", "\"lobby\""),
                ("\"before\"", "9"), ("\"limit\"", "10"), ("\"x\"", random.value()),
                ("\"\"", random.value()), ("\"after\"", random.value()),
            ]
            fields.shuffle(using: &random.generator)
            let text = random.object(fields)
            let expected = Command.history(room: .lobby, before: 9, limit: 10)
            #expect(
                parse(text) == CommandEnvelope(id: "7", command: .success(expected)),
                "seed \(seed): \(text)")
        }
    }
}
