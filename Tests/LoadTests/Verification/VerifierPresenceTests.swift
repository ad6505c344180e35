import Testing

@testable import hubbub_load

@Suite struct VerifierPresenceTests {
    private static func id(_ sender: Int, _ counter: Int) -> LineID {
        LineID(sender: sender, counter: counter)
    }

    /// A line as a server with numbers sends it.
    private static func numbered(_ line: [UInt8], _ seq: Int) -> [UInt8] {
        Array(#"{"seq":\#(seq),"#.utf8) + line.dropFirst()
    }

    @Test func `a connection that enters during a run misses no line after its first`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 1)
        room.deliver(lines, to: 0, 1)
        room.verifier.entered(2)
        room.deliver(Array(lines[2...]), to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.verifier.lines(of: 2) == 2)
        #expect(room.finish().isEmpty)
    }

    @Test func `a line missing after a new connection's first is found`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 1)
        room.deliver(lines, to: 0, 1)
        room.verifier.entered(2)
        room.deliver([lines[1], lines[3]], to: 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 1...1)])
    }

    @Test func `lines before a new connection's first don't count as lost`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0)
        room.verifier.entered(2)
        room.deliver([lines[1]], to: 2)
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[2]], to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.finish().isEmpty)
    }

    @Test func `a line from before a new connection's first is out of order`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1)
        room.deliver(lines, to: 0, 1)
        room.verifier.entered(2)
        room.deliver([lines[1], lines[0]], to: 2)
        #expect(
            room.finish() == [.reordered(connection: 2, Self.id(0, 0), behind: Self.id(1, 0))])
    }

    @Test func `a connection that is away misses no line`() {
        var room = VerifiedRoom()
        room.deliver(room.send(0), to: 0, 1, 2)
        room.verifier.left(2)
        room.deliver(room.send(0, 1), to: 0, 1)
        #expect(room.verifier.isComplete)
        #expect(room.finish().isEmpty)
    }

    @Test func `a connection that resumes must get every line since`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 1).enumerated().map { Self.numbered($1, $0 + 1) }
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[0]], to: 2)
        #expect(room.verifier.lastSeq(of: 2) == 1)
        room.deliver(Array(lines[2...]), to: 2)
        #expect(!room.verifier.isComplete)
        #expect(room.finish() == [.lost(connection: 2, sender: 1, counters: 0...0)])
    }

    @Test func `a connection that enters after a number must get every later line`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0).enumerated().map { Self.numbered($1, $0 + 1) }
        room.deliver(lines, to: 0, 1)
        room.verifier.entered(2, afterSeq: 1)
        room.deliver([lines[2]], to: 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 1, counters: 0...0)])
    }

    @Test func `an announced gap isn't a loss`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 1).enumerated().map { Self.numbered($1, $0 + 1) }
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[0]], to: 2)
        room.verifier.announcedGap(2...3, to: 2)
        room.deliver([lines[3]], to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.verifier.lines(of: 2) == 2)
        #expect(room.finish().isEmpty)
    }

    @Test func `a loss besides an announced gap is found`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0, 1).enumerated().map { Self.numbered($1, $0 + 1) }
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[0]], to: 2)
        room.verifier.announcedGap(2...2, to: 2)
        room.deliver([lines[3]], to: 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 1...1)])
    }

    @Test func `a gap to one connection excuses no other`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1).enumerated().map { Self.numbered($1, $0 + 1) }
        room.deliver(lines, to: 0)
        room.verifier.announcedGap(1...1, to: 1)
        room.deliver([lines[1]], to: 1, 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 0...0)])
    }

    @Test func `many missing lines are reported before they fill the memory`() {
        var room = VerifiedRoom()
        for _ in 0..<1_000 { room.deliver(room.send(0), to: 0, 1) }
        let last = room.send(0)
        room.deliver(last, to: 0, 1, 2)
        for _ in 0..<100 { room.deliver(room.send(0), to: 0, 1, 2) }
        #expect(room.verifier.skipped[2] == nil)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 0...999)])
        #expect(room.verifier.findings.counts == [.lost: 1_000])
    }

    // Several rooms and processes.

    private static func verifier(members: Numbering, senders: Numbering?) -> Verifier {
        Verifier(
            format: LineFormat(run: 7, textBytes: 60), members: members, senders: senders,
            log: LineLog(ringBytes: 4096))
    }

    private static func line(_ id: LineID) -> [UInt8] {
        var message: [UInt8] = []
        LineFormat(run: 7, textBytes: 60).write(id, due: VerifiedRoom.due, into: &message)
        return message
    }

    @Test func `a line from another room is found`() {
        let members = Numbering(first: 101, stride: 3, count: 4)
        var verifier = Self.verifier(members: members, senders: nil)
        let receipt = verifier.received(Self.line(Self.id(102, 0)).span, by: 1)
        #expect(receipt == .wrong)
        #expect(verifier.findings.first == [.strayed(connection: 104, Self.id(102, 0))])
    }

    @Test func `lines of other processes count as valid until their number is known`() {
        var verifier = Self.verifier(
            members: Numbering(first: 2, count: 2), senders: Numbering(count: 4))
        for counter in 0..<2 {
            for member in 0..<2 {
                let receipt = verifier.received(Self.line(Self.id(0, counter)).span, by: member)
                #expect(receipt == .line(Self.id(0, counter), due: VerifiedRoom.due))
            }
        }
        verifier.learn([0: 3, 1: 1])
        #expect(!verifier.isComplete)
        verifier.finish()
        #expect(
            verifier.findings.first == [
                .lost(connection: nil, sender: 0, counters: 2...2),
                .lost(connection: nil, sender: 1, counters: 0...0),
            ])
    }

    @Test func `lines that no process has sent are found in the end`() {
        var verifier = Self.verifier(
            members: Numbering(first: 1, count: 1), senders: Numbering(count: 2))
        for counter in 0..<3 {
            _ = verifier.received(Self.line(Self.id(0, counter)).span, by: 0)
        }
        verifier.learn([0: 1])
        verifier.finish()
        #expect(verifier.findings.first == [.invented(connection: nil, Self.id(0, 1))])
        #expect(verifier.findings.counts == [.invented: 2])
    }
}
