internal import ChatClient
internal import Reactor

extension Crowd {
    /// Milliseconds in which at least one handshake must succeed.
    private static let patience: UInt64 = 10_000

    /// Opens all connections, with a bounded number under way at a time. Ends early after a signal.
    mutating func openAll(buffer: inout [UInt8]) throws(Failure) {
        var (before, progressed) = (0, now)
        while opened < size, interruptions == 0 {
            // The first one finds out which of the server's addresses answers.
            let atOnce = opened == 0 ? 1 : Self.openingAtOnce
            while clients.count < size, clients.count - opened < atOnce { try open() }
            try tick(milliseconds: 100, buffer: &buffer)
            if opened > before { (before, progressed) = (opened, now) }
            guard now.milliseconds - progressed.milliseconds < Self.patience else {
                throw Failure(
                    "\(opened) of \(size) connections are open, and for "
                        + "\(Self.patience / 1000) s the server has let no other one in")
            }
        }
    }

    private mutating func open() throws(Failure) {
        let socket = try connect(clients.count)
        guard let token = clients.insert(Client(socket: socket)) else {
            preconditionFailure("the table has a slot for each connection")
        }
        // On loopback a connection is mostly there at once.
        try request(token.index, isRegistered: false)
    }

    /// Starts to connect to the first address that doesn't refuse at once.
    private mutating func connect(_ number: Int) throws(Failure) -> Socket {
        while true {
            let source = Target.source(of: number, to: addresses[0])
            do throws(SystemError) {
                return try Connector.connect(to: addresses[0], from: source)
            } catch {
                try leaveAddress(error)
            }
        }
    }

    /// It is decided whether a connection is there.
    mutating func connected(_ index: Int) throws(Failure) {
        do throws(SystemError) {
            try Connector.result(of: clients[index].socket)
        } catch {
            return try connectElsewhere(index, error)
        }
        try request(index, isRegistered: true)
    }

    private mutating func connectElsewhere(
        _ index: Int, _ error: SystemError
    ) throws(Failure) {
        try leaveAddress(error)
        network.abort(clients[index].socket)
        clients[index].socket = try connect(index)
        try request(index, isRegistered: false)
    }

    /// Goes on to the next address of the server, if no connection has been made yet.
    private mutating func leaveAddress(_ error: SystemError) throws(Failure) {
        guard opened == 0, addresses.count > 1 else {
            throw .cannotConnect(addresses[0], error.errno)
        }
        addresses.removeFirst()
    }

    /// Sends the request of the opening handshake, or waits until TCP is that far.
    private mutating func request(_ index: Int, isRegistered: Bool) throws(Failure) {
        frame.removeAll(keepingCapacity: true)
        clients[index].session.writeRequest(
            host: target.authority, target: target.resource, rules: rules, into: &frame)
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
}
