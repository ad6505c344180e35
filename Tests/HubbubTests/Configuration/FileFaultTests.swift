import TestSupport
import Testing

@testable import hubbub

/// What is wrong with a configuration file, and where.
@Suite struct FileFaultTests {
    @Test(arguments: [
        "", "# nothing\n", "---\n", "--- {}\n", "port: 8080", "port: \"8080\"", "port: '0'",
        "host: ::1", "host: \"[::1]\"", "compression: on", "reuse-port: off", "close-timeout: 5m",
        "max-message-bytes: 64KiB", "max-rooms: 3 rooms", "allow-origin: https://a.example",
        "allow-origin: [https://a.example, \"https://b.example,https://c.example\"]",
        "trusted-proxies:\n- ::1\n- 10.0.0.0/8\n", "trusted-proxies: [\"::1\", 10.0.0.0/8]",
        "{port: 8080, max-rooms: 4}", "\u{FEFF}port: 8080\n", "port: !!str 8080", "port: ! 8080",
        "port: |-\n  8080", "? port\n: 8080", "port: 8080\n...\n",
    ])
    func `a file is accepted`(text: String) throws {
        #expect(try FileReading(text).lines() == [])
    }

    @Test(arguments: [
        ("port: 80x", "f:1:7: port: 80x: give 1 to 65535"),
        ("port: 0x50", "f:1:7: port: 0x50: give 1 to 65535"),
        ("max-rooms: 1_000", "f:1:12: max-rooms: 1_000: give 1 to 10000 rooms"),
        ("max-rooms: 0o17", "f:1:12: max-rooms: 0o17: give 1 to 10000 rooms"),
        ("max-rooms: 20000", "f:1:12: max-rooms: 20000: give 1 to 10000 rooms"),
        ("max-rooms: 1e3", "f:1:12: max-rooms: 1e3: give 1 to 10000 rooms"),
        ("compression: yes", "f:1:14: compression: yes: give on or off"),
        ("reuse-port: true", "f:1:13: reuse-port: true: give on or off"),
        ("\n  port: ''", "f:2:9: port: '': give 1 to 65535"),
        ("port:", "f:1:6: port: no value; give 1 to 65535"),
        ("port: ~", "f:1:7: port: no value; give 1 to 65535"),
        ("port: [80]", "f:1:7: port: this is a list; give 1 to 65535"),
        ("port: {a: 1}", "f:1:7: port: this is a map; give 1 to 65535"),
        ("allow-origin: {a: 1}", "f:1:15: allow-origin: this is a map; give an origin"),
        ("allow-origin:\n- [a]", "f:2:3: allow-origin: an element is a list; give an origin"),
        ("allow-origin:\n- https://a\n- b", "f:3:3: allow-origin: b: b: the scheme is missing"),
        (
            "max_connections: 5",
            "f:1:1: max_connections: there is no such setting; did you mean max-"
        ),
        ("HUBBUB_PORT: 5", "f:1:1: HUBBUB_PORT: there is no such setting; did you mean port?"),
        ("--port: 5", "f:1:1: --port: there is no such setting; did you mean port?"),
        ("limits: {a: 1}", "f:1:1: limits: there is no such setting; settings stand at the top"),
        ("nonsense: 1", "f:1:1: nonsense: there is no such setting; see `hubbub config example`"),
        ("config: g", "f:1:1: config: a file can't name another one; leave it out"),
        ("port: 1\nhost: a\nport: 2", "f:3:1: port: line 1 gives it already; leave out one"),
        ("[port]", "f:1:1: the file is a list; give settings such as `port: 8080`"),
        ("8080", "f:1:1: the file is a single value; give settings such as `port: 8080`"),
        ("1: 2", "f:1:1: 1: there is no such setting"), ("[a]: 2", "f:1:1: this key is a list;"),
        ("? \n: 2", "f:1:2: this key is empty; give a name"),
    ])
    func `a fault names file, line, column, setting and remedy`(text: String, line: String) throws {
        let lines = try FileReading(text).lines()
        #expect(lines.count == 1 && lines[0].hasPrefix(line), "\(lines)")
    }

    @Test(arguments: [
        ("port: [80", "not YAML"), ("port: \"80", "not YAML"), ("\tport: 80", "indent with spaces"),
        ("port: 80\n max: 3", "not YAML"), ("host: a: b", "put a value with a colon in quotes"),
        ("host: @a", "put the value in quotes"), ("trusted-proxies: [::1]", "colon"),
        ("port: 80\nport", "not YAML"), (": 2", "not YAML"), ("%YAML 9.9\n---\na: 1", "not YAML"),
        ("port: \"\\q\"", "not YAML"), ("port: \u{1}", "not YAML"),
        ("port: &a 80", "anchors (&) are not taken"), ("port: *a", "aliases (*a) are not taken"),
        ("port: !secret a", "tags (!) are not taken"), ("port: !!int 80", "tags (!)"),
        ("<<: *base", "aliases"), ("port: 80\n---\nport: 81", "a second document begins"),
    ])
    func `what isn't plain YAML is refused with a reason`(text: String, reason: String) throws {
        let lines = try FileReading(text).lines()
        #expect(lines.contains { $0.hasPrefix("f:") && $0.contains(reason) }, "\(lines)")
    }

    @Test func `all faults are told at once, in the order of the file`() throws {
        let text = """
            max-roms: 3
            port: 80x
            low-watermark: 1MiB
            high-watermark: 64KiB
            port: 81
            host: [a]
            """
        let lines = try FileReading(text).lines(["--line-burst", "0"])
        #expect(
            lines.map { String($0.prefix(6)) } == [
                "f:1:1:", "f:2:7:", "f:3:16", "f:5:1:", "f:6:7:", "hubbub",
            ])
        #expect(lines[2].contains("must be less than f:4:17: high-watermark: 64KiB"))
        #expect(lines[5].contains("--line-burst 0"))
    }

    @Test func `a rule between limits names the one that was given`() throws {
        #expect(
            try FileReading("high-watermark: 1KiB").lines() == [
                "f:1:17: high-watermark: 1KiB: must be more than --low-watermark 64KiB (default); "
                    + "raise it or lower the other"
            ])
    }

    @Test func `an invalid byte is found where it is`() throws {
        let lines = try FileReading(bytes: Array("port: 80\nhost: ä".utf8) + [0xFF, 0x0A]).lines()
        #expect(lines == ["f:2:8: this is not UTF-8; save the file as UTF-8"])
    }

    /// They are named by number, because the test's report would hold them otherwise.
    private static let hostile: [String] = [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 40_000),
        String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
        String(repeating: "a: &a [*a]\n", count: 10_000),
        "a: &a [x]\n"
            + (0..<40).map { "b\($0): &b\($0) [*\($0 == 0 ? "a" : "b\($0 - 1)"), *a]\n" }.joined(),
        (0..<10_000).map { "k\($0): 1\n" }.joined(), String(repeating: "a", count: 200_000),
        String(repeating: "port: 1\n", count: 100_000), String(repeating: "'", count: 199_999),
        "port: " + String(repeating: "\"a\\\n", count: 40_000),
    ]

    @Test(arguments: hostile.indices)
    func `a hostile file is refused, with a bounded list of faults`(number: Int) throws {
        let lines = try FileReading(Self.hostile[number]).lines()
        #expect(1...(FaultList.most + 1) ~= lines.count)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `no text makes the reader fail`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "port", "allow-origin", ": ", ":", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'",
            "\"", "&a ", "*a", "!t ", "|", ">", "#", "---\n", "...\n", "? ", "80", "ä", "\t", "%",
            "~", "\\", "\u{1F600}", "\r\n",
        ]
        var text = ""
        for _ in 0..<random.number(in: 1...60) { text += random.pick(pieces) }
        _ = try FileReading(text).lines()
    }
}
