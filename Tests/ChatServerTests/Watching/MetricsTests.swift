import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct MetricsTests {
    /// The families and samples of a metrics page.
    private func families(_ page: String) -> [String: [String]] {
        var families: [String: [String]] = [:]
        var current = ""
        for line in page.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0] == "#" {
                if words[1] == "TYPE" { current = String(words[2]) }
                families[String(words[2]), default: []].append("# \(words[1])")
            } else {
                families[current, default: []].append(String(line))
            }
        }
        return families
    }

    @Test func `close codes that clients choose share one sample for each range`() throws {
        try play(.generous { $0.connections = 3_000 }) { simulation in
            let codes: [UInt16] =
                Array(3_000...3_399) + Array(4_000...4_199) + [1_000, 1_008, 1_012]
            for code in codes {
                let client = simulation.join()
                client.close(CloseCode(rawValue: code))
                simulation.settle()
            }
            let page = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            let content = try #require(page.responses?.first?.content)
            let samples = try #require(families(content)["hubbub_closes_total"])
                .filter { !$0.hasPrefix("#") }
            #expect(
                samples == [
                    #"hubbub_closes_total{code="1000"} 1"#, #"hubbub_closes_total{code="1008"} 1"#,
                    #"hubbub_closes_total{code="1012"} 1"#,
                    #"hubbub_closes_total{code="3xxx"} 400"#,
                    #"hubbub_closes_total{code="4xxx"} 200"#,
                ])
        }
    }

    /// Whatever clients send, the page has no more series than these.
    @Test func `no label has a value that a client chooses`() throws {
        try play(.generous { $0.connections = 3_000 }) { simulation in
            func series() throws -> Int {
                let page = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                let content = try #require(page.responses?.first?.content)
                return content.split(separator: "\n").filter { !$0.hasPrefix("#") }.count
            }
            func storm(_ number: Int) {
                for method in ["GET", "BREW\(number)", "POST"] {
                    for path in ["/x\(number)", "/r/X\(number)", "/ws?room=\(number)"] {
                        _ = simulation.ask(
                            "\(method) \(path) HTTP/1.1\r\nHost: h\(number)\r\n\r\n")
                    }
                }
                let (ann, bob) = (simulation.connectRichly(), simulation.join(room: "r\(number)"))
                ann.send(.text, #"{"type":"t\#(number)"}"#.utf8)
                ann.join("room\(number)", as: "ann\(number)", id: "id\(number)")
                bob.say("hi \(number)")
                simulation.settle()
                ann.close(CloseCode(rawValue: UInt16(3_000 + number)))
                bob.close(CloseCode(rawValue: UInt16(4_000 + number)))
                simulation.settle()
            }
            storm(0)
            // The first page doesn't count its own response.
            _ = try series()
            let before = try series()
            for number in 1...50 { storm(number) }
            #expect(try series() == before)
        }
    }

    @Test func `events are counted, and each sample is described`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.say("hi")
            bob.send(.text, "nonsense".utf8)
            simulation.settle()
            bob.close()
            simulation.settle()
            let page = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try #require(page.responses?.first)
            #expect(response.fields["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let families = families(response.content)
            for (name, lines) in families {
                #expect(lines.filter { $0 == "# TYPE" }.count == 1)
                #expect(lines.first == "# HELP" || lines.first == "# TYPE")
                let samples = lines.filter { !$0.hasPrefix("#") }
                #expect(samples.allSatisfy { $0.hasPrefix(name) })
                #expect(
                    samples.allSatisfy {
                        $0.split(separator: " ").last.flatMap { Double($0) } != nil
                    })
            }
            func sample(_ text: String) -> Bool { families.values.joined().contains(text) }
            #expect(sample("hubbub_connections 2"))
            #expect(sample("hubbub_websockets 1"))
            #expect(sample("hubbub_connections_accepted_total 3"))
            #expect(sample("hubbub_handshakes_total{outcome=\"accepted\"} 2"))
            #expect(sample("hubbub_lines_received_total 2"))
            #expect(sample("hubbub_lines_delivered_total 2"))
            #expect(sample("hubbub_refusals_total{code=\"invalid_json\"} 1"))
            #expect(sample("hubbub_closes_total{code=\"1000\"} 1"))
            #expect(sample("hubbub_waiting_bytes 0"))
        }
    }
}
