internal import Reactor
internal import WebSocket

/// The connection table: the connections, their states, and the lists of those that need an action.
/// Only this type changes a connection's phase and flags.
///
/// A connection that can't be served any more is put on a list (``part(_:_:)``), and leaves its
/// rooms when the server works through the list. So no connection leaves a room in the middle of a
/// loop over the room's members.
struct Connections: ~Copyable {
    private(set) var limits: Limits
    // Only the extensions in this folder use them.
    var table: SlotTable<Connection>
    var states = StateCounts()
    var wheel: TimerWheel
    var contexts: Contexts

    /// Connections that have ended, and are closed at the end of the tick.
    private(set) var ending: [Int] = []
    /// Connections that leave as soon as the server gets to them.
    private(set) var parting: [(token: Token, reason: Parting)] = []
    /// Connections that leave in the next ticks, a few in each, from `nextDeparting` on.
    private var departing: [Token] = []
    private var nextDeparting = 0
    /// Whether one of these lists has grown since ``nextEnded()`` found nothing left.
    private(set) var areLeaving = false
    /// Connections that wait in line for their turn, in the next tick.
    private(set) var resuming: [Token] = []

    /// The number of WebSockets in the chat.
    private(set) var sessions = 0
    /// The number of connections whose socket refused bytes.
    private(set) var blocked = 0
    /// The number of connections over a limit, which get a refusal.
    private(set) var refusing = 0
    /// The number of commands from each connection of the rich dialect, by index. It is outside of
    /// the table, because clients of the plain dialect don't need it.
    var commandCounts: [UInt32] = []
    /// The request that is performed. It is kept only if its answer waits.
    var performing: (index: Int, request: APIRequest)?
    /// Bytes of ``keptBytes(_:)`` of all connections.
    private(set) var keptBytes = 0

    init(limits: Limits, now: CoarseTime) {
        self.limits = limits
        contexts = Contexts(limits: limits)
        table = SlotTable(capacity: limits.connections + Limits.refusals)
        wheel = TimerWheel(now: now)
    }

    /// New limits hold from now on. Deadlines are set anew.
    mutating func limitsChanged(_ limits: Limits) {
        self.limits = limits
        contexts.limitsChanged(limits)
        for index in 0..<endIndex where isUsed(index) {
            wheel.cancel(index)
            schedule(index)
        }
    }

    // MARK: The table

    @inline(__always)
    subscript(index: Int) -> Connection {
        _read { yield table[index] }
        _modify { yield &table[index] }
    }

    /// The number of open connections in all phases.
    var count: Int { table.count }
    /// An index above every index that was ever in use.
    var endIndex: Int { table.endIndex }

    func isUsed(_ index: Int) -> Bool { table.isUsed(index) }
    func token(at index: Int) -> Token { table.token(at: index) }
    func contains(_ token: Token) -> Bool { table.contains(token) }

    /// Whether a connection exists and is neither ending nor leaving.
    func isServed(_ index: Int) -> Bool {
        table[index].flags.isDisjoint(with: [.ends, .fails])
    }

    /// Adds a socket. Nil if the table is full, or if the poller doesn't watch it.
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
        states.entered(table[token.index].phase.state)
        if isRefused {
            refusing += 1
            table[token.index].flags.insert(.refused)
        }
        schedule(token.index)
        return token
    }

    // MARK: Phases

    /// The opening handshake has succeeded.
    mutating func upgraded(_ index: Int, to webSocket: Connection.ChatState) {
        enter(index, .webSocket(webSocket))
        if webSocket.dialect == .rich { beginCommands(index) }
        sessions += 1
        contexts.promised(windowBits: webSocket.contextBits)
        schedule(index)
    }

    /// ``Identities`` knows more of the connection from now on.
    mutating func identified(_ index: Int) { table[index].flags.insert(.identified) }

    /// The connection is a guest again.
    mutating func becameGuest(_ index: Int) { table[index].flags.remove(.identified) }

    /// The connection has left the chat. Its commands wait for nothing any more.
    mutating func leftChat(_ index: Int) {
        precondition(table[index].isInChat, "only a connection in the chat leaves it")
        if !table[index].isEventStream { sessions -= 1 }
        leave(index)
        table[index].rare?.waiting = nil
        table[index].rare?.answering = nil
        table[index].rare?.replies = []
        recount(index)
    }

    /// What connections keep has changed.
    mutating func changeKept(by bytes: Int) { keptBytes += bytes }

    /// Our Close is queued for a client that has left the chat.
    mutating func sentClose(_ index: Int, at now: CoarseTime) {
        table[index].session.sentClose()
        table[index].since = now
        schedule(index)
    }

    /// The connection is lost, or nothing more is sent to it. It is closed at the end of the tick.
    /// It must have left the chat.
    mutating func end(_ index: Int) {
        guard !table[index].flags.contains(.ends) else { return }
        table[index].flags.insert(.ends)
        ending.append(index)
        areLeaving = true
    }

    /// The connection leaves the chat, if it is in it, as soon as the server gets to it. Until then
    /// nothing is read from it or sent to it.
    mutating func part(_ index: Int, _ reason: Parting) {
        guard isServed(index) else { return }
        table[index].flags.insert(.fails)
        parting.append((table.token(at: index), reason))
        areLeaving = true
    }

    /// The next connection that must leave, or nil.
    mutating func nextParting() -> (index: Int, reason: Parting)? {
        while let (token, reason) = parting.popLast() {
            guard table.contains(token) else { continue }
            table[token.index].flags.remove(.fails)
            if !table[token.index].flags.contains(.ends) { return (token.index, reason) }
        }
        return nil
    }

    /// The connection leaves the chat like the others of a crowd that must leave, which would take
    /// too long for one tick. Until then nothing is read from it or sent to it.
    mutating func depart(_ index: Int) {
        guard isServed(index) else { return }
        table[index].flags.insert(.fails)
        departing.append(table.token(at: index))
        areLeaving = true
    }

    /// Takes the next of them.
    mutating func takeDeparting(atMost limit: Int) -> [Int] {
        let taken = departing[nextDeparting...].prefix(limit)
        nextDeparting += taken.count
        let indices = taken.filter { table.contains($0) }.map(\.index)
        if nextDeparting == departing.count { (departing, nextDeparting) = ([], 0) }
        for index in indices { table[index].flags.remove(.fails) }
        return indices
    }

    /// The next connection that has ended, or nil. ``remove(_:)`` takes it out.
    mutating func nextEnded() -> Int? {
        if ending.isEmpty { areLeaving = !parting.isEmpty || !departing.isEmpty }
        return ending.popLast()
    }

    /// Takes a connection out of the table.
    mutating func remove(_ index: Int) -> Connection {
        wheel.cancel(index)
        dropContext(index)
        dropRare(index)
        if table[index].flags.contains(.blocked) { blocked -= 1 }
        if table[index].flags.contains(.refused) { refusing -= 1 }
        states.left(table[index].phase.state)
        return table.remove(at: index)
    }

    // MARK: Lists

    /// The connection has a turn at the next tick: with its kept input, or with what it has sent.
    mutating func resume(_ index: Int) {
        table[index].flags.insert(.resumes)
        resuming.append(table.token(at: index))
    }

    /// These connections are served first at the next tick.
    mutating func resumeFirst(_ tokens: ArraySlice<Token>) {
        for token in tokens where table.contains(token) {
            table[token.index].flags.insert(.resumes)
        }
        resuming.insert(contentsOf: tokens, at: 0)
    }

    /// Takes the first `count` connections, which have their turns now.
    mutating func takeResuming(_ count: Int) -> [Token] {
        let tokens = Array(resuming[..<count])
        resuming.removeSubrange(..<count)
        for token in tokens where table.contains(token) {
            table[token.index].flags.remove(.resumes)
        }
        return tokens
    }

    /// The kernel refused bytes. False if that is already known.
    mutating func claimBlocked(_ index: Int) -> Bool {
        guard !table[index].flags.contains(.blocked) else { return false }
        table[index].flags.insert(.blocked)
        blocked += 1
        return true
    }

    /// The kernel takes bytes again, perhaps a ping among them. False if it had not refused any.
    mutating func claimWritable(_ index: Int, at now: CoarseTime) -> Bool {
        guard table[index].flags.contains(.blocked) else { return false }
        table[index].flags.remove([.blocked, .postponed])
        blocked -= 1
        if table[index].flags.contains(.pinged) {
            table[index].heard = now
            schedule(index)
        }
        return true
    }
}
