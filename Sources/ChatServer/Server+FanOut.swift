internal import Chat
internal import Reactor
internal import WebSocket

/// The lines of one room in this tick, encoded, until they are sealed into chunks.
struct OpenBatch {
    var room: RoomID
    var firstSeq: UInt64
    var lastSeq: UInt64
    /// Frames for members who take them as they are. Empty where there are none of those.
    var plain: [UInt8] = []
    /// Frames for members who take deflated messages. Empty where there are none of those.
    var deflated: [UInt8] = []
    /// Whether a message in `deflated` really is: if not, it is the same as `plain` would be.
    var isDeflated = false
}

extension Server where Net: ~Copyable {
    /// Encodes a line, once, into its room's batch of this tick.
    mutating func publish(_ line: Line) {
        lineScratch.removeAll(keepingCapacity: true)
        EventWriter.line(
            room: hub.room(line.room).name, seq: line.seq, time: line.time,
            username: line.username, message: line.message, into: &lineScratch)
        let batch = openBatch(of: line.room, from: line.seq)
        batches[batch].lastSeq = line.seq
        encode(lineScratch, into: batch)
        let bytes = max(batches[batch].plain.count, batches[batch].deflated.count)
        if bytes >= Limits.chunkBytes { sealBatch(of: line.room) }
    }

    /// Adds one message to a batch: once, or twice where the room has members of each kind.
    private mutating func encode(_ event: [UInt8], into batch: Int) {
        let room = batches[batch].room
        let deflating = roomLogs[room.index].deflating
        if deflating < hub.room(room).seats.count {
            FrameEncoder.append(.text, event.span, to: &batches[batch].plain)
        }
        guard deflating > 0 else { return }
        if let message = deflate(event) {
            FrameEncoder.append(.text, message.span, rsv1: true, to: &batches[batch].deflated)
            batches[batch].isDeflated = true
        } else {
            FrameEncoder.append(.text, event.span, to: &batches[batch].deflated)
        }
    }

    private mutating func openBatch(of room: RoomID, from seq: UInt64) -> Int {
        if let open = roomLogs[room.index].batch { return Int(open) }
        let place = openBatches
        if place == batches.count {
            batches.append(OpenBatch(room: room, firstSeq: seq, lastSeq: seq))
        } else {
            (batches[place].room, batches[place].firstSeq) = (room, seq)
            batches[place].plain.removeAll(keepingCapacity: true)
            batches[place].deflated.removeAll(keepingCapacity: true)
            batches[place].isDeflated = false
        }
        openBatches += 1
        roomLogs[room.index].batch = Int32(place)
        return place
    }

    /// Seals all batches, at the end of the tick. Members for whom nothing else waits get theirs at
    /// once: what would be queued in their rings now would be all that the flush finds there.
    mutating func sealBatches() {
        for place in 0..<openBatches { sealBatch(of: batches[place].room, sendsNow: true) }
        openBatches = 0
    }

    /// Makes one chunk of what was said in a room since it was last sealed (or one of each
    /// encoding), adds it to the room's log and hands it to each member at the head: one ring
    /// entry, or one call, however many lines.
    mutating func sealBatch(of room: RoomID, sendsNow: Bool = false) {
        guard let open = roomLogs[room.index].batch else { return }
        roomLogs[room.index].batch = nil
        let place = Int(open)
        let (first, last) = (batches[place].firstSeq, batches[place].lastSeq)
        let lines = makeChunks(place, lines: Int(last - first) + 1)
        if !roomLogs[room.index].isWarm {
            roomLogs[room.index].isWarm = true
            warmRooms.append(room)
        }
        fanOut(lines, in: room, before: first, sendsNow: sendsNow)
        // After the fan-out, so that a budget smaller than the chunks frees them only now.
        roomLogs[room.index].append(
            lines, seqs: first...last, budget: limits.roomLogBytes, pool: &pool)
        roomLogs[room.index].sealed = coarseNow
    }

    private mutating func makeChunks(_ place: Int, lines: Int) -> EncodedLines {
        let batch = batches[place]
        // A flood must not keep its memory for ever.
        if batch.plain.count > Limits.batchBytesKept { batches[place].plain = [] }
        if batch.deflated.count > Limits.batchBytesKept { batches[place].deflated = [] }
        guard !batch.plain.isEmpty, batch.isDeflated else {
            let bytes = batch.plain.isEmpty ? batch.deflated : batch.plain
            let chunk = pool.make(bytes, lines: lines)
            return EncodedLines(plain: chunk, deflated: chunk)
        }
        return EncodedLines(
            plain: pool.make(batch.plain, lines: lines),
            deflated: pool.make(batch.deflated, lines: lines))
    }

    private mutating func fanOut(
        _ lines: EncodedLines, in room: RoomID, before first: UInt64, sendsNow: Bool
    ) {
        // A copy of the seats, because a member that falls behind changes places with another.
        let high = UInt32(clamping: limits.highWatermark)
        let (seats, count) = (hub.room(room).seats, hub.room(room).headCount)
        var gathered = ChunkID.none
        for seat in seats[..<count] {
            let index = seat.member.index
            let deflates = connections[index].flags.contains(.deflates)
            let chunk = lines.chunk(deflated: deflates)
            if sendsNow, connections[index].isIdle {
                if chunk != gathered {
                    gather.removeAll()
                    pool.append(chunk, from: 0, to: &gather)
                    gathered = chunk
                }
                sendGathered(index, chunk)
            } else if connections[index].outbound.lineBytes > high {
                hub.fellBehind(seat.membership, cursor: first - 1)
                connections[index].flags.insert(.behind)
            } else {
                enqueue(index, chunk, lane: .lines)
            }
        }
    }

    /// Sends a chunk, all that `gather` holds, to a member for whom nothing waits. What the kernel
    /// leaves of it goes into the ring.
    private mutating func sendGathered(_ index: Int, _ chunk: ChunkID) {
        let outcome = network.send(gather, to: connections[index].socket)
        connections[index].progressed = coarseNow
        if outcome == .sent(gather.byteCount) {
            metrics.bytesSent += UInt64(gather.byteCount)
            metrics.linesDelivered += UInt64(pool.lines(chunk))
            return
        }
        connections[index].outbound.append(chunk, to: .lines, of: &pool)
        switch outcome {
        case .sent(let count):
            metrics.bytesSent += UInt64(count)
            _ = connections[index].outbound.sent(count, pool: &pool)
            blocked(index)
        case .wouldBlock: blocked(index)
        case .exhausted: postponed(index)
        // Nobody leaves in the middle of a fan-out: the flush sees it again, and ends it.
        case .broken: scheduleFlush(index)
        }
    }

    /// Feeds a connection that is behind from its rooms' logs, once its ring has drained below the
    /// low watermark, until the high one.
    mutating func feed(_ index: Int) {
        guard Int(connections[index].outbound.lineBytes) < limits.lowWatermark,
            let membership = hub.firstMembership(of: MemberID(index: index))
        else { return }
        let room = hub.membership(membership).room
        while Int(connections[index].outbound.lineBytes) <= limits.highWatermark,
            hub.isBehind(membership)
        {
            let next = hub.membership(membership).cursor + 1
            guard let entry = roomLogs[room.index].entry(holding: next) else {
                return closeLaggard(index, "You fell behind what the room keeps in memory.")
            }
            let chunk = entry.lines.chunk(
                deflated: connections[index].flags.contains(.deflates))
            connections[index].outbound.append(chunk, to: .lines, of: &pool)
            hub.fed(membership, upTo: entry.lastSeq)
        }
        if !hub.isBehind(membership) { connections[index].flags.remove(.behind) }
    }
}
