internal import ArgumentParser
internal import Chat
internal import ChatClient
internal import Glibc
internal import Reactor
internal import TLS

/// One user in one room, from the start of `hubbub chat` to its end. A loop waits for the socket,
/// standard input, signals and deadlines.
struct Conversation: ~Copyable {
    /// What the conversation is doing.
    enum Phase: Equatable {
        case talking
        /// It sends the last lines, or waits for replies, and then ends.
        case finishing
        /// Our Close was sent. The server has until then to answer.
        case leaving(until: Instant)
        case ended
    }

    /// Milliseconds for the server to answer our Close.
    private static let closePatience: UInt64 = 2_000
    private static let outputToken = Token(index: 3, generation: 1)

    let settings: ChatSettings
    var network: LinuxNetwork
    var session: ChatSession
    var connection: ClientConnection?
    var input: StandardInput
    var display: ChatDisplay
    var phase = Phase.talking
    private var time: LoopTime
    /// When to connect again. Nil if there is a connection.
    var reconnect: Instant?
    /// The time of the last progress, from which the timeout counts.
    var waitingSince: Instant
    /// The last obstacle.
    var trouble = "it doesn't answer"
    /// The number of lines that can't be sent, or that may not have been.
    var refusedLines = 0
    /// The number of lines that were not sent because of a signal.
    private var withdrawnLines = 0
    /// When it ends after a signal, even if something is pending.
    private var lastMoment: Instant?
    /// What commands may mean.
    var place = SlashPlace()
    /// A command that waits until the lines before it are taken.
    var delayed: String?
    var random = SystemRandomNumberGenerator()
    /// The server's addresses from the last lookup.
    private var addresses: [SocketAddress]
    private var lookup: AddressLookup?
    /// What the next connection may resume under TLS.
    var earlier: TLSResumption?
    /// The number of connections that were begun.
    private var attempts: UInt32 = 0
    private var signals = 0
    private var ready: [ReadyEvent] = []
    private var buffer = [UInt8](repeating: 0, count: ClientConnection.receiveBytes)

    init(_ settings: ChatSettings, at addresses: [SocketAddress]) throws {
        network = try LinuxNetwork()
        time = LoopTime(start: network.now())
        waitingSince = time.now
        reconnect = time.now
        self.settings = settings
        self.addresses = addresses
        session = ChatSession(
            username: settings.name, rooms: [settings.room],
            historyLines: settings.historyLines)
        input = StandardInput(token: Token(index: 1, generation: 1))
        display = ChatDisplay(
            isJSON: settings.isJSON, isOnce: settings.isOnce, showsNumbers: settings.showsNumbers)
        // Only the loss of the reader is reported. A file can't be watched, and has no reader.
        if display.prints {
            let output = Socket(rawValue: STDOUT_FILENO)
            try? network.register(output, token: Self.outputToken, interest: [])
        }
    }

    /// Runs to the end. Throws if it fails.
    mutating func run() throws {
        while phase != .ended {
            try act()
            guard phase != .ended else { break }
            input.watch(wantsInput, by: &network)
            let wait = timeout()
            try network.wait(milliseconds: wait, into: &ready)
            time.turnBegan(at: network.now(), waited: wait)
            for event in ready { try becameReady(event) }
            if input.isFile, wantsInput { input.read() }
        }
        connection?.drop(over: &network)
        if let failure = display.failure { throw Complaint(failure) }
        guard refusedLines == 0 else {
            throw Complaint(.data, "\(Self.lines(refusedLines)) could not be sent")
        }
        let unsent = session.pending.count + withdrawnLines
        guard unsent == 0 else {
            throw Complaint(.unavailable, "\(Self.lines(unsent)) not taken by the server")
        }
    }

    /// The time without that for which the process stood still.
    var now: Instant { time.now }

    static func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }

    private var wantsInput: Bool {
        phase == .talking && input.isReadable && session.hasRoom && delayed == nil
    }

    /// Milliseconds until something is due. Nil if nothing is.
    private mutating func timeout() -> Int32? {
        if input.isFile, wantsInput { return 0 }
        var deadlines = [reconnect, session.deadline, connection?.deadline, patienceDeadline]
            .compactMap { $0 }
        switch phase {
        case .talking, .ended: break
        case .finishing: deadlines += [lastMoment].compactMap { $0 }
        case .leaving(let until): deadlines.append(until)
        }
        guard let next = deadlines.min() else { return nil }
        guard now < next else { return 0 }
        let wait = (next.nanoseconds - now.nanoseconds + 999_999) / 1_000_000
        return min(Int32(clamping: wait), LoopTime.longestWait)
    }

    /// When to fail if there is no progress. Nil if nothing is pending.
    private var patienceDeadline: Instant? {
        let isLimited = settings.isOnce && phase == .talking || phase == .finishing
        guard isLimited, lastMoment == nil else { return nil }
        let isWaiting = !session.isInside(settings.room) || !session.isIdle
        return isWaiting ? waitingSince.advanced(byMilliseconds: settings.timeout) : nil
    }

    /// Does what is due.
    private mutating func act() throws {
        guard display.failure == nil else {
            phase = .ended
            return
        }
        takeInput()
        if input.hasEnded, delayed == nil, phase == .talking, settings.isOnce || input.isTerminal {
            phase = .finishing
        }
        if phase == .finishing, isFinished { return leave() }
        if let deadline = patienceDeadline, deadline <= now {
            let unsent = session.pending.count
            throw Complaint(
                .unavailable,
                "\(settings.address.url.text): \(trouble)"
                    + (unsent == 0 ? "" : "; \(Self.lines(unsent)) not sent"))
        }
        if case .leaving(let until) = phase, until <= now { phase = .ended }
        if let due = reconnect, due <= now { try reconnectNow() }
        if let deadline = connection?.deadline, deadline <= now {
            var events: [ClientConnection.Event] = []
            connection?.deadlinePassed(over: &network, at: time.now, events: &events)
            try received(events)
        }
        try perform(session.proceed(at: now))
    }

    private var isFinished: Bool {
        if let lastMoment { return session.isIdle || lastMoment <= now }
        return session.isIdle && (session.isInside(settings.room) || !settings.isOnce)
    }

    private mutating func becameReady(_ event: ReadyEvent) throws {
        if event.token == .signals {
            try receivedSignals()
        } else if event.token == input.token {
            if wantsInput { input.read() }
        } else if event.token == connectionToken {
            var events: [ClientConnection.Event] = []
            connection?.becameReady(
                event.readiness, over: &network, at: time.now, buffer: &buffer, events: &events)
            session.heard(at: now)
            try received(events)
        } else if event.token == Self.outputToken {
            display.lostReader()
        } else if event.token == .waker, let found = lookup?.take() {
            lookup = nil
            switch found {
            case .success(let addresses):
                self.addresses = addresses
                try connect()
            case .failure: try disconnected("the host has no address")
            }
        }
    }

    private mutating func receivedSignals() throws {
        while let signal = network.takeSignal() {
            signals += 1
            // A shell reports a death by signal in this way.
            if signals > 1 { throw ExitCode(128 + signal) }
            // The server may have taken the line that is on its way.
            withdrawnLines = session.withdraw().count
            phase = .finishing
            lastMoment = now.advanced(byMilliseconds: Self.closePatience)
        }
    }

    private var connectionToken: Token { Token(index: 2, generation: attempts) }

    /// At first the addresses have just been looked up. A numeric address needs no lookup.
    private mutating func reconnectNow() throws {
        reconnect = nil
        guard attempts > 0, SocketAddress(numeric: settings.address.url.host) == nil else {
            return try connect()
        }
        lookup = AddressLookup(of: settings.address.url, waking: network.waker)
    }

    private mutating func connect() throws {
        attempts += 1
        var events: [ClientConnection.Event] = []
        var fresh = ClientConnection(
            to: settings.address.url, at: addresses, token: connectionToken,
            rules: settings.rules, resuming: earlier)
        fresh.connect(over: &network, at: time.now, events: &events)
        connection = consume fresh
        try received(events)
    }

    /// Sends a Close, if there is a connection.
    mutating func leave() {
        guard connection?.isOpen ?? false else {
            phase = .ended
            return
        }
        phase = .leaving(until: now.advanced(byMilliseconds: Self.closePatience))
        var events: [ClientConnection.Event] = []
        connection?.close(over: &network, events: &events)
        if !events.isEmpty { phase = .ended }
    }
}
