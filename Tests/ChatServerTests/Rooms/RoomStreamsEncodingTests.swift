import Chat
import Foundation
import Reactor
import Simulation
import TestSupport
import Testing
import WebSocket

@testable import ChatServer

/// A room's lines in both encodings.
@Suite struct RoomStreamsEncodingTests {
    private static let long = String(repeating: "all work and no play ", count: 20)

    /// The messages of frames, inflated if they are marked as deflated (RFC 7692 section 6), and
    /// the number of those.
    private func messages(in bytes: [UInt8]) throws -> (texts: [String], deflated: Int) {
        let inflater = try #require(Inflater(keepsContext: false))
        var frames = WrittenFrames()
        var texts: [String] = []
        var (start, deflated) = (0, 0)
        while let payload = frames.next(in: bytes.span) {
            var message = Array(bytes[payload])
            if bytes[start] & 0x40 != 0 {
                message = try inflater.inflate(message.span, limit: 100_000)
                deflated += 1
            }
            texts.append(String(decoding: message, as: UTF8.self))
            start = frames.offset
        }
        return (texts, deflated)
    }

    private func seal(_ room: RoomID, _ parts: inout Parts) throws -> EncodedChunks {
        try #require(parts.streams.seal(room, pool: &parts.outbox.pool)).chunks
    }

    @Test func `there is one chunk if no member takes deflated messages`() throws {
        var parts = Parts(compression: true)
        let room = parts.enter(parts.connect(.rich))
        parts.say(Self.long, in: room)
        let chunks = try seal(room, &parts)
        #expect(chunks.plain == chunks.deflated)
        #expect(parts.outbox.pool.bytes(of: chunks.plain)[0] == 0x81)
    }

    @Test(
        arguments: [
            (["hi", "ho"], 0), ([long], 1), (["hi", long], 1), ([long, "hi", long, "ho"], 2),
        ] as [([String], Int)])
    func `there is one chunk until a message is deflated`(lines: [String], deflated: Int) throws {
        var parts = Parts(compression: true)
        let room = parts.enter(parts.connect(.rich, taking: .deflated))
        for line in lines { parts.say(line, in: room) }
        let chunks = try seal(room, &parts)
        #expect((chunks.plain == chunks.deflated) == (deflated == 0))
        let plain = try messages(in: parts.outbox.pool.bytes(of: chunks[.plain]))
        let packed = try messages(in: parts.outbox.pool.bytes(of: chunks[.deflated]))
        #expect((plain.deflated, packed.deflated) == (0, deflated))
        #expect(plain.texts == packed.texts)
        #expect(plain.texts.count == lines.count)
        for chunk in [chunks.plain, chunks.deflated] {
            #expect(parts.outbox.pool.lines(chunk) == lines.count)
        }
    }

    @Test func `without a compressor there is one chunk for all members`() throws {
        var parts = Parts(compression: false)
        let room = parts.enter(parts.connect(.rich, taking: .deflated))
        parts.say(Self.long, in: room)
        let chunks = try seal(room, &parts)
        #expect(chunks.plain == chunks.deflated)
    }

    @Test func `lines are deflated while a member of their room takes that`() throws {
        var parts = Parts(compression: true)
        let (ann, bob) = (parts.connect(.rich), parts.connect(.rich, taking: .deflated))
        let room = parts.enter(ann)
        let other = parts.enter(parts.connect(.rich), try #require(RoomName("other")))
        parts.enter(bob)
        for (place, isDeflated) in [(room, true), (other, false)] {
            parts.say(Self.long, in: place)
            let chunks = try seal(place, &parts)
            #expect((chunks.plain != chunks.deflated) == isDeflated)
        }
        parts.leave(bob, parts.membership(bob, in: room))
        parts.say(Self.long, in: room)
        let chunks = try seal(room, &parts)
        #expect(chunks.plain == chunks.deflated)
    }

    @Test func `stored lines are sent plain, because deflating a page takes long`() throws {
        var parts = Parts(compression: true)
        let room = parts.enter(parts.connect(.rich, taking: .deflated))
        let lines = (1...3 as ClosedRange<UInt64>).map { seq in
            Chat.Line(
                seq: seq, time: Timestamp(milliseconds: 0), username: "ann",
                message: seq == 2 ? Self.long : "hi")
        }
        let batch = parts.streams.encode(
            lines, covering: 1...3, of: room, named: .lobby, clock: &parts.clock,
            pool: &parts.outbox.pool)
        #expect(batch.chunks.deflated == batch.chunks.plain)
        let plain = try messages(in: parts.outbox.pool.bytes(of: batch.chunks.plain))
        #expect((plain.texts.count, plain.deflated) == (3, 0))
    }

    /// Lines of all kinds are said in several rooms in turn, and batches are sealed at random. Each
    /// encoding has every line once and in order.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `both encodings have the same lines in the same order`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var parts = Parts(compression: true)
        let names = ["a", "b", "c"].compactMap { RoomName($0) }
        let rooms = names.map { parts.enter(parts.connect(.rich, taking: .deflated), $0) }
        var said = [[String]](repeating: [], count: rooms.count)
        for number in 0..<200 {
            let place = random.number(in: 0...rooms.count - 1)
            if random.happens(800) {
                var text = "\(number)"
                if random.happens(300) { text += Self.long }
                if random.happens(300) {
                    text += String(repeating: #"\"#, count: random.number(in: 1...200))
                }
                let seq = parts.hub.lastSeq(of: rooms[place]) + 1
                said[place].append("\(seq): \(text)")
                speak(text, in: rooms[place], named: names[place], &parts)
            } else if let batch = parts.streams.seal(rooms[place], pool: &parts.outbox.pool) {
                let lines = try (
                    lines(of: batch.chunks.plain, parts), lines(of: batch.chunks.deflated, parts)
                )
                #expect(lines.0 == said[place])
                #expect(lines.1 == said[place])
                #expect(parts.outbox.pool.lines(batch.chunks.deflated) == said[place].count)
                said[place] = []
                parts.outbox.pool.release(batch.chunks)
            }
        }
    }

    private func speak(
        _ text: String, in room: RoomID, named name: RoomName, _ parts: inout Parts
    ) {
        let draft = Draft(
            room: name, time: parts.clock.wall, username: "ann", message: text, key: nil)
        let seq = parts.hub.numbered(draft, in: room, at: 0)
        _ = parts.streams.append(
            seq, to: room, named: name, at: parts.clock.text(of: draft.time), "ann".utf8.span,
            text.utf8.span, arePlain: EventWriter.isPlain(text.utf8.span))
    }

    /// The numbers and texts of a chunk's lines.
    private func lines(of chunk: ChunkID, _ parts: borrowing Parts) throws -> [String] {
        try messages(in: parts.outbox.pool.bytes(of: chunk)).texts.map { text in
            let event = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            return "\(event.seq): \(event.message)"
        }
    }

    private struct Line: Decodable {
        let seq: UInt64
        let message: String
    }
}
