import Reactor

/// The one connection of a ``ScriptedNetwork``, as a test sees and directs it. It fails where the
/// test says, and notes where the layer breaks the rules of a network.
final class ScriptedWire {
    enum Refusal: CaseIterable {
        case wouldBlock, exhausted
    }

    static let socket = Socket(rawValue: 5)

    // What a test directs.
    var now = Instant(nanoseconds: 1_000_000_000)
    var toServer: [UInt8] = []
    var hasEnded = false
    var isReset = false
    /// Bytes of one read or write.
    var piece = Int.max
    /// A byte that isn't read at the first try, and one that isn't sent.
    var readRefusal: (byte: Int, kind: Refusal)?
    var sendRefusal: (byte: Int, kind: Refusal)?
    /// Whether nothing at all is taken.
    var isFull = false
    /// Whether the poller takes no changes.
    var failsToWatch = false
    /// Nanoseconds for which the process stands still in the next wait.
    var standstill: UInt64 = 0

    // What it sees.
    private(set) var toClient: [UInt8] = []
    private(set) var bytesRead = 0
    private(set) var bytesSent = 0
    private(set) var isShutDown = false
    private(set) var isClosed = false
    private(set) var isAborted = false
    private(set) var token: Token?
    private(set) var interest: Interest = []
    /// The milliseconds of the last wait.
    private(set) var patience: Int32?
    private(set) var violations: [String] = []
    private var isBlocked = false
    private var exhaustedRead: Instant?
    private var exhaustedSend: Instant?

    func takeSent() -> [UInt8] {
        defer { toClient = [] }
        return toClient
    }

    /// Another connection gets the descriptor.
    func reuse() {
        expect(isClosed, "it isn't closed")
        (toServer, toClient, hasEnded, isReset) = ([], [], false, false)
        (isShutDown, isClosed, isAborted, isBlocked) = (false, false, false, false)
    }

    private func expect(_ isRight: Bool, _ violation: String) {
        if !isRight { violations.append(violation) }
    }

    // MARK: The network's side

    func wait(_ milliseconds: Int32?) -> ReadyEvent? {
        patience = milliseconds
        let readiness = readiness()
        if let token, !readiness.isEmpty {
            return ReadyEvent(token: token, readiness: readiness)
        }
        let waited = UInt64(max(milliseconds ?? 0, 0)) * 1_000_000 + standstill
        standstill = 0
        now = Instant(nanoseconds: now.nanoseconds + waited)
        return nil
    }

    private func readiness() -> Readiness {
        var readiness: Readiness = []
        let isReadable = interest.contains(.readable)
        if isReadable, !toServer.isEmpty || hasEnded { readiness.insert(.readable) }
        if isReadable, hasEnded { readiness.insert(.peerClosed) }
        if isReset { readiness.insert(.broken) }
        if interest.contains(.writable), !isFull {
            isBlocked = false
            readiness.insert(.writable)
        }
        return readiness
    }

    func receive(_ limit: Int) -> (outcome: ReceiveOutcome, bytes: [UInt8]) {
        expect(exhaustedRead != now, "it reads again at once though there is no memory")
        var limit = min(limit, piece)
        if let refusal = readRefusal, !toServer.isEmpty, bytesRead + limit > refusal.byte {
            guard bytesRead == refusal.byte else {
                limit = refusal.byte - bytesRead
                return read(limit)
            }
            readRefusal = nil
            if refusal.kind == .exhausted { exhaustedRead = now }
            return (refusal.kind == .exhausted ? .exhausted : .wouldBlock, [])
        }
        return read(limit)
    }

    private func read(_ limit: Int) -> (outcome: ReceiveOutcome, bytes: [UInt8]) {
        let bytes = Array(toServer.prefix(limit))
        guard !bytes.isEmpty else {
            if isReset { return (.broken(Self.reset), []) }
            return (hasEnded ? .end : .wouldBlock, [])
        }
        toServer.removeFirst(bytes.count)
        bytesRead += bytes.count
        return (.bytes(bytes.count), bytes)
    }

    func send(_ bytes: [UInt8]) -> SendOutcome {
        expect(!bytes.isEmpty, "it sends nothing")
        expect(!isBlocked, "it sends before the socket is writable again")
        expect(exhaustedSend != now, "it sends again at once though there is no memory")
        expect(!isShutDown && !isClosed, "it sends after its end")
        if isReset { return .broken(Self.reset) }
        var room = isFull ? 0 : min(piece, bytes.count)
        if let refusal = sendRefusal, bytesSent + bytes.count > refusal.byte {
            room = min(room, refusal.byte - bytesSent)
            if room == 0 {
                sendRefusal = nil
                if refusal.kind == .exhausted {
                    exhaustedSend = now
                    return .exhausted
                }
            }
        }
        isBlocked = room < bytes.count
        toClient += bytes.prefix(room)
        bytesSent += room
        return room > 0 ? .sent(room) : .wouldBlock
    }

    func watch(_ token: Token, _ interest: Interest, isNew: Bool) throws(SystemError) {
        expect((self.token == nil) == isNew, "it is registered twice, or not at all")
        if failsToWatch { throw SystemError(errno: 12, call: "epoll_ctl") }
        (self.token, self.interest) = (token, interest)
    }

    func shutDown() {
        expect(!isShutDown, "it is shut down twice")
        isShutDown = true
    }

    func close(isAborted: Bool) {
        expect(!isClosed, "it is closed twice")
        (isClosed, self.isAborted, token) = (true, isAborted, nil)
    }

    static let reset = SystemError(errno: 104, call: "scripted")
}
