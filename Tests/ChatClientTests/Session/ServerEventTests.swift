import Chat
import ChatClient
import Testing

private func event(_ text: String) throws(ServerEvent.Malformed) -> ServerEvent {
    try ServerEvent(Array(text.utf8))
}

@Suite struct ServerEventTests {
    @Test func `the examples of the protocol are read`() throws {
        guard
            case .welcome(let welcome) = try event(
                #"{"type":"welcome","server":"hubbub/0.1.0","durable":true,"limits":"#
                    + #"{"message_bytes":65536,"text_characters":2000,"username_characters":32,"#
                    + #""rooms":16,"lines_per_second":5,"line_burst":10},"ping_interval_ms":25000}"#
            )
        else { throw Unexpected() }
        #expect(welcome.server == "hubbub/0.1.0")
        #expect(welcome.durable)
        #expect(welcome.limits.messageBytes == 65_536)
        #expect(welcome.limits.textCharacters == 2_000)
        #expect(welcome.limits.usernameCharacters == 32)
        #expect(welcome.limits.rooms == 16)
        #expect(welcome.limits.linesPerSecond == 5)
        #expect(welcome.limits.lineBurst == 10)
        #expect(welcome.pingInterval == 25_000)

        guard
            case .joined(let joined) = try event(
                #"{"type":"joined","id":"a","room":"go","epoch":"k3v9","seq":41,"members":17,"#
                    + #""recovered":true}"#)
        else { throw Unexpected() }
        #expect(joined.id == "a")
        #expect(joined.room == "go")
        #expect(joined.epoch == "k3v9")
        #expect(joined.seq == 41)
        #expect(joined.members == 17)
        #expect(joined.recovered == true)

        guard
            case .presence(let presence) = try event(
                #"{"type":"presence","room":"go","count":18,"number":4,"joined":["cy"],"left":[]}"#)
        else { throw Unexpected() }
        #expect(presence.room == "go")
        #expect(presence.count == 18)
        #expect(presence.number == 4)
        #expect(presence.joined == ["cy"])
        #expect(presence.left == [])

        guard
            case .members(let members) = try event(
                #"{"type":"members","id":"b","room":"go","count":2,"number":3,"#
                    + #""usernames":["ann","bob"],"untold":{"joined":["bob"],"left":[]}}"#)
        else { throw Unexpected() }
        #expect(members.count == 2)
        #expect(members.number == 3)
        #expect(members.untold == ServerEvent.Names(joined: ["bob"], left: []))
        #expect(members.usernames == ["ann", "bob"])

        #expect(
            try event(
                #"{"type":"error","id":"c","code":"rate_limited","reason":"Slower.","#
                    + #""retry_after_ms":200}"#)
                == .error(
                    .init(id: "c", code: "rate_limited", reason: "Slower.", retryAfter: 200)))
        #expect(
            try event(#"{"type":"gap","room":"go","from":43,"to":120,"missed":78}"#)
                == .gap(.init(room: "go", from: 43, to: 120)))
        guard
            case .closing(let closing) = try event(#"{"type":"closing","reconnect_after_ms":8450}"#)
        else { throw Unexpected() }
        #expect(closing.reconnectAfter == 8_450)
    }

    /// Events written by the server's own code.
    @Test func `events written by the server are read`() throws {
        let room = try #require(RoomName("go"))
        let time = Timestamp(milliseconds: 1_769_860_800_123)
        let text = "\"ü\\ \u{1}\u{2028}😀\n"
        var bytes: [UInt8] = []
        EventWriter.line(
            room: room, seq: .max, time: time, username: "a\"", message: text, into: &bytes)
        guard case .message(let line) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(line.seq == .max)
        #expect(line.username == "a\"")
        #expect(line.message == text)
        #expect(line.time == "2026-01-31T12:00:00.123Z")
        #expect(line.milliseconds == time.milliseconds)

        bytes = []
        EventWriter.ack(id: "x", room: room, seq: 7, time: time, into: &bytes)
        guard case .ack(let ack) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(ack.id == "x")
        #expect(ack.seq == 7)

        bytes = []
        EventWriter.welcome(
            server: "s", durable: false, limits: ChatLimits(), messageBytes: 9, pingInterval: 0,
            into: &bytes)
        guard case .welcome(let welcome) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(!welcome.durable)
        #expect(welcome.limits.lineBurst == ChatLimits().lineBurst)

        bytes = []
        let epoch = try #require(Epoch("e1"))
        EventWriter.joined(
            id: nil, room: room, epoch: epoch, seq: 1, members: 2, recovered: nil, into: &bytes)
        guard case .joined(let joined) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(joined.recovered == nil)

        bytes = []
        EventWriter.presence(room: room, Presence(number: 2, count: 3), into: &bytes)
        guard case .presence(let presence) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(presence.joined == nil)

        bytes = []
        var encoded: [UInt8] = []
        EventWriter.line(
            room: room, seq: 1, time: time, username: "ann", message: "hi", into: &encoded)
        EventWriter.history(id: "h", room: room, lines: [encoded], more: true, into: &bytes)
        guard case .history(let history) = try ServerEvent(bytes) else { throw Unexpected() }
        #expect(history.id == "h")
        #expect(history.messages.map(\.message) == ["hi"])
        #expect(history.more)
    }

    @Test(arguments: [
        (#"{"type":"typing","room":"go"}"#, "typing"), (#"{}"#, nil), (#"{"type":null}"#, nil),
    ])
    func `an unknown type is ignored`(text: String, type: String?) throws {
        #expect(try event(text) == .unknown(type: type))
    }

    @Test func `unknown fields are ignored`() throws {
        #expect(
            try event(#"{"a":[{}],"type":"left","room":"go","b":{"type":"ack"}}"#)
                == event(#"{"type":"left","room":"go"}"#))
    }

    @Test(arguments: [
        ("", "not a JSON"), ("x", "not a JSON"), (#"{"type":"left""#, "not a JSON"),
        ("[]", "not an object"),
        (#"{"type":1}"#, "type"), (#"{"type":"left"}"#, "room"),
        (#"{"type":"left","room":7}"#, "room"),
        (#"{"type":"closing","reconnect_after_ms":-1}"#, ""),
        (#"{"type":"gap","room":"go","from":5,"to":4,"missed":0}"#, "to"),
        (#"{"type":"gap","room":"go","from":0,"to":4,"missed":5}"#, "to"),
    ])
    func `an invalid event is reported with its fault`(text: String, named: String) {
        do throws(ServerEvent.Malformed) {
            _ = try event(text)
            Issue.record("taken")
        } catch {
            #expect(error.reason.contains(named), "\(error.reason)")
        }
    }

    @Test func `a truncated event is refused at every position`() {
        let text = #"{"type":"error","id":"ü","code":"x","reason":"y","retry_after_ms":200}"#
        for count in 0..<text.utf8.count {
            #expect(throws: ServerEvent.Malformed.self) {
                try ServerEvent(Array(text.utf8.prefix(count)))
            }
        }
    }
}

private struct Unexpected: Error {}
