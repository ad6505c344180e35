internal import Glibc
internal import Reactor

/// The bytes that wait for one client, in two lanes. *Lines* are in room order. A Close that must
/// come after them is in the same lane, and so are acks and errors for a client that keeps up.
/// *Control* (HTTP responses, pongs, and acks and errors for a slow client) goes out in its own
/// order and overtakes waiting lines. A segment that was begun is always finished first.
///
/// At all times: `lineBytes` ≤ high watermark + one chunk, because above the high watermark nothing
/// is added. `controlBytes` is bounded by the control watermark, above which the client is closed.
///
/// It is one word, and owns memory only while something waits. Most clients take bytes at once and
/// never need any.
///
/// Invariant: `waiting` is nil, or points to memory that only this ring has allocated and
/// initialised. It isn't a class, because each access to a class's field is checked for
/// exclusivity.
@safe struct OutboundRing: ~Copyable {
    enum Lane: UInt8 {
        case lines
        case control
    }

    private var waiting: UnsafeMutablePointer<Waiting>?

    deinit {
        unsafe waiting?.deinitialize(count: 1)
        unsafe Glibc.free(waiting)
    }

    /// Allocates memory by the cheapest call. Swift would request aligned memory.
    private static func makeWaiting() -> UnsafeMutablePointer<Waiting> {
        guard let memory = unsafe malloc(MemoryLayout<Waiting>.size) else {
            preconditionFailure("no memory for what waits")
        }
        let made = unsafe memory.bindMemory(to: Waiting.self, capacity: 1)
        unsafe made.initialize(to: Waiting())
        return unsafe made
    }

    /// Bytes that wait in each lane.
    var lineBytes: UInt32 { unsafe waiting?.pointee.lineBytes ?? 0 }
    var controlBytes: UInt32 { unsafe waiting?.pointee.controlBytes ?? 0 }

    /// The cost of the control lane. Many small segments cost more than their bytes.
    var controlCost: Int {
        guard let waiting = unsafe waiting else { return 0 }
        return unsafe Int(waiting.pointee.controlBytes)
            + Int(waiting.pointee.control.count) * ChunkPool.overhead
    }

    @inline(__always)
    var isEmpty: Bool { unsafe waiting == nil }

    /// Adds a segment to a lane. The ring holds its own reference to the chunk.
    mutating func append(_ id: ChunkID, to lane: Lane, of pool: inout ChunkPool) {
        pool.wait(id)
        if isEmpty {
            unsafe waiting = Self.makeWaiting()
        }
        unsafe waiting?.pointee.append(id, to: lane, length: UInt32(pool.length(id)))
    }

    /// Fills `gather` with the next bytes to send, in order.
    // It changes nothing. It is mutating so that a slot's ring and the server's list can be
    // accessed together.
    mutating func fill(_ gather: inout GatherList, from pool: borrowing ChunkPool) {
        unsafe waiting?.pointee.fill(&gather, from: pool)
    }

    /// The kernel took `count` of the bytes that ``fill(_:from:)`` offered. Returns the number of
    /// chat lines that were finished.
    mutating func sent(_ count: Int, pool: inout ChunkPool) -> Int {
        let finished = unsafe waiting?.pointee.sent(count, pool: &pool) ?? 0
        giveBackIfEmpty()
        return finished
    }

    /// Drops the waiting lines, except the rest of one that was begun. Control stays: it is
    /// bounded, and it may begin with the response of the opening handshake, without which a Close
    /// has no meaning.
    mutating func dropUnbegunLines(pool: inout ChunkPool) {
        unsafe waiting?.pointee.dropUnbegunLines(pool: &pool)
        giveBackIfEmpty()
    }

    /// The chunks in the lane of lines.
    var lineChunks: [ChunkID] { unsafe waiting?.pointee.lineChunks ?? [] }

    /// Rewrites the lane of lines. `replacement` gets each segment and the number of its bytes
    /// already sent. It returns another chunk with an offset into it, or nil if the segment stays.
    /// The ring takes its own reference to a new chunk. A segment with nothing left to send is
    /// dropped.
    mutating func rewriteLines(
        pool: inout ChunkPool,
        _ replacement: (ChunkID, Int, inout ChunkPool) -> (chunk: ChunkID, offset: Int)?
    ) {
        unsafe waiting?.pointee.rewriteLines(pool: &pool, replacement)
        giveBackIfEmpty()
    }

    /// Drops everything when the connection ends.
    mutating func removeAll(pool: inout ChunkPool) {
        unsafe waiting?.pointee.removeAll(pool: &pool)
        giveBackIfEmpty()
    }

    private mutating func giveBackIfEmpty() {
        guard unsafe waiting?.pointee.isEmpty == true else { return }
        unsafe waiting?.deinitialize(count: 1)
        unsafe Glibc.free(waiting)
        unsafe waiting = nil
    }
}

extension OutboundRing {
    /// The segments of a ring that isn't empty.
    private struct Waiting {
        private var lines = SegmentQueue()
        private(set) var control = SegmentQueue()
        /// Bytes of the begun segment that the kernel has taken.
        private var offset: UInt32 = 0
        /// The lane of the begun segment. Valid only while `offset` is above 0.
        private var begun = Lane.lines
        private(set) var lineBytes: UInt32 = 0
        private(set) var controlBytes: UInt32 = 0

        var isEmpty: Bool { lines.isEmpty && control.isEmpty }

        mutating func append(_ id: ChunkID, to lane: Lane, length: UInt32) {
            switch lane {
            case .lines:
                lines.append(id)
                lineBytes += length
            case .control:
                control.append(id)
                controlBytes += length
            }
        }

        func fill(_ gather: inout GatherList, from pool: borrowing ChunkPool) {
            var (line, command) = (0, 0)
            if offset > 0 {
                switch begun {
                case .lines:
                    pool.append(lines[0], from: Int(offset), to: &gather)
                    line = 1
                case .control:
                    pool.append(control[0], from: Int(offset), to: &gather)
                    command = 1
                }
            }
            while command < Int(control.count) && !gather.isFull {
                pool.append(control[command], from: 0, to: &gather)
                command += 1
            }
            while line < Int(lines.count) && !gather.isFull {
                pool.append(lines[line], from: 0, to: &gather)
                line += 1
            }
        }

        mutating func sent(_ count: Int, pool: inout ChunkPool) -> Int {
            var left = count
            var finished = 0
            while left > 0 {
                let lane: Lane = offset > 0 ? begun : control.isEmpty ? .lines : .control
                guard let id = lane == .lines ? lines.front : control.front else {
                    preconditionFailure("the kernel took more than was offered")
                }
                let rest = pool.length(id) - Int(offset)
                let taken = min(left, rest)
                left -= taken
                switch lane {
                case .lines: lineBytes -= UInt32(taken)
                case .control: controlBytes -= UInt32(taken)
                }
                if taken < rest {
                    begun = lane
                    offset += UInt32(taken)
                } else {
                    offset = 0
                    finished += pool.lines(id)
                    removeFront(of: lane, pool: &pool)
                }
            }
            return finished
        }

        mutating func dropUnbegunLines(pool: inout ChunkPool) {
            let kept = offset > 0 && begun == .lines ? lines.front : nil
            if let kept { pool.wait(kept) }
            while !lines.isEmpty { removeFront(of: .lines, pool: &pool) }
            lineBytes = 0
            guard let kept else { return }
            append(kept, to: .lines, length: UInt32(pool.length(kept)))
            lineBytes -= offset
        }

        var lineChunks: [ChunkID] { (0..<Int(lines.count)).map { lines[$0] } }

        mutating func rewriteLines(
            pool: inout ChunkPool,
            _ replacement: (ChunkID, Int, inout ChunkPool) -> (chunk: ChunkID, offset: Int)?
        ) {
            let old = lineChunks
            let sent = begun == .lines ? Int(offset) : 0
            lines = SegmentQueue()
            lineBytes = 0
            for (place, id) in old.enumerated() {
                let isSent = place == 0 ? sent : 0
                let (chunk, start) = replacement(id, isSent, &pool) ?? (id, isSent)
                if place == 0, begun == .lines { offset = UInt32(start) }
                if chunk != id {
                    pool.wait(chunk)
                    pool.endWait(id)
                }
                if pool.length(chunk) > start {
                    append(chunk, to: .lines, length: UInt32(pool.length(chunk) - start))
                } else {
                    pool.endWait(chunk)
                    if place == 0, begun == .lines { offset = 0 }
                }
            }
        }

        mutating func removeAll(pool: inout ChunkPool) {
            while !lines.isEmpty { removeFront(of: .lines, pool: &pool) }
            while !control.isEmpty { removeFront(of: .control, pool: &pool) }
        }

        private mutating func removeFront(of lane: Lane, pool: inout ChunkPool) {
            switch lane {
            case .lines:
                pool.endWait(lines[0])
                lines.removeFirst()
            case .control:
                pool.endWait(control[0])
                control.removeFirst()
            }
        }
    }
}
