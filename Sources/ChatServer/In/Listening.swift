internal import Logging
internal import Reactor

/// The listening sockets, and whether they are watched. Some of them may be for operators alone.
struct Listening {
    private enum State {
        case watching
        /// No connection can be accepted. The listeners are watched again at this time, or when a
        /// connection ends.
        case paused(until: CoarseTime)
    }

    private let sockets: [Socket]
    /// The number of the first socket for operators. Those before it are for everybody.
    private let firstForOperators: Int
    /// The open connections that came by a socket for operators.
    private var operators: Set<Token> = []
    private var state = State.watching
    /// Whether exhausted descriptors were logged since accepting last worked.
    private var hasToldExhaustion = false
    /// Whether unwatchable connections were logged since one could last be watched.
    private var hasToldUnwatched = false
    private(set) var pauses: UInt64 = 0

    init<Net: Network & ~Copyable>(
        _ sockets: [Socket], forOperators: [Socket] = [], over network: inout Net
    ) throws(SystemError) {
        firstForOperators = sockets.count
        let sockets = sockets + forOperators
        self.sockets = sockets
        for (number, socket) in sockets.enumerated() {
            try network.register(socket, token: .listener(number), interest: .readable)
        }
    }

    // MARK: Operators

    @inline(__always)
    subscript(number: Int) -> Socket { sockets[number] }

    /// Whether a socket is for operators alone.
    @inline(__always)
    func isForOperators(_ number: Int) -> Bool { number >= firstForOperators }

    /// Whether a connection may have what is for operators alone: `/metrics`, and the pages and
    /// routes of administrators. If there are sockets for that, only their connections may.
    @inline(__always)
    func servesOperators(_ connection: Token) -> Bool {
        firstForOperators == sockets.count || operators.contains(connection)
    }

    /// A socket for operators has this connection.
    mutating func admitted(_ connection: Token) { operators.insert(connection) }

    @inline(__always)
    mutating func closed(_ connection: Token) {
        if !operators.isEmpty { operators.remove(connection) }
    }

    // MARK: Pauses

    /// When to try accepting again. Never if it isn't paused.
    @inline(__always)
    var next: CoarseTime {
        switch state {
        case .watching: .never
        case .paused(let until): until
        }
    }

    /// No connection waits any more.
    mutating func ranDry() { hasToldExhaustion = false }

    /// A connection could be watched.
    mutating func watched() { hasToldUnwatched = false }

    /// A connection was accepted, but can't be watched.
    mutating func failedToWatch(_ error: SystemError, _ log: Logger) {
        guard !hasToldUnwatched else { return }
        hasToldUnwatched = true
        log.warning("A connection could not be watched", metadata: ["error": "\(error)"])
    }

    /// No connection can be accepted. Waiting clients stay in the kernel's queue. The listeners
    /// aren't watched until a connection closes or some time has passed, because they would be
    /// reported forever. Without an error, all waiting clients were gone before they could be
    /// accepted.
    mutating func pause<Net: Network & ~Copyable>(
        _ error: SystemError?, connections: Int, over network: inout Net, at now: CoarseTime,
        _ log: Logger
    ) throws(SystemError) {
        pauses += 1
        if !hasToldExhaustion {
            hasToldExhaustion = true
            var metadata: Logger.Metadata = ["connections": "\(connections)"]
            if let error {
                metadata["error"] = "\(error)"
                log.error(
                    """
                    Accepting pauses: descriptors or memory have run out. \
                    Raise `ulimit -n` or lower --max-connections.
                    """, metadata: metadata)
            } else {
                log.error("Accepting pauses: the system lets no connection in", metadata: metadata)
            }
        }
        try watch([], over: &network)
        state = .paused(until: now.advanced(byMilliseconds: Limits.exhaustionPause))
    }

    /// A descriptor is free again. A pause ends with the next tick.
    mutating func descriptorFreed(at now: CoarseTime) {
        if case .paused = state { state = .paused(until: now) }
    }

    /// Watches the listeners again if a pause is over.
    mutating func resumeIfDue<Net: Network & ~Copyable>(
        over network: inout Net, at now: CoarseTime
    ) throws(SystemError) {
        guard case .paused(let until) = state, until <= now else { return }
        state = .watching
        try watch(.readable, over: &network)
    }

    private func watch<Net: Network & ~Copyable>(
        _ interest: Interest, over network: inout Net
    ) throws(SystemError) {
        for (number, socket) in sockets.enumerated() {
            try network.change(socket, token: .listener(number), interest: interest)
        }
    }
}
