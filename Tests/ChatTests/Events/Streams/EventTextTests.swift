import Testing

@testable import Chat

@Suite struct EventTextTests {
    private static let json = #"{"type":"message","room":"go","seq":1,"message":"a\n\nid: x"}"#

    private static func text(
        _ json: String, id: String? = nil, retry: UInt64? = nil
    ) -> String {
        var text: [UInt8] = []
        EventText.append(json.utf8.span, id: id.map { Array($0.utf8) }, retry: retry, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `an event is its id, its type and its JSON`() {
        #expect(
            Self.text(Self.json, id: "go=k.1.0")
                == "id: go=k.1.0\nevent: message\ndata: \(Self.json)\n\n")
        #expect(
            Self.text(#"{"type":"closing"}"#, retry: 8_450)
                == "retry: 8450\nevent: closing\ndata: {\"type\":\"closing\"}\n\n")
        #expect(EventText.opening.count == 2_049)
        #expect(EventText.comment == Array(":\n\n".utf8))
    }

    @Test func `events are found again, whatever their texts`() throws {
        let parts = [
            Self.text(Self.json, id: "go=k.1.0"), Self.text(#"{"type":"presence"}"#), ":\n\n",
            Self.text(Self.json, id: "go=k.2.0", retry: 1),
        ]
        let text = Array(parts.joined().utf8)
        #expect(WrittenEvents.areIn(text) && !WrittenEvents.areIn([0x81, 0]))
        #expect(!WrittenEvents.areIn([]))
        var (walk, found) = (WrittenEvents(), [WrittenEvents.Event]())
        while let event = walk.next(in: text.span) { found.append(event) }
        func string(_ range: Range<Int>?) -> String? {
            range.map { String(decoding: text[$0], as: UTF8.self) }
        }
        #expect(found.map { string($0.all) } == parts)
        #expect(found.map { string($0.id) } == ["go=k.1.0", nil, nil, "go=k.2.0"])
        #expect(
            found.map { string($0.data) } == [Self.json, #"{"type":"presence"}"#, nil, Self.json])
        for end in text.indices {
            let (part, empty) = (Array(text[..<end]), end == 0)
            var walk = WrittenEvents()
            while walk.next(in: part.span) != nil {}
            #expect(empty == (walk.offset == 0))
            #expect(walk.offset == end)
        }
    }
}
