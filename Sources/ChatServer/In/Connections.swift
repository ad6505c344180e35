internal import Reactor
internal import WebSocket

/// The connection table: which connections there are, what each is doing, and the lists of those
/// about which something is to be done. Nothing else changes a connection's phase and flags.
///
/// A connection that can't be served any more is put on a list (``part(_:_:)``), and leaves its
/// rooms when the server works that off. So nobody leaves a room in the middle of a loop over its
/// members.
struct Connections: ~Copyable {
    let limits: Limits
    // Seen by the extensions in this folder alone.
    var table: SlotTable<Connection>
    var wheel: TimerWheel
    var contexts: Contexts

    /// Ended, and to be closed at the end of the tick.
    private(set) var ending: [Int] = []
    /// To leave as soon as the server comes to it.
    private(set) var parting: [(token: Token, reason: Parting)] = []
    /// Whether one of these lists was added to since ``nextEnded()`` had nothing left.
    private(set) var areLeaving = false
    /// With kept input to go on with at the next tick.
    private(set) var resuming: [Token] = []

    /// WebSockets from the opening handshake until a Close goes either way.
    private(set) var sessions = 0
    /// Connections whose socket refused bytes.
    private(set) var blocked = 0
    /// Connections past a limit, which are being told so.
    private(set) var refusing = 0
    /// How many commands each connection of the rich dialect has sent, by its index. Beside the
    /// table, because clients of the plain dialect have no use for it.
    var commandCounts: [UInt32] = []

    init(limits: Limits, now: CoarseTime) {
        self.limits = limits
        contexts = Contexts(limits: limits)
        table = SlotTable(capacity: limits.connections + Limits.refusals)
        wheel = TimerWheel(now: now)
    }

    // MARK: The table

    @inline(__always)
    subscript(index: Int) -> Connection {
        _read { yield table[index] }
        _modify { yield &table[index] }
    }

    /// Connections that are open, in whatever phase.
    var count: Int { table.count }
    /// Every index that was ever in use lies below this one.
    var endIndex: Int { table.endIndex }

    func isUsed(_ index: Int) -> Bool { table.isUsed(index) }
    func token(at index: Int) -> Token { table.token(at: index) }
    func contains(_ token: Token) -> Bool { table.contains(token) }

    /// Whether a connection is there that is neither about to end nor to leave.
    func isServed(_ index: Int) -> Bool {
        table[index].flags.isDisjoint(with: [.ends, .fails])
    }

    /// Takes a socket in; nil if the table is full, or if the poller doesn't watch it.
    mutating func accept<Net: Network & ~Copyable>(
        _ socket: Socket, isRefused: Bool, over network: inout Net, at now: CoarseTime
    ) throws(SystemError) -> Token? {
        guard let token = table.insert(Connection(socket: socket, now: now)) else { return nil }
        do throws(SystemError) {
            try network.register(socket, token: token, interest: .readable)
        } catch {
            _ = table.remove(at: token.index)
            throw error
        }
        if isRefused {
            refusing += 1
            table[token.index].flags.insert(.refused)
        }
        schedule(token.index)
        return token
    }

    // MARK: Phases

    /// A request has its response, and the connection serves another one.
    mutating func becameIdle(_ index: Int, at now: CoarseTime) {
        table[index].phase = .http(.head)
        table[index].since = now
        table[index].flags.insert(.answered)
        schedule(index)
    }

    /// Content of a request follows, which nobody reads.
    mutating func skipsContent(_ index: Int, length: Int) {
        table[index].makeRare().contentLeft = length
        table[index].phase = .http(.content)
        schedule(index)
    }

    /// The opening handshake has succeeded.
    mutating func upgraded(_ index: Int, to webSocket: Connection.WebSocket) {
        table[index].phase = .webSocket(webSocket)
        if webSocket.dialect == .rich { beginCommands(index) }
        sessions += 1
        contexts.promised(windowBits: webSocket.contextBits)
        schedule(index)
    }

    /// The connection is out of the chat, and commands of it wait for nothing any more.
    mutating func leftChat(_ index: Int) {
        guard case .webSocket(var webSocket) = table[index].phase, !webSocket.hasLeft else {
            preconditionFailure("only a connection in the chat leaves it")
        }
        webSocket.hasLeft = true
        table[index].phase = .webSocket(webSocket)
        sessions -= 1
        table[index].rare?.waiting = nil
    }

    /// Our Close is queued, to a client that has left the chat.
    mutating func sentClose(_ index: Int, at now: CoarseTime) {
        table[index].session.sentClose()
        table[index].since = now
        schedule(index)
    }

    /// Nothing more is said or listened to; the peer has the close timeout to end.
    mutating func linger(_ index: Int, at now: CoarseTime) {
        dropContext(index)
        table[index].phase = .lingering
        table[index].since = now
        table[index].rare = nil
        schedule(index)
    }

    /// The connection is gone, or worth no more words: it is closed at the end of the tick. It must
    /// have left the chat.
    mutating func end(_ index: Int) {
        guard !table[index].flags.contains(.ends) else { return }
        table[index].flags.insert(.ends)
        ending.append(index)
        areLeaving = true
    }

    /// The connection leaves the chat, if it is in it, as soon as the server comes to it. Until
    /// then nothing is read of it or sent to it.
    mutating func part(_ index: Int, _ reason: Parting) {
        guard isServed(index) else { return }
        table[index].flags.insert(.fails)
        parting.append((table.token(at: index), reason))
        areLeaving = true
    }

    /// The next connection that is to leave; nil if there is none.
    mutating func nextParting() -> (index: Int, reason: Parting)? {
        while let (token, reason) = parting.popLast() {
            guard table.contains(token) else { continue }
            table[token.index].flags.remove(.fails)
            if !table[token.index].flags.contains(.ends) { return (token.index, reason) }
        }
        return nil
    }

    /// The next connection that has ended, which ``remove(_:)`` takes out; nil if there is none.
    mutating func nextEnded() -> Int? {
        if ending.isEmpty { areLeaving = !parting.isEmpty }
        return ending.popLast()
    }

    /// Takes a connection out of the table.
    mutating func remove(_ index: Int) -> Connection {
        wheel.cancel(index)
        dropContext(index)
        if table[index].flags.contains(.blocked) { blocked -= 1 }
        if table[index].flags.contains(.refused) { refusing -= 1 }
        return table.remove(at: index)
    }

    // MARK: Lists

    /// Kept input is gone on with at the next tick.
    mutating func resume(_ index: Int) {
        table[index].flags.insert(.resumes)
        resuming.append(table.token(at: index))
    }

    /// Those whose kept input is gone on with now.
    mutating func takeResuming() -> [Token] {
        let tokens = resuming
        resuming.removeAll(keepingCapacity: true)
        for token in tokens where table.contains(token) {
            table[token.index].flags.remove(.resumes)
        }
        return tokens
    }

    /// The kernel refused bytes. False if that is known.
    mutating func claimBlocked(_ index: Int) -> Bool {
        guard !table[index].flags.contains(.blocked) else { return false }
        table[index].flags.insert(.blocked)
        blocked += 1
        return true
    }

    /// The kernel takes bytes again. False if it never refused any.
    mutating func claimWritable(_ index: Int) -> Bool {
        guard table[index].flags.contains(.blocked) else { return false }
        table[index].flags.remove([.blocked, .postponed])
        blocked -= 1
        return true
    }
}
