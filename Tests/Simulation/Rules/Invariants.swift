internal import Chat
internal import ChatServer

/// Conditions that hold at the end of each tick, whatever happens on the network.
struct Invariants {
    /// The largest limits that were in force: what was kept under earlier ones may still be there.
    private var limits: Limits
    /// Chunks that the server keeps for itself.
    private let ownChunks: Int
    /// The most bytes that one tick's lines can have taken in a room so far.
    private var largestChunk = 0
    /// The number of closed connections at the end of the last tick.
    private var closedBefore = 0

    /// The most bytes of a line in its frame. Each character of its two texts takes at most six
    /// bytes in JSON (RFC 8259 section 7), and the rest takes less than 300.
    private var lineBytes: Int
    /// A bound for other bytes among the lines of a chat: the handshake's response and a Close.
    private static let frameBytes = 1_024

    init(limits: Limits, ownChunks: Int) {
        self.limits = limits
        self.ownChunks = ownChunks
        lineBytes = Self.lineBytes(limits)
    }

    private static func lineBytes(_ limits: Limits) -> Int {
        300 + 6 * (limits.chat.textCharacters + limits.chat.usernameCharacters)
    }

    mutating func limitsChanged(_ new: Limits) {
        lineBytes = max(lineBytes, Self.lineBytes(new))
        for path in [
            \Limits.highWatermark, \.controlWatermark, \.roomLogBytes, \.bufferBudget,
            \.compressionBudget,
        ] as [WritableKeyPath<Limits, Int>] {
            let grows = limits.roomLogsGrow
            limits[keyPath: path] = max(limits[keyPath: path], new[keyPath: path])
            limits.roomLogsGrow = grows
        }
        limits.roomLogsGrow = limits.roomLogsGrow || new.roomLogsGrow
    }

    mutating func check(
        _ found: Inspection, linesInTick: Int, storedInTick: Int, _ world: World
    ) {
        largestChunk = max(largestChunk, max(linesInTick, storedInTick) * lineBytes)
        func expect(_ name: String, _ value: Int, atMost limit: Int) {
            if value > limit { world.violate("\(name): \(value), at most \(limit) allowed") }
        }
        for contradiction in found.contradictions { world.violate(contradiction) }
        // No connection takes more than its share of a tick, whatever it sends.
        let served = found.connections + world.closedCount - closedBefore
        closedBefore = world.closedCount
        expect("lines in a tick", linesInTick, atMost: served * Limits.turnCost / 2)
        // Above the high watermark no more lines are queued.
        // One piece may exceed it: a chunk, a page of the store, or an answer to a command.
        let isPlain = world.store == nil && !world.isRich
        let piece = max(largestChunk, isPlain ? 0 : RoomPage.lineLimit * lineBytes)
        let queued = limits.highWatermark + piece + Self.frameBytes
        expect("bytes of lines for one member", found.lineBytes, atMost: queued)
        expect("bytes of control", found.controlBytes, atMost: limits.controlWatermark)
        expect(
            "bytes of a room's log", found.roomLogBytes,

            atMost: limits.roomLogBytes + (limits.roomLogsGrow ? limits.bufferBudget / 8 : 0))
        expect("lines on their way", found.drafts, atMost: Limits.draftsWaiting)
        expect("bytes of those", found.draftBytes, atMost: Limits.draftBytesWaiting + lineBytes)
        expect("reads under way", found.readsUnderWay, atMost: Limits.readsAtOnce)
        expect("pages that have come", found.arrivedPages, atMost: 2 * Limits.readsAtOnce)
        expect(
            "promised bytes of contexts", found.promisedContextBytes,
            atMost: min(limits.compressionBudget, limits.bufferBudget / 2))
        expect("bytes of contexts", found.contextBytes, atMost: found.promisedContextBytes)
        // Above the budget every slow client is closed, and keeps at most the frame that was begun.
        if found.waitingBytes > limits.bufferBudget, found.waitingSessions > 0 {
            world.violate(
                "\(found.waitingBytes) bytes wait, \(limits.bufferBudget) may; "
                    + "\(found.waitingSessions) slow clients are still there")
        }
        if found.connections != world.openCount {
            world.violate("\(world.openCount) descriptors for \(found.connections) connections")
        }
    }

    func checkEmpty(_ found: Inspection, _ metrics: Metrics, _ world: World) {
        func expect(_ name: String, _ value: Int, is truth: Int) {
            if value != truth { world.violate("\(name) at the end: \(value), not \(truth)") }
        }
        expect("connections", found.connections, is: 0)
        expect("descriptors", world.openCount, is: 0)
        expect("rooms", found.rooms, is: 0)
        expect("known names", found.names, is: 0)
        expect("waiting bytes", found.waitingBytes, is: 0)
        expect("bytes of rooms' logs", found.roomLogBytes, is: 0)
        expect("chunks", found.chunks, is: ownChunks)
        expect("lines on their way", found.drafts, is: 0)
        expect("pages that have come", found.arrivedPages, is: 0)
        expect("commands that wait", found.waitingForStore, is: 0)
        expect("accepted", Int(metrics.connectionsAccepted), is: world.acceptedCount)
        expect("closed", Int(metrics.connectionsClosed), is: world.closedCount)
        expect(
            "ended chats", Int(metrics.closes.values.reduce(0, +)),
            is: Int(metrics.handshakes[0]))
    }
}
