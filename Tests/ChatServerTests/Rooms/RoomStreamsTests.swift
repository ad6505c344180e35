import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct RoomStreamsTests {
    private static let names = ["a", "b", "c", "d"].compactMap { RoomName($0) }

    /// Rooms with one member each.
    private func rooms(_ parts: inout Parts) -> [RoomID] {
        Self.names.map { parts.enter(parts.connect(.plain), $0) }
    }

    private func texts(of batch: SealedBatch?, _ parts: borrowing Parts) -> [String] {
        guard let batch else { return [] }
        return ChatServerTests.texts(in: parts.outbox.pool.bytes(of: batch.chunks.plain))
    }

    // MARK: Batches

    @Test func `a line opens its room's batch, and later lines go into it`() throws {
        var parts = Parts()
        let rooms = rooms(&parts)
        #expect(parts.streams.openBatches == 0)
        for text in ["one", "two"] { parts.say(text, in: rooms[1]) }
        parts.say("three", in: rooms[0])
        #expect((parts.streams.openBatches, parts.streams.roomsWithBatch) == (2, 2))
        #expect(parts.streams.room(ofBatch: 0) == rooms[1])
        #expect(parts.streams.room(ofBatch: 1) == rooms[0])

        let batch = try #require(parts.streams.seal(rooms[1], pool: &parts.outbox.pool))
        #expect((batch.firstSeq, batch.lastSeq) == (1, 2))
        #expect(parts.outbox.pool.lines(batch.chunks.plain) == 2)
        let texts = texts(of: batch, parts)
        #expect(texts.count == 2)
        #expect(
            texts[0].contains(#""room":"b","seq":1,"#) && texts[0].contains(#""message":"one""#))
        #expect(
            texts[1].contains(#""room":"b","seq":2,"#) && texts[1].contains(#""message":"two""#))
        // It keeps its position until the tick is over, and is empty.
        #expect(parts.streams.room(ofBatch: 0) == nil)
        #expect((parts.streams.openBatches, parts.streams.roomsWithBatch) == (2, 1))
        let nothing = parts.streams.seal(rooms[1], pool: &parts.outbox.pool)
        #expect(nothing == nil)
        parts.outbox.pool.release(batch.chunks)
    }

    @Test func `a room gets a new batch after its batch was sealed`() throws {
        var parts = Parts()
        let rooms = rooms(&parts)
        parts.say("one", in: rooms[0])
        let first = try #require(parts.streams.seal(rooms[0], pool: &parts.outbox.pool))
        parts.say("two", in: rooms[0])
        #expect(parts.streams.room(ofBatch: 0) == nil)
        #expect(parts.streams.room(ofBatch: 1) == rooms[0])
        let second = try #require(parts.streams.seal(rooms[0], pool: &parts.outbox.pool))
        #expect((second.firstSeq, second.lastSeq) == (2, 2))
        #expect(texts(of: second, parts).count == 1)
        for batch in [first, second] { parts.outbox.pool.release(batch.chunks) }
        #expect(parts.chunks == 0)
    }

    @Test func `held batches move to the front of the list and stay open`() throws {
        var parts = Parts()
        let rooms = rooms(&parts)
        for room in rooms { parts.say("one", in: room) }
        // The second and the fourth are held.
        for place in [0, 2] {
            let batch = try #require(parts.streams.seal(rooms[place], pool: &parts.outbox.pool))
            parts.outbox.pool.release(batch.chunks)
        }
        parts.streams.move(batch: 1, to: 0)
        parts.streams.move(batch: 3, to: 1)
        parts.streams.closeBatches(from: 2)
        #expect((parts.streams.openBatches, parts.streams.roomsWithBatch) == (2, 2))
        #expect(parts.streams.room(ofBatch: 0) == rooms[1])
        #expect(parts.streams.room(ofBatch: 1) == rooms[3])
        // The next tick.
        parts.say("two", in: rooms[3])
        parts.say("new", in: rooms[0])
        #expect(parts.streams.openBatches == 3)
        for (room, texts) in [(1, 1), (3, 2), (0, 1)] {
            let batch = try #require(parts.streams.seal(rooms[room], pool: &parts.outbox.pool))
            #expect(self.texts(of: batch, parts).count == texts)
            parts.outbox.pool.release(batch.chunks)
        }
        #expect(parts.chunks == 0)
    }

    @Test func `a batch is full once it is as large as a chunk`() throws {
        var parts = Parts()
        let room = rooms(&parts)[0]
        let text = String(repeating: "x", count: 10_000)
        var lines = 0
        var isFull = false
        while !isFull {
            isFull = parts.say(text, in: room)
            lines += 1
        }
        #expect(lines == 13)
        let batch = try #require(parts.streams.seal(room, pool: &parts.outbox.pool))
        let length = parts.outbox.pool.length(batch.chunks.plain)
        #expect(Limits.chunkBytes...Limits.chunkBytes + 10_200 ~= length)
        parts.outbox.pool.release(batch.chunks)
        #expect(parts.say("x", in: room) == false)
    }

    @Test func `the last number that was sealed is the one before the open batch`() {
        var parts = Parts()
        let room = rooms(&parts)[0]
        #expect(sealed(room, parts) == 0)
        parts.keep(["one", "two"], in: room)
        #expect(sealed(room, parts) == 2)
        for text in ["three", "four"] { parts.say(text, in: room) }
        #expect(sealed(room, parts) == 2)
        parts.keep([], in: room)
        #expect(sealed(room, parts) == 4)
    }

    // MARK: The log

    @Test func `kept lines are found by their numbers`() throws {
        var parts = Parts()
        let room = rooms(&parts)[0]
        #expect(parts.streams.firstSeq(of: room) == nil)
        parts.keep(["one"], in: room)
        parts.keep(["two", "three"], in: room)
        #expect(parts.streams.firstSeq(of: room) == 1)
        #expect(parts.streams[room].log.batch(covering: 3)?.firstSeq == 2)
        #expect(parts.streams.largestLog == parts.streams[room].log.bytes)
        #expect(parts.streams.warm.rooms == [room])
        parts.streams.vanished(room, pool: &parts.outbox.pool)
        #expect(parts.streams.firstSeq(of: room) == nil)
        #expect((parts.streams.largestLog, parts.chunks) == (0, 0))
    }

    @Test func `stored lines become a batch that covers more numbers than it has lines`() {
        var parts = Parts()
        let room = rooms(&parts)[0]
        let lines = ([3, 7] as [UInt64]).map { seq in
            Line(
                seq: seq, time: Timestamp(milliseconds: 0), username: "ann", message: "\"\(seq)\"")
        }
        let batch = parts.streams.encode(
            lines, covering: 2...9, of: room, named: Self.names[0], clock: &parts.clock,
            pool: &parts.outbox.pool)
        #expect((batch.firstSeq, batch.lastSeq) == (2, 9))
        #expect(parts.outbox.pool.lines(batch.chunks.plain) == 2)
        let texts = texts(of: batch, parts)
        #expect(texts.count == 2)
        #expect(texts.last?.contains(#""seq":7,"#) == true)
        #expect(texts.last?.contains(#""message":"\"7\"""#) == true)
        // The room's own batch isn't affected.
        #expect(parts.streams.openBatches == 0)
        parts.outbox.pool.release(batch.chunks)
    }

    @Test func `older lines are prepended to the log if they end where it begins`() throws {
        var parts = Parts()
        let room = rooms(&parts)[0]
        for _ in 0..<10 { _ = parts.hub.numbered(Self.draft, in: room, at: 0) }
        parts.keep(["eleven"], in: room)
        let steps: [(ClosedRange<UInt64>, Bool)] = [
            (8...9, false), (8...11, false), (8...10, true), (5...7, true),
        ]
        for (seqs, isKept) in steps { #expect(prepend(seqs, to: room, &parts) == isKept) }
        #expect(parts.streams.firstSeq(of: room) == 5)
    }

    @Test func `an empty log accepts lines that end where the open batch begins`() {
        var parts = Parts()
        let room = rooms(&parts)[0]
        for _ in 0..<10 { _ = parts.hub.numbered(Self.draft, in: room, at: 0) }
        parts.say("eleven", in: room)
        #expect(prepend(8...10, to: room, &parts) == true)
        #expect(parts.streams.firstSeq(of: room) == 8)
        #expect(parts.streams.warm.rooms == [room])
    }

    /// The last number of a room that was sealed.
    private func sealed(_ room: RoomID, _ parts: borrowing Parts) -> UInt64 {
        parts.streams.sealedSeq(of: room, last: parts.hub.lastSeq(of: room))
    }

    /// Whether the room's log accepts a batch of these numbers.
    private func prepend(
        _ seqs: ClosedRange<UInt64>, to room: RoomID, _ parts: inout Parts
    ) -> Bool {
        let batch = SealedBatch(
            chunks: EncodedChunks(parts.outbox.pool.make([1])), firstSeq: seqs.lowerBound,
            lastSeq: seqs.upperBound)
        let isKept = parts.streams.prepend(
            batch, to: room, last: parts.hub.lastSeq(of: room), at: parts.now,
            pool: parts.outbox.pool)
        if !isKept { parts.outbox.pool.release(batch.chunks) }
        return isKept
    }

    private static let draft = Draft(
        room: names[0], time: Timestamp(milliseconds: 0), username: "ann", message: "", key: nil)
}
