import Reactor
import Testing

@testable import hubbub_load

@Suite struct VerifierTests {
    private static func id(_ sender: Int, _ counter: Int) -> LineID {
        LineID(sender: sender, counter: counter)
    }

    /// A ring for every message, for one of them, and for none.
    @Test(arguments: [4096, 150, 10])
    func `a run without faults is clean`(ringBytes: Int) {
        var room = VerifiedRoom(ringBytes: ringBytes)
        let lines = room.send(0, 1, 0, 0, 1)
        #expect(!room.verifier.isComplete)
        room.deliver(Array(lines[0..<3]), to: 2)
        room.deliver(lines, to: 1, 0)
        room.deliver(Array(lines[3...]), to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.verifier.delivered == 15)
        #expect(room.finish().isEmpty)
    }

    @Test func `a line carries its due time on every connection`() {
        var room = VerifiedRoom()
        let line = room.send(1)[0]
        for connection in 0..<3 {
            let receipt = room.verifier.received(line.span, by: connection)
            #expect(receipt == .line(Self.id(1, 0), due: VerifiedRoom.due))
        }
    }

    @Test(arguments: [0, 2])
    func `a loss is found on the first and on the last connection`(loser: Int) {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 0)
        for connection in 0..<3 {
            let gets = connection == loser ? [lines[0], lines[3]] : lines
            room.deliver(gets, to: connection)
        }
        #expect(!room.verifier.isComplete)
        #expect(
            room.finish() == [
                .lost(connection: loser, sender: 0, counters: 1...1),
                .lost(connection: loser, sender: 1, counters: 0...0),
            ])
    }

    @Test func `lines that one connection lost at the end are one finding`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 0, 0)
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[0]], to: 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 1...2)])
        #expect(room.verifier.findings.counts == [.lost: 2])
    }

    @Test func `lines that no connection got are lost for all`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 0, 0, 1)
        room.deliver([lines[1]], to: 0, 1, 2)
        #expect(
            room.finish() == [
                .lost(connection: nil, sender: 0, counters: 0...0),
                .lost(connection: nil, sender: 0, counters: 2...2),
                .lost(connection: nil, sender: 1, counters: 0...0),
            ])
        #expect(room.verifier.findings.counts == [.lost: 9])
    }

    @Test(arguments: [0, 1, 2])
    func `a repeated line is found`(place: Int) {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0)
        room.deliver(lines, to: 0)
        room.deliver(Array(lines[...place]) + [lines[0]] + lines[(place + 1)...], to: 1)
        room.deliver(lines, to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.finish() == [.doubled(connection: 1, Self.id(0, 0))])
    }

    @Test func `a repeat of an old line is found`() {
        var room = VerifiedRoom(connections: 1)
        let first = room.send(0)
        room.deliver(first, to: 0)
        for _ in 0..<10_000 { room.deliver(room.send(0), to: 0) }
        #expect(room.verifier.log.startIndex > 0)
        room.deliver(first, to: 0)
        #expect(room.finish() == [.doubled(connection: 0, Self.id(0, 0))])
    }

    @Test func `a line that was never sent is found`() {
        var room = VerifiedRoom()
        var message: [UInt8] = []
        room.format.write(Self.id(0, 0), due: VerifiedRoom.due, into: &message)
        room.deliver([message], to: 1)
        #expect(room.finish() == [.invented(connection: 1, Self.id(0, 0))])
    }

    @Test(arguments: [[0], [1], [0, 1]])
    func `changed content is found on every connection that gets it`(connections: [Int]) {
        var room = VerifiedRoom(connections: 2)
        let line = room.send(0)[0]
        var changed = line
        changed[line.count - 4] ^= 1
        for connection in 0..<2 {
            room.deliver([connections.contains(connection) ? changed : line], to: connection)
        }
        #expect(room.verifier.isComplete)
        #expect(room.finish() == connections.map { .corrupt(connection: $0, Self.id(0, 0)) })
    }

    @Test func `changed content with a known identity is found once`() {
        var room = VerifiedRoom(connections: 1)
        let line = room.send(0)[0]
        var changed = line
        changed[line.count - 4] ^= 1
        room.deliver([line, changed], to: 0)
        #expect(room.finish() == [.corrupt(connection: 0, Self.id(0, 0))])
    }

    @Test func `a due time that differs from the others is found`() {
        var room = VerifiedRoom(connections: 2)
        let line = room.send(0)[0]
        var other: [UInt8] = []
        room.format.write(Self.id(0, 0), due: Instant(nanoseconds: 5), into: &other)
        room.deliver([line], to: 0)
        room.deliver([other], to: 1)
        #expect(room.finish() == [.corrupt(connection: 1, Self.id(0, 0))])
    }

    @Test func `a line may be formatted differently for each connection`() {
        var room = VerifiedRoom(connections: 2)
        let line = room.send(0)[0]
        room.deliver([line], to: 0)
        room.deliver([Array(#"{"seq":1,"#.utf8) + line.dropFirst()], to: 1)
        #expect(room.verifier.isComplete)
        #expect(room.finish().isEmpty)
    }

    @Test(arguments: [
        ("\"username\"", "\"Username\""), ("load-0", "load-1"), ("{", "{{"), ("\"}", "\"}}"),
        ("\"message\"", "\"m\""), (",", ""),
    ])
    func `a line in broken JSON or under another name is corrupt`(old: String, new: String) {
        var room = VerifiedRoom(connections: 1)
        let text = String(decoding: room.send(0)[0], as: UTF8.self)
        room.deliver([Array(text.replacing(old, with: new, maxReplacements: 1).utf8)], to: 0)
        #expect(room.finish() == [.corrupt(connection: 0, Self.id(0, 0))])
    }

    @Test func `lines that share a message are found and don't count as lost`() {
        var room = VerifiedRoom(connections: 2)
        let lines = room.send(0, 1, 0)
        room.deliver(lines, to: 0)
        room.deliver([lines[0] + [10] + lines[1], lines[2]], to: 1)
        #expect(room.verifier.isComplete)
        #expect(room.finish() == [.glued(connection: 1, Self.id(0, 0))])
    }

    @Test func `lines of other runs are ignored`() {
        var room = VerifiedRoom()
        var other: [UInt8] = []
        LineFormat(run: 8, textBytes: 60).write(Self.id(0, 0), due: VerifiedRoom.due, into: &other)
        for message in [other, Array("{}".utf8), []] {
            let receipt = room.verifier.received(message.span, by: 0)
            #expect(receipt == .foreign)
        }
        #expect(room.finish().isEmpty)
    }

    @Test func `a connection that has ended is reported once and loses no more lines`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1)
        room.deliver([lines[0]], to: 2)
        room.verifier.ended(2, why: "the server closed it (1013)")
        room.deliver(lines + room.send(0), to: 0, 1)
        #expect(room.verifier.isComplete)
        #expect(
            room.finish() == [.ended(connection: 2, why: "the server closed it (1013)", lines: 1)])
    }
}
