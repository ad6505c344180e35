import Testing

/// The chat server keeps its rules, and each rule finds what it is meant to find.
@Suite struct HouseRuleTests {
    @Test(arguments: HouseRule.allCases)
    func `the chat server keeps the rule`(_ rule: HouseRule) throws {
        let findings = rule.findings(in: try Repository().files)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: HouseRule.allCases)
    func `a tidy chat server has no findings`(_ rule: HouseRule) {
        #expect(rule.findings(in: Self.house()) == [])
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let rule: HouseRule
        /// The path of a file of the chat server. It replaces an existing file.
        let path: String
        let text: String
        /// The numbers of the lines that the rule finds.
        let lines: [Int]

        var testDescription: String { "\(rule): \(path): \(text.prefix(40).debugDescription)" }
    }

    @Test(arguments: [
        Example(
            rule: .tooManyProperties, path: "Server.swift", text: server(properties: 25),
            lines: []),
        Example(
            rule: .tooManyProperties, path: "Server.swift", text: server(properties: 27),
            lines: [27, 28]),
        Example(
            rule: .partNamesServer, path: "Rooms/Feeder.swift",
            text: "// Server\nlet a: Server<Net>\nlet b: ServerSide  // Server\n", lines: [2]),
        Example(
            rule: .partNamesServer, path: "Out/New.swift", text: "extension Server {}\n",
            lines: [1]),
        Example(
            rule: .partNamesServer, path: "In/Connections+New.swift", text: "\nServer()\n",
            lines: [2]),
        Example(
            rule: .partNamesServer, path: "In/Server+New.swift", text: "extension Server {}\n",
            lines: []),
        Example(rule: .partNamesServer, path: "Clock.swift", text: "Server\n", lines: [1]),
        Example(rule: .partNamesServer, path: "Life.swift", text: "Server\n", lines: [1]),
        Example(rule: .partNamesServer, path: "HTTP/Documents.swift", text: "Server\n", lines: [1]),
        Example(rule: .partNamesServer, path: "Store/History.swift", text: "Server\n", lines: [1]),
        Example(
            rule: .partNamesServer, path: "Store/CommitQueue.swift", text: "Server\n", lines: [1]),
        Example(rule: .partNamesServer, path: "Dialects/New.swift", text: "Server\n", lines: []),
        Example(
            rule: .sendOutsideOutbox, path: "Rooms/FanOut.swift",
            text: "// network.send()\nnetwork.send(gather, to: socket)\n", lines: [2]),
        Example(
            rule: .sendOutsideOutbox, path: "Out/Outbox+New.swift",
            text: "network.send(a, to: b)\n",
            lines: []),
        Example(
            rule: .stateChangedOutsideConnections, path: "HTTP/Server+HTTP.swift",
            text: """
                connections[index].flags.insert(.held)
                connections[index].flags.remove(.held)
                connections[index].flags.formUnion(other)
                connections[index].flags = []
                connections[index].phase = .lingering
                if connections[index].phase == .lingering { return }
                if connections[index].flags.contains(.held) { return }
                history?.phase = .open
                """, lines: [1, 2, 3, 4, 5]),
        Example(
            rule: .stateChangedOutsideConnections, path: "In/Connection+New.swift",
            text: "flags.insert(.held)\nself.phase = .lingering\n", lines: []),
        Example(
            rule: .tableOutsideConnections, path: "In/Connection+Deadline.swift",
            text: "connections.table[index]\nvar table = 1\nnew.tables\n", lines: [1]),
        Example(
            rule: .tableOutsideConnections, path: "In/Connections+New.swift",
            text: "connections.table[index]\n", lines: []),
        Example(
            rule: .partsInCircle, path: "Clock.swift",
            text: "// Feeder\nlet a: Feeders\nlet b: Feeder\n", lines: []),
        Example(
            rule: .partsInCircle, path: "Rooms/RoomStreams.swift",
            text: "let a: Clock\nlet feeder: Feeder\n", lines: [2]),
        Example(
            rule: .partsInCircle, path: "Rooms/Coalescing.swift", text: "\nlet feeder: Feeder\n",
            lines: [2]),
        Example(
            rule: .partsInCircle, path: "Out/ChunkPool+New.swift", text: "let a: Feeder\n",
            lines: [1]),
        Example(rule: .strayFolder, path: "Rooms/New.swift", text: "", lines: []),
        Example(rule: .strayFolder, path: "New.swift", text: "", lines: [1]),
        Example(rule: .strayFolder, path: "Helpers/New.swift", text: "", lines: [1]),
        Example(rule: .strayFolder, path: "Rooms.swift/Clock.swift", text: "", lines: [1]),
    ])
    func `the rule finds these lines and no others`(_ example: Example) {
        let path = HouseRule.house + example.path
        let findings = example.rule.findings(
            in: Self.house(with: SourceFile(path: path, text: example.text)))
        #expect(findings.filter { $0.path == path }.map(\.line) == example.lines)
    }

    @Test func `each file after the twenty-third that extends Server is found`() {
        let text =
            "import A\npublic extension Server where Net: ~Copyable {}\nextension Server {}\n"
        let files = (10..<35).map { number in
            SourceFile(path: "\(HouseRule.house)Dialects/Server+\(number).swift", text: text)
        }
        let findings = HouseRule.tooManyExtensions.findings(in: files)
        #expect(findings.map(\.path) == files.suffix(2).map(\.path))
        #expect(findings.map(\.line) == [2, 2])
    }

    @Test func `a circle of any length is found on each of its parts`() {
        let file = SourceFile(
            path: "\(HouseRule.house)Out/ChunkPool.swift", text: "let feeder: Feeder\n")
        let findings = HouseRule.partsInCircle.findings(in: Self.house(with: file))
        #expect(
            Set(findings.map(\.path)) == [
                "\(HouseRule.house)Out/ChunkPool.swift", "\(HouseRule.house)Out/Outbox.swift",
                "\(HouseRule.house)Rooms/Feeder.swift",
            ])
    }

    @Test func `a missing part and a missing folder are found`() {
        let parts = Self.house().filter { !$0.path.hasSuffix("/Budget.swift") }
        #expect(HouseRule.partsInCircle.findings(in: parts).count == 1)
        let folders = Self.house().filter { !$0.path.contains("/Watching/") }
        #expect(
            HouseRule.strayFolder.findings(in: folders).map(\.path) == [
                "\(HouseRule.house)Watching"
            ])
    }

    // MARK: A tidy chat server

    /// A chat server in which the feeder uses the streams and the outbox, and the outbox uses the
    /// pool. One file may be given.
    private static func house(with given: SourceFile? = nil) -> [SourceFile] {
        var texts = [
            "Rooms/Feeder.swift": "let outbox: Outbox\nlet streams: RoomStreams\n",
            "Out/Outbox.swift": "let pool: ChunkPool\n",
            "Server.swift": server(properties: 1),
        ]
        for path in paths where texts[path] == nil { texts[path] = "" }
        var files = texts.sorted { $0.key < $1.key }.map { path, text in
            SourceFile(path: HouseRule.house + path, text: text)
        }
        guard let given else { return files }
        files.removeAll { $0.path == given.path }
        return files + [given]
    }

    private static let paths = [
        "ChatServer.docc/ChatServer.md", "Clock.swift", "Daemon.swift",
        "Dialects/Server+Rich.swift",
        "HTTP/Documents.swift", "In/Allowances/AddressBook.swift", "In/Allowances/Allowances.swift",
        "In/Connections.swift", "In/Listening.swift", "Life.swift", "Out/Budget.swift",
        "Out/ChunkPool.swift", "Out/OutboundRing.swift", "Resources/page.js", "Rooms/FanOut.swift",
        "Rooms/PresenceNews.swift", "Rooms/RoomStreams.swift", "Server+Drain.swift",
        "Settings/Limits.swift", "Store/History.swift", "Watching/Metrics.swift",
    ]

    /// A server with this many stored properties from the second line on, and some others.
    private static func server(properties: Int) -> String {
        let kinds = ["let a: Int", "private(set) var b = [{ 1 }]", "public internal(set) var c: A"]
        let stored = (0..<properties).map { "    \(kinds[$0 % kinds.count])\n" }.joined()
        return "public struct Server<Net>: ~Copyable {\n\(stored)" + """
                static let none = 1
                var computed: Int { 1 }
                func f() {
                    let local = 1
                }
                public init(
                    a: Int
                ) {
                }
                var late = 1
            }
            """
    }
}
