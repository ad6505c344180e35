internal import ChatClient
internal import Reactor

extension Crowd {
    /// The range of milliseconds after which a failed reconnect is tried again.
    private static let retryDelays: ClosedRange<UInt64> = 50...250
    /// Seconds in which a connection that left must be back.
    static let returnPatience = 15.0

    /// Begins to open a connection that was due at `due`.
    mutating func begin(_ index: Int, due: Instant) throws(Failure) {
        opening += 1
        clients[index].session = ClientSession(using: &random)
        clients[index].due = due
        clients[index].isAligned = false
        clients[index].phase = .connecting
        guard let socket = try connect(index) else { return }
        clients[index].socket = socket
        // On loopback a connection is mostly established at once.
        try request(index, isRegistered: false)
    }

    /// Starts to connect to the first address that doesn't refuse at once. Nil if that failed and
    /// failures are tolerated.
    private mutating func connect(_ index: Int) throws(Failure) -> Socket? {
        while true {
            let source = Target.source(of: number(index), to: addresses[0])
            do throws(SystemError) {
                return try Connector.connect(to: addresses[0], from: source)
            } catch {
                guard opened == 0, addresses.count > 1 else {
                    let failure = Failure.cannotConnect(addresses[0], error.errno)
                    try failedToOpen(index, failure, hasSocket: false)
                    return nil
                }
                addresses.removeFirst()
            }
        }
    }

    /// The attempt to connect has succeeded or failed.
    mutating func connected(_ index: Int) throws(Failure) {
        do throws(SystemError) {
            try Connector.result(of: clients[index].socket)
        } catch {
            return try connectElsewhere(index, error)
        }
        try request(index, isRegistered: true)
    }

    /// Tries the server's next address, if no connection has been made yet.
    private mutating func connectElsewhere(
        _ index: Int, _ error: SystemError
    ) throws(Failure) {
        guard opened == 0, addresses.count > 1 else {
            return try failedToOpen(index, .cannotConnect(addresses[0], error.errno))
        }
        addresses.removeFirst()
        network.abort(clients[index].socket)
        guard let socket = try connect(index) else { return }
        clients[index].socket = socket
        try request(index, isRegistered: false)
    }

    /// A connection couldn't be opened: the run ends, or it is tried again later.
    mutating func failedToOpen(
        _ index: Int, _ failure: Failure, hasSocket: Bool = true
    ) throws(Failure) {
        guard isForgiving, clients[index].wasInside else { throw failure }
        opening -= 1
        clients[index].phase = .closed
        clients[index].pending = []
        clients[index].tls = nil
        if hasSocket { network.abort(clients[index].socket) }
        retries += 1
        let since = clients[index].goneSince ?? now
        guard now < since.advanced(bySeconds: Self.returnPatience) else {
            clients[index].goneSince = nil
            let why = "it didn't get back: \(failure.description)"
            return verifiers[room(of: index)].ended(member(index), why: why)
        }
        let delay = UInt64.random(in: Self.retryDelays, using: &random)
        returning.append((index, now.advanced(byMilliseconds: delay)))
    }

    /// Writes the request of the opening handshake.
    mutating func writeRequest(_ index: Int) {
        frame.removeAll(keepingCapacity: true)
        clients[index].session.writeRequest(
            host: target.authority, target: resource(index), rules: rules, into: &frame)
    }

    /// Sends the first message of TLS or of the opening handshake, or waits until TCP is
    /// connected.
    private mutating func request(_ index: Int, isRegistered: Bool) throws(Failure) {
        if target.isSecure { try beginTLS(index) } else { writeRequest(index) }
        switch outbox.send(frame, over: &network, to: clients[index].socket) {
        case .sent(let count):
            clients[index].phase = .connected
            clients[index].pending = Array(frame[count...])
            let interest: Interest = count < frame.count ? [.readable, .writable] : .readable
            try watch(index, interest, isRegistered: isRegistered)
        case .wouldBlock, .exhausted: try watch(index, .writable, isRegistered: isRegistered)
        case .broken(let error): try connectElsewhere(index, error)
        }
    }

    private func resource(_ index: Int) -> String {
        guard share.settings.scenario == .rooms else { return target.resource }
        return target.resource(room: roomName(room(of: index)))
    }

    /// The name of a room, by its number in this process.
    func roomName(_ room: Int) -> String {
        guard share.settings.scenario == .rooms else { return target.room }
        return "load-\(String(share.run, radix: 16))-\(share.firstRoom + room)"
    }

    private mutating func watch(
        _ index: Int, _ interest: Interest, isRegistered: Bool
    ) throws(Failure) {
        let (socket, token) = (clients[index].socket, clients.token(at: index))
        do throws(SystemError) {
            if isRegistered {
                try network.change(socket, token: token, interest: interest)
            } else {
                try network.register(socket, token: token, interest: interest)
            }
        } catch {
            throw .system(error)
        }
    }

    /// The opening handshake has succeeded, and in the rich dialect the room was entered.
    mutating func arrived(_ index: Int) {
        let isBack = clients[index].wasInside
        opening -= 1
        inside += 1
        opened += 1
        clients[index].isInside = true
        clients[index].wasInside = true
        if clients[index].goneSince != nil { gone -= 1 }
        clients[index].goneSince = nil
        if isBack {
            reconnects.record(from: clients[index].due, to: now)
        } else {
            handshakes.record(from: clients[index].due, to: now)
        }
    }
}
