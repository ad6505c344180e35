internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// Encodes a line, once, into its room's batch of this tick.
    mutating func publish(_ draft: Draft, as seq: UInt64, in room: RoomID) {
        let (username, message) = (draft.username.utf8.span, draft.message.utf8.span)
        publish(
            seq, in: room, at: draft.time, username, message,
            arePlain: EventWriter.isPlain(username) && EventWriter.isPlain(message))
    }

    /// The same; `arePlain`: neither text needs an escape.
    mutating func publish(
        _ seq: UInt64, in room: RoomID, at time: Timestamp, _ username: Span<UInt8>,
        _ message: Span<UInt8>, arePlain: Bool
    ) {
        let name = hub.name(of: room)
        let batch = openBatch(of: room, from: seq)
        let isForDeflating = roomLogs[room.index].deflating > 0
        if arePlain, !isForDeflating {
            // Nearly always: straight to where it stays.
            timeText.move(to: time)
            let length = EventWriter.plainLineLength(
                room: name, seq: seq, username: username, message: message)
            let (capacity, time) = (FrameEncoder.headerSize + length, timeText)
            batches[batch].append(seq, addingCapacity: capacity) { frame in
                FrameEncoder.appendHeader(.text, length: length, to: &frame)
                EventWriter.plainLine(
                    room: name, seq: seq, time: time, username: username, message: message,
                    into: &frame)
            }
        } else {
            let deflated = write(
                seq, of: name, at: time, username, message, isForDeflating: isForDeflating)
            batches[batch].lastSeq = seq
            batches[batch].append(lineScratch, deflated: deflated, isForDeflating: isForDeflating)
        }
        let bytes = max(batches[batch].plain.count, batches[batch].deflated.count)
        if bytes >= Limits.chunkBytes { sealBatch(of: room) }
    }

    /// Lines of the store, as one chunk of each encoding; the caller has their references.
    mutating func encode(_ lines: [StoredLine], of room: RoomID) -> EncodedLines {
        var batch = OpenBatch(
            room: room, firstSeq: lines[0].seq, lastSeq: lines[lines.count - 1].seq)
        let isForDeflating = roomLogs[room.index].deflating > 0
        let name = hub.name(of: room)
        for line in lines {
            let deflated = write(
                line.seq, of: name, at: line.time, line.username.utf8.span, line.message.utf8.span,
                isForDeflating: isForDeflating)
            batch.append(lineScratch, deflated: deflated, isForDeflating: isForDeflating)
        }
        return batch.seal(in: &pool)
    }

    /// Writes a line's event into `lineScratch`. Returns it deflated, where that is asked for and
    /// pays.
    private mutating func write(
        _ seq: UInt64, of room: RoomName, at time: Timestamp, _ username: Span<UInt8>,
        _ message: Span<UInt8>, isForDeflating: Bool
    ) -> [UInt8]? {
        timeText.move(to: time)
        lineScratch.removeAll(keepingCapacity: true)
        EventWriter.line(
            room: room, seq: seq, time: timeText, username: username, message: message,
            into: &lineScratch)
        return isForDeflating ? deflate(lineScratch) : nil
    }

    @inline(__always)
    private mutating func openBatch(of room: RoomID, from seq: UInt64) -> Int {
        if let open = roomLogs[room.index].batch { return Int(open) }
        let place = openBatches
        if place == batches.count {
            batches.append(OpenBatch(room: room, firstSeq: seq, lastSeq: seq))
        } else {
            batches[place].begin(in: room, from: seq)
        }
        openBatches += 1
        roomLogs[room.index].batch = Int32(place)
        return place
    }

    /// Makes one chunk of what was said in a room since it was last sealed (or one of each
    /// encoding), adds it to the room's log and hands it to each member at the head: one ring
    /// entry, or one call, however many lines.
    mutating func sealBatch(of room: RoomID, sendsNow: Bool = false) {
        guard let open = roomLogs[room.index].batch else { return }
        roomLogs[room.index].batch = nil
        let place = Int(open)
        let (first, last) = (batches[place].firstSeq, batches[place].lastSeq)
        let lines = batches[place].seal(in: &pool)
        warm(room)
        // Behind a line that came alone, nothing would be held but the next one.
        let start = first < last && holdsBatches ? network.now() : nil
        fanOut(lines, in: room, before: first, sendsNow: sendsNow)
        if let start { fannedOut(room, from: start, to: network.now()) }
        // After the fan-out, so that a budget smaller than the chunks frees them only now.
        roomLogs[room.index].append(
            lines, seqs: first...last, at: coarseNow, budget: limits.roomLogBytes, pool: &pool)
    }

    /// The room's log holds something.
    @inline(__always)
    mutating func warm(_ room: RoomID) {
        guard !roomLogs[room.index].isWarm else { return }
        roomLogs[room.index].isWarm = true
        warmRooms.append(room)
    }

    @inline(__always)
    private mutating func fanOut(
        _ lines: EncodedLines, in room: RoomID, before first: UInt64, sendsNow: Bool
    ) {
        // A copy of the seats, because a member that falls behind changes places with another.
        let high = UInt32(clamping: limits.highWatermark)
        let (seats, count) = (hub.seats(of: room), hub.headCount(of: room))
        var gathered = ChunkID.none
        for seat in seats[..<count] {
            let index = seat.member.index
            let deflates = connections[index].flags.contains(.deflates)
            let chunk = lines.chunk(deflated: deflates)
            // One of the rich dialect may be in several of these rooms, and gets all in one call.
            let isLast = openBatches == 1 || !connections[index].flags.contains(.rich)
            if sendsNow, isLast, connections[index].isIdle {
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
}
