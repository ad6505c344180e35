import ChatServer
import Simulation
import Testing

/// What `/metrics` tells of rooms, states and laggards, which the report for administrators is made
/// from, too.
@Suite struct ServerFiguresTests {
    /// The samples of a page, by their text before the value.
    private func samples(_ simulation: Simulation) throws -> [String: Double] {
        let page = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let content = try #require(page.responses?.first?.content)
        var samples: [String: Double] = [:]
        for line in content.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return samples
    }

    @Test func `rooms are told by their members and lines, without names`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.join(room: "zebra")
            for number in 0..<9 { _ = simulation.join(room: "zebra", from: .of(UInt32(number))) }
            _ = simulation.join(room: "gnu")
            var found = try samples(simulation)
            #expect(found["hubbub_rooms"] == 2)
            #expect(found[#"hubbub_rooms_by_members{members="1"}"#] == 1)
            #expect(found[#"hubbub_rooms_by_members{members="10-99"}"#] == 1)
            #expect(found["hubbub_largest_room_members"] == 10)
            #expect(found["hubbub_busiest_room_lines_per_second"] == 0)
            for _ in 0..<20 { ann.say("hi") }
            simulation.advance(seconds: 10)
            found = try samples(simulation)
            #expect(found["hubbub_busiest_room_lines_per_second"] == 2)
            #expect(!found.keys.contains { $0.contains("zebra") || $0.contains("gnu") })
            simulation.advance(seconds: 10)
            try #expect(samples(simulation)["hubbub_busiest_room_lines_per_second"] == 0)
        }
    }

    @Test func `connections are told by what they do`() throws {
        try play(.generous()) { simulation in
            _ = (simulation.join(), simulation.join(), simulation.connectRichly())
            _ = simulation.connect()
            simulation.settle()
            let found = try samples(simulation)
            func count(_ state: String) -> Double? {
                found["hubbub_connection_states{state=\"\(state)\"}"]
            }
            #expect(count("plain") == 2)
            #expect(count("rich") == 1)
            // The idle one, and the one that asks.
            #expect(count("http") == 2)
            #expect(count("closing") == 0)
        }
    }

    @Test func `members behind are told with the lines that they have yet to get`() throws {
        let limits = Limits.generous {
            $0.highWatermark = 10_000
            $0.lowWatermark = 2_500
        }
        try play(limits) { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, bob) = (simulation.join(), simulation.join())
            bob.reads = false
            simulation.chat(ann, lines: 0..<100, bytes: 500)
            let found = try samples(simulation)
            #expect(found["hubbub_laggards"] == 1)
            #expect(found["hubbub_members_behind"] == 1)
            let behind = try #require(found["hubbub_furthest_behind_lines"])
            #expect(60...90 ~= behind)
            #expect((found[#"hubbub_memory_bytes{kind="waiting"}"#] ?? 0) > 10_000)
            bob.reads = true
            simulation.settle()
            simulation.advance(seconds: 2)
            try #expect(samples(simulation)["hubbub_members_behind"] == 0)
        }
    }

    @Test func `kinds of memory add up to what counts for the budget`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter("go", as: "ann")
            ann.say("hi", in: "go")
            simulation.settle()
            let found = try samples(simulation)
            let kinds = found.filter { $0.key.hasPrefix("hubbub_memory_bytes{") }
            #expect(kinds.values.reduce(0, +) == found["hubbub_buffer_bytes"])
        }
    }

    @Test(arguments: [false, true])
    func `each line is measured from its arrival to its last send`(isStored: Bool) throws {
        try play(.generous(), disk: isStored ? Disk() : nil) { simulation in
            let (ann, bob) = (simulation.join(), simulation.join(room: "other"))
            for number in 1...10 {
                ann.say("\(number)")
                bob.say("\(number)")
                if number > 5 { simulation.settle() }
            }
            simulation.advance(seconds: 1)
            let name = "hubbub_line_delivery_duration_seconds"
            let found = try samples(simulation)
            #expect(found["\(name)_count"] == 20)
            #expect(found["\(name)_bucket{le=\"+Inf\"}"] == 20)
            #expect((found["\(name)_sum"] ?? -1) >= 0)
        }
    }

    @Test func `limits that the operator has changed are told`() throws {
        try play(.generous()) { simulation in
            simulation.change {
                $0.changedLimits = [
                    ChangedLimit(name: "max-rooms", value: "3 rooms", standard: "100 rooms")
                ]
            }
            simulation.settle()
            let name =
                #"hubbub_changed_limit_info{limit="max-rooms",value="3 rooms",default="100 rooms"}"#
            try #expect(samples(simulation)[name] == 1)
        }
    }
}
