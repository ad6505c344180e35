import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// How event streams live and end: slow readers, silence, the end of the server, and other input.
@Suite struct ServerStreamLifeTests {
    @Test func `a slow reader lags and is told of lines that are gone`() throws {
        try play(
            .generous {
                $0.highWatermark = 8_192
                $0.lowWatermark = 4_096
                $0.roomLogBytes = 16_384
            }
        ) { simulation in
            let ann = simulation.enter()
            let (reader, keen) = (simulation.stream(), simulation.stream())
            reader.reads = false
            simulation.say(ann, lines: 1...400, bytes: 500)
            #expect(keen.streamedSeqs() == Array(1...400))
            reader.reads = true
            simulation.settle()
            let gap = try #require(reader.stream.first { $0.type == "gap" })
            let (from, missed) = try (#require(gap.event.from), #require(gap.event.missed))
            let seqs = reader.streamedSeqs()
            #expect(seqs == Array(1..<from) + Array(from + missed...400))
            #expect(gap.id?.contains(".\(from + missed - 1).") == true)
            simulation.say(ann, lines: 401...401)
            #expect(reader.streamedSeqs().last == 401)
        }
    }

    @Test func `a reader that takes nothing is cut off`() throws {
        try play(
            .generous {
                $0.highWatermark = 8_192
                $0.lowWatermark = 4_096
            }
        ) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            reader.reads = false
            simulation.say(ann, lines: 1...300, bytes: 500)
            simulation.advance(seconds: 12)
            #expect(reader.link.isReset || reader.ending != nil || simulation.connectionCount == 1)
            #expect(simulation.metrics.laggardsClosed == 1)
        }
    }

    @Test func `comments keep a silent stream alive`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            #expect(reader.comments == 1)
            var last = reader.raw.count
            // Five minutes, in which no fifteen seconds are silent.
            for _ in 1...20 {
                simulation.advance(seconds: 15)
                #expect(reader.raw.count > last)
                last = reader.raw.count
            }
            #expect(reader.comments >= 20 && reader.comments <= 45)
            simulation.say(ann, lines: 1...1)
            #expect(reader.streamedSeqs() == [1])
        }
    }

    @Test func `readers come back at different times when the server stops`() throws {
        try play(.generous()) { simulation in
            let readers = (1...20).map { _ in simulation.stream() }
            simulation.world.raise(15)
            simulation.settle()
            let retries = readers.compactMap { $0.stream.last { $0.type == "closing" }?.retry }
            #expect(retries.count == 20 && Set(retries).count > 10)
            #expect(readers.allSatisfy { $0.streamedTypes.last == "closed" })
            #expect(readers.allSatisfy { $0.ending == .finished })
            let closing = try #require(readers[0].stream.first { $0.type == "closing" })
            #expect(closing.event.reconnectAfter == UInt64(retries[0]))
            #expect(simulation.life == .ended)
        }
    }

    @Test func `what a reader sends after its request is dropped`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.connect()
            let request = "GET /api/v1/rooms/lobby/events HTTP/1.1\r\nHost: a\r\n\r\n"
            reader.send(request + request + "GET / HTTP/1.1\r\nHost: a\r\n\r\n\u{1}")
            simulation.settle()
            for _ in 1...20 {
                reader.send(String(repeating: "x", count: 1_000))
                simulation.settle()
            }
            simulation.say(ann, lines: 1...2)
            #expect(reader.streamedTypes == ["joined", "message", "message"])
            #expect(reader.raw.ranges(of: Array("HTTP/1.1".utf8)).count == 1)
            reader.finish()
            simulation.settle()
            #expect(reader.ending != nil)
            #expect(simulation.inspection.contradictions == [])
        }
    }

    @Test func `HTTP 1.0, HEAD and OPTIONS work`() throws {
        try play(.generous()) { simulation in
            let old = simulation.ask("GET /api/v1/rooms/lobby/events HTTP/1.0\r\nHost: a\r\n\r\n")
            #expect(old.streamedTypes == ["joined"])
            let path = "/api/v1/rooms/lobby/events"
            let head = simulation.ask(
                "HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "OPTIONS \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(head.statuses == [200, 204])
            #expect(head.responses?.first?.fields["content-type"] == "text/event-stream")
            #expect(head.responses?.last?.fields["allow"] == "GET, HEAD, OPTIONS")
            #expect(head.ending == nil)
            #expect(simulation.metrics.eventStreamsOpened == 1)
        }
    }
}
