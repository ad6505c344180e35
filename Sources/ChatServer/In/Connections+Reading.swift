internal import Chat
internal import Reactor
internal import WebSocket

/// Reading from connections, and pauses in it.
extension Connections {
    /// Bytes have arrived.
    @inline(__always)
    mutating func heard(_ index: Int, at now: CoarseTime) {
        table[index].heard = now
        // The next ping is due before the pong would have been.
        if table[index].flags.remove(.pinged) != nil { schedule(index) }
    }

    /// A ping was sent. The time of its pong begins.
    mutating func pinged(_ index: Int, at now: CoarseTime) {
        table[index].flags.insert(.pinged)
        table[index].heard = now
    }

    /// The first bytes of a request head have arrived. From now on it has the handshake timeout to
    /// arrive. The first head of a connection has it from the start.
    mutating func headBegan(_ index: Int, at now: CoarseTime) {
        guard table[index].flags.contains(.answered) else { return }
        table[index].since = now
        schedule(index)
    }

    /// A frame was handled, or all input is used up. A message that has begun has the message
    /// timeout from now on.
    @inline(__always)
    mutating func tookFrame(_ index: Int, at now: CoarseTime) {
        guard table[index].session.isAtBoundary else { return keptPart(index, at: now) }
        if table[index].flags.remove(.partial) != nil { recount(index) }
    }

    @inline(never)
    private mutating func keptPart(_ index: Int, at now: CoarseTime) {
        recount(index)
        guard !table[index].flags.contains(.partial) else { return }
        table[index].flags.insert(.partial)
        table[index].since = now
        schedule(index)
    }

    /// A connection of the rich dialect counts its commands from now on.
    mutating func beginCommands(_ index: Int) {
        while commandCounts.count <= index { commandCounts.append(0) }
        commandCounts[index] = 0
    }

    /// A command has arrived. The count is on a circle of 2^32.
    @inline(__always)
    mutating func receivedCommand(_ index: Int) { commandCounts[index] &+= 1 }

    /// The number of the last command that arrived, counted from 1.
    func commandNumber(_ index: Int) -> UInt32 { commandCounts[index] }

    /// Keeps input that can't be handled yet.
    mutating func keep(_ index: Int, _ rest: Span<UInt8>) {
        table[index].makeRare().input.append(rest)
        recount(index)
    }

    /// Takes the kept input.
    mutating func takeInput(_ index: Int) -> [UInt8]? {
        guard let rare = table[index].rare, !rare.input.isEmpty else { return nil }
        defer {
            rare.input = []
            recount(index)
        }
        return rare.input
    }

    /// Reading stops until the ring has drained, or until a command is done.
    mutating func hold(_ index: Int) { table[index].flags.insert(.held) }

    /// Reading continues after a hold. False if there was none.
    mutating func claimRelease(_ index: Int, at now: CoarseTime) -> Bool {
        guard table[index].flags.remove(.held) != nil else { return false }
        listenAgain(index, at: now)
        return true
    }

    /// Reading stops until a step of the coarse clock has passed.
    mutating func throttle(_ index: Int, at now: CoarseTime) {
        table[index].flags.insert(.throttled)
        wheel.schedule(index, at: now.advanced(byMilliseconds: 0))
    }

    /// Reading continues after a throttle. `wasOurs` if the connection had used up an allowance.
    /// Otherwise the kernel failed to read, and the silence may still be the client's.
    mutating func readOn(_ index: Int, wasOurs: Bool, at now: CoarseTime) {
        table[index].flags.remove(.throttled)
        if wasOurs {
            listenAgain(index, at: now)
        } else {
            restartMessageTimeout(index, at: now)
        }
    }

    /// We did not want to read for a while. So the silence was ours, and the client's begins now.
    private mutating func listenAgain(_ index: Int, at now: CoarseTime) {
        table[index].heard = now
        if case .http = table[index].phase { table[index].since = now }
        restartMessageTimeout(index, at: now)
    }

    /// Nothing was read for a while, so the rest of a message gets the whole timeout.
    private mutating func restartMessageTimeout(_ index: Int, at now: CoarseTime) {
        if table[index].isInChat, table[index].flags.contains(.partial) {
            table[index].since = now
        }
        // Without reading, there may have been no deadline at all.
        schedule(index)
    }

    /// The peer has shut down its sending half.
    mutating func peerEnded(_ index: Int) { table[index].flags.insert(.peerEnded) }

    // MARK: Requests whose content is kept, and whose answers wait

    /// Takes a request that is kept: its head, the bytes of it, and its content.
    mutating func takeRequest(
        _ index: Int
    ) -> (head: RequestHead, bytes: [UInt8], content: [UInt8]) {
        guard let rare = table[index].rare else { preconditionFailure("a request is kept") }
        let request = (rare.progress.head, rare.head, rare.body)
        (rare.head, rare.progress, rare.body) = ([], HeadProgress(), [])
        recount(index)
        return request
    }

    /// The request of a connection that has yet to be answered.
    func request(_ index: Int) -> APIRequest? {
        guard isServed(index) else { return nil }
        if let performing, performing.index == index { return performing.request }
        guard case .request(let request)? = table[index].waiting else { return nil }
        return request
    }

    /// Whether the connection's request waits for its answer.
    func awaitsAnswer(_ index: Int) -> Bool {
        isServed(index) && table[index].phase == .http(.answering)
    }

    /// A request doesn't wait any more.
    mutating func stopWaiting(_ index: Int) {
        if performing?.index == index { performing = nil }
        guard let rare = table[index].rare else { return }
        (rare.waiting, rare.answering) = (nil, nil)
        recount(index)
    }

    // MARK: Event streams

    /// A request for an event stream waits for the state of a room.
    mutating func awaitRooms(_ index: Int, _ opening: StreamOpening) {
        table[index].makeRare().waiting = .stream(opening)
        if case .http = table[index].phase { enter(index, .http(.answering)) }
        recount(index)
    }

    /// The rooms that a stream has yet to enter. Nil if it waits for none.
    func opening(_ token: Token) -> StreamOpening? {
        guard table.contains(token), isServed(token.index),
            case .stream(let opening)? = table[token.index].waiting
        else { return nil }
        return opening
    }

    /// The head of a response is queued whose content is an event stream.
    mutating func openedStream(_ index: Int, taking encoding: Encoding, at now: CoarseTime) {
        enter(
            index, .eventStream(Connection.ChatState(dialect: .rich, encoding: encoding)))
        table[index].progressed = now
        schedule(index)
    }
}
