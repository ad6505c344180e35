import Testing

@testable import hubbub

/// Lists of maps and maps by name, which later settings are made of.
@Suite struct SchemaReaderTests {
    private static let word = SchemaNode.Text(accepted: "a word", example: "word") { text in
        !text.isEmpty && !text.contains(" ")
    }
    private static let schema = [
        SchemaNode(
            key: "pairs", what: "Pairs",
            kind: .maps([
                SchemaNode(key: "left", what: "Left", kind: .text(word), isRequired: true),
                SchemaNode(
                    key: "right", what: "Right",
                    kind: .text(
                        SchemaNode.Text(accepted: "a secret", example: "s", isSecret: true) {
                            $0.count > 3
                        })),
                SchemaNode(key: "tags", what: "Tags", kind: .texts(word)),
            ])),
        SchemaNode(
            key: "rooms", what: "Rooms",
            kind: .named(word, [SchemaNode(key: "title", what: "Title", kind: .text(word))])),
    ]

    @Test func `values are found with their places`() {
        let reading = FileReading(
            """
            pairs:
            - left: a
              tags: [x, y]
            - {left: b, right: word}
            rooms:
              lobby: {title: Hall}
              empty:
            """, as: Self.schema)
        #expect(reading.faults.lines == [])
        let pairs = reading.values.maps(of: "pairs")
        #expect(pairs.map { $0.values.texts(of: "left").map(\.text) } == [["a"], ["b"]])
        #expect(pairs[0].values.texts(of: "tags").map(\.text) == ["x", "y"])
        #expect("\(pairs[1].place)" == "f:4:3")
        let rooms = reading.values.named(of: "rooms")
        #expect(rooms.map(\.name.text) == ["lobby", "empty"])
        #expect(rooms[0].map.values.texts(of: "title").map(\.text) == ["Hall"])
        #expect(!rooms[1].map.values.has("title"))
    }

    @Test(arguments: [
        ("pairs: {left: a}", "f:1:8: pairs: this is a map; give a list of maps with left, right"),
        ("pairs: [a]", "f:1:9: pairs: an element is a single value; give a list of maps"),
        ("pairs:\n- right: word", "f:2:3: pairs: left is missing; give a word"),
        ("pairs:\n- left: a b", "f:2:9: pairs.left: a b: give a word"),
        ("pairs:\n- {left: a, right: abc}", "f:2:20: pairs.right: …: give a secret"),
        ("pairs:\n- {left: a, rihgt: abcd}", "f:2:13: pairs.rihgt: there is no such setting; did"),
        ("pairs:\n- {left: a, other: abcd}", "f:2:13: pairs.other: there is no such setting; give"),
        ("rooms: [a]", "f:1:8: rooms: this is a list; give a map from names to maps with title"),
        ("rooms: {a b: {}}", "f:1:9: rooms: a b: give a word"),
        ("rooms: {a: {title: []}}", "f:1:20: rooms.a.title: this is a list; give a word"),
    ])
    func `a fault names the keys around it`(text: String, line: String) {
        let lines = FileReading(text, as: Self.schema).faults.lines
        #expect(lines.count == 1 && lines[0].hasPrefix(line), "\(lines)")
    }
}
