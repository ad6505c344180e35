import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Event streams, as their readers get them.
@Suite struct ServerStreamTests {
    @Test(arguments: [Disk?.none, Disk()])
    func `a stream has the events of its room, with the places of a reader`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...3)
            let reader = simulation.stream("rooms/lobby/events?history=2")
            #expect(reader.streamField("content-type") == "text/event-stream")
            #expect(reader.streamField("cache-control") == "no-store, no-transform")
            #expect(reader.streamField("x-accel-buffering") == "no")
            #expect(reader.streamField("connection") == "close")
            #expect(reader.streamField("content-length") == nil)
            #expect(reader.streamField("transfer-encoding") == nil)
            #expect(String(decoding: reader.raw, as: UTF8.self).contains("\r\n\r\n:  "))
            simulation.say(ann, lines: 4...5)
            #expect(reader.streamedTypes == ["joined"] + Array(repeating: "message", count: 4))
            #expect(reader.streamedSeqs() == [2, 3, 4, 5])
            let epoch = try #require(ann.joined?.epoch)
            #expect(
                reader.stream.compactMap(\.id) == [1, 2, 3, 4, 5].map { "lobby=\(epoch).\($0).0" })
            #expect(reader.stream.first?.event.memberCount == 2)
            let last = reader.stream.last { $0.type == "message" }
            #expect(last?.event.message?.hasPrefix("5") == true)
            simulation.advance(seconds: 2)
            #expect(ann.events("presence").last?.count == 2)
        }
    }

    @Test func `presence has no id`() throws {
        try play(.generous()) { simulation in
            let reader = simulation.stream()
            _ = simulation.enter(as: "ann")
            simulation.advance(seconds: 2)
            let presence = try #require(reader.stream.first { $0.type == "presence" })
            #expect(presence.id == nil && presence.event.joined == ["ann"])
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `a reader that comes back misses nothing and gets nothing twice`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...2)
            let reader = simulation.stream()
            simulation.say(ann, lines: 3...4)
            reader.link.reset()
            simulation.say(ann, lines: 5...6)
            let again = simulation.stream(after: reader.lastEventID)
            simulation.say(ann, lines: 7...8)
            #expect(again.streamedSeqs() == [5, 6, 7, 8])
            #expect(again.stream.first?.event.recovered == true)
            let id = try #require(reader.lastEventID)
            let query = id.replacing("=", with: "%3D")
            #expect(
                simulation.stream("rooms/lobby/events?after=\(query)").streamedSeqs()
                    == [5, 6, 7, 8])
            // The field is newer than the URL.
            #expect(
                simulation.stream("rooms/lobby/events?after=\(query)", after: again.lastEventID)
                    .streamedSeqs() == [])
        }
    }

    @Test func `a quiet room's reader has a place from the start`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            reader.link.reset()
            simulation.say(ann, lines: 1...70)
            let again = simulation.stream(after: reader.lastEventID)
            #expect(again.streamedSeqs() == Array(1...70))
        }
    }

    @Test func `missed lines come from the store over a crash`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            simulation.say(ann, lines: 1...10)
            simulation.say(ann, lines: 11...300)
            let id = try #require(reader.stream.first { $0.event.seq == 10 }?.id)
            simulation.crash()
            simulation.settle()
            let again = simulation.stream(after: id)
            #expect(again.streamedSeqs() == Array(11...300))
            let bob = simulation.join()
            bob.say("live", as: "bob")
            simulation.settle()
            #expect(again.streamedSeqs() == Array(11...301))
            #expect(again.stream.compactMap(\.id).last == id.replacing(".10.", with: ".301."))
        }
    }

    @Test func `a reader is told what it can't have`() throws {
        try play(.generous { $0.resumeLines = 100 }, disk: Disk()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            simulation.say(ann, lines: 1...201)
            let epoch = try #require(ann.joined?.epoch)
            let again = simulation.stream(after: "lobby=\(epoch).100.0")
            #expect(again.streamedTypes.prefix(2) == ["joined", "gap"])
            #expect(again.stream[0].event.recovered == false && again.stream[0].id == nil)
            let gap = again.stream[1]
            #expect((gap.event.from, gap.event.missed) == (101, 51))
            #expect(gap.id == "lobby=\(epoch).151.0")
            #expect(again.streamedSeqs() == Array(152...201))
            #expect(reader.streamedSeqs() == Array(1...201))
            let other = simulation.stream(after: "lobby=zzz.1.0")
            #expect(other.streamedTypes.prefix(2) == ["joined", "gap"])
            #expect(other.stream[1].event.epoch == epoch && other.stream[1].event.seq == 151)
            #expect(other.streamedSeqs() == Array(152...201))
            let ahead = simulation.stream(after: "lobby=\(epoch).500.0")
            #expect(ahead.stream[1].event.epoch == epoch)
            #expect(ahead.streamedSeqs() == Array(152...201))
        }
    }

    @Test func `without history, a room that was empty has another epoch`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            let reader = simulation.stream()
            simulation.say(ann, lines: 1...3)
            ann.link.reset()
            reader.link.reset()
            simulation.settle()
            let again = simulation.stream(after: reader.lastEventID)
            #expect(again.streamedTypes == ["joined", "gap"])
            #expect(again.stream[1].event.seq == 0)
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `a stream of several rooms has a place in each`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let (ann, bob) = (simulation.enter("a"), simulation.enter("b", as: "bob"))
            simulation.say(ann, lines: 1...2, in: "a")
            let reader = simulation.stream("events?rooms=a%2Cb,c&history=0")
            #expect(reader.streamedTypes == ["joined", "joined", "joined"])
            simulation.say(bob, lines: 1...3, in: "b")
            simulation.say(ann, lines: 3...3, in: "a")
            #expect(reader.streamedSeqs(of: "b") == [1, 2, 3])
            #expect(reader.streamedSeqs(of: "a") == [3])
            let id = try #require(reader.lastEventID)
            let (one, two) = try (#require(ann.joined?.epoch), #require(bob.joined?.epoch))
            #expect(id.hasPrefix("a=\(one).3.0,"))
            #expect(id.contains(",b=\(two).3.0") && id.contains(",c="))
            let middle = try #require(
                reader.stream.first { $0.event.room == "b" && $0.event.seq == 2 }?.id)
            #expect(middle.hasPrefix("b=\(two).2.0,") && middle.contains("a=\(one).2.0"))
            reader.link.reset()
            simulation.say(ann, lines: 4...6, in: "a")
            let again = simulation.stream("events?rooms=a,b,c", after: middle)
            #expect(again.streamedSeqs(of: "a") == [3, 4, 5, 6])
            #expect(again.streamedSeqs(of: "b") == [3])
            #expect(
                again.streamedTypes.contains("gap") == (disk == nil), "c was empty meanwhile")
            // Each id is a place of its own: nothing is lost or doubled from any of them.
            for event in reader.stream {
                guard let id = event.id else { continue }
                let seen = { (room: String) in
                    id.split(separator: ",").first { $0.hasPrefix("\(room)=") }
                        .flatMap { UInt64($0.split(separator: ".")[1]) } ?? 0
                }
                let (a, b) = (seen("a"), seen("b"))
                let resumed = simulation.stream("events?rooms=b,a", after: id)
                #expect(resumed.streamedSeqs(of: "a") == (a < 6 ? Array(a + 1...6) : []))
                #expect(resumed.streamedSeqs(of: "b") == (b < 3 ? Array(b + 1...3) : []))
                resumed.link.reset()
            }
        }
    }
}
