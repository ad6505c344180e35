public import Reactor

/// One connection to Redis that connects again by itself. No call waits, and one thread uses it.
///
/// A connection begins with a *greeting*: the user, the database, and requests of the owner. It is
/// open when all of them have succeeded. Replies come in the order of the requests.
public final class RedisLink {
    public enum Event: Equatable, Sendable {
        /// The connection is open. These are the replies to the owner's part of the greeting.
        case opened([RedisValue])
        case received(RedisValue)
        /// The connection is gone, or could not be made. It connects again by itself. The reason is
        /// for the operator.
        case closed(reason: String)
    }

    private enum State {
        case waiting(until: Instant)
        case lookingUp(HostLookup, until: Instant)
        case connecting(RedisSocket, until: Instant)
        /// So many replies of the greeting are still missing.
        case greeting(RedisSocket, missing: Int, [RedisValue], until: Instant)
        case open(RedisSocket)
    }

    /// The time for each step until the connection is open, in milliseconds.
    public static let patience: UInt64 = 1_500
    /// Received bytes after which another connection has its turn, in pieces of 64 KiB.
    private static let pieces = 16

    public let url: RedisURL
    private let greeting: [RedisRequest]
    private let entry: [RedisRequest]
    private let wake: @Sendable () -> Void
    private var state = State.waiting(until: Instant(nanoseconds: 0))
    private var backOff = BackOff()
    /// Counts the tries, so that each takes another address of the host.
    private var tries = 0
    /// Bytes that wait for the kernel.
    private var output: [UInt8] = []
    private var sent = 0

    /// Connects at the first ``turn(at:isReady:into:)``. `wake` is called on another thread when
    /// the next turn is due early.
    public init(
        to url: RedisURL, greeting: [RedisRequest] = [], wake: @escaping @Sendable () -> Void
    ) {
        self.url = url
        self.greeting = greeting
        self.wake = wake
        entry = Self.entry(to: url)
    }

    public var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// When the next turn is due, even if nothing is ready.
    public var deadline: Instant? {
        switch state {
        case .waiting(let until), .lookingUp(_, let until), .connecting(_, let until),
            .greeting(_, _, _, let until):
            until
        case .open: nil
        }
    }

    /// The descriptor to wait for, and whether it must be writable.
    public var interest: (descriptor: Int32, writes: Bool)? {
        switch state {
        case .waiting, .lookingUp: nil
        case .connecting(let socket, _): (socket.descriptor, true)
        case .greeting(let socket, _, _, _), .open(let socket):
            (socket.descriptor, sent < output.count)
        }
    }

    /// Adds a request, which the next ``turn(at:isReady:into:)`` sends. The connection must be
    /// open.
    public func send(_ request: RedisRequest) {
        precondition(isOpen, "a request needs a connection")
        request.encode(into: &output)
    }

    /// Does what can be done without waiting. `isReady` tells whether something has arrived.
    public func turn(at now: Instant, isReady: Bool, into events: inout [Event]) {
        do throws(RedisProblem) {
            try step(at: now, isReady: isReady, into: &events)
        } catch {
            fail(at: now)
            events.append(.closed(reason: "\(url): \(error)"))
        }
    }

    /// Closes the connection, and makes another one after a pause, which takes at least so many
    /// milliseconds. Replies that are missing don't come any more.
    public func close(at now: Instant, pause: UInt64 = 0) {
        if case .waiting = state { return }
        fail(at: now, pause: pause)
    }

    private func fail(at now: Instant, pause: UInt64 = 0) {
        output = []
        sent = 0
        state = .waiting(until: now.advanced(byMilliseconds: max(backOff.failed(), pause)))
    }

    private func step(
        at now: Instant, isReady: Bool, into events: inout [Event]
    ) throws(RedisProblem) {
        switch state {
        case .waiting(let until):
            if now >= until { try connect(at: now) }
        case .lookingUp(let lookup, let until):
            if let outcome = lookup.outcome {
                let addresses = try outcome.get()
                try connect(to: .address(addresses[tries % addresses.count]), at: now)
            } else if now >= until {
                throw RedisProblem("its name was not looked up in time")
            }
        case .connecting(let socket, let until):
            if isReady {
                try socket.connected()
                greet(over: socket, at: now)
                try flush(socket)
            } else if now >= until {
                throw RedisProblem("it does not answer")
            }
        case .greeting(let socket, let missing, let replies, let until):
            var replies = replies
            let (received, problem) = receive(from: socket, isReady: isReady)
            for case .error(let reason) in received { throw RedisProblem(reason) }
            if let problem { throw problem }
            replies += received
            if received.count < missing {
                if now >= until { throw RedisProblem("it does not answer") }
                state = .greeting(
                    socket, missing: missing - received.count, replies, until: until)
            } else {
                state = .open(socket)
                backOff.succeeded()
                events.append(.opened(Array(replies.dropFirst(entry.count))))
            }
            try flush(socket)
        case .open(let socket):
            let (received, problem) = receive(from: socket, isReady: isReady)
            events += received.map { .received($0) }
            if let problem { throw problem }
            try flush(socket)
        }
    }

    private func connect(at now: Instant) throws(RedisProblem) {
        tries += 1
        switch url.place {
        case .local(let path): try connect(to: .local(path), at: now)
        case .host(let host, let port):
            state = .lookingUp(
                HostLookup(host: host, port: port, wake: wake),
                until: now.advanced(byMilliseconds: Self.patience))
            var events: [Event] = []
            try step(at: now, isReady: false, into: &events)
        }
    }

    private func connect(to place: RedisPlace, at now: Instant) throws(RedisProblem) {
        // A socket that can't be made is a failure of this try.
        state = .waiting(until: now)
        let until = now.advanced(byMilliseconds: Self.patience)
        state = .connecting(try RedisSocket(to: place), until: until)
    }

    private func greet(over socket: RedisSocket, at now: Instant) {
        for request in entry + greeting { request.encode(into: &output) }
        let count = entry.count + greeting.count
        state = .greeting(
            socket, missing: count, [], until: now.advanced(byMilliseconds: Self.patience))
    }

    private static func entry(to url: RedisURL) -> [RedisRequest] {
        var requests: [RedisRequest] = []
        if let password = url.password {
            requests.append(
                url.user.map { RedisRequest("AUTH", $0, password) }
                    ?? RedisRequest("AUTH", password))
        }
        if url.database != 0 { requests.append(RedisRequest("SELECT", "\(url.database)")) }
        return requests
    }

    /// The replies that have arrived, and the problem after them.
    private func receive(
        from socket: RedisSocket, isReady: Bool
    ) -> (values: [RedisValue], problem: RedisProblem?) {
        var values: [RedisValue] = []
        guard isReady else { return (values, nil) }
        do throws(RedisProblem) {
            for _ in 0..<Self.pieces {
                guard try socket.receive(into: &values) else { break }
            }
        } catch {
            return (values, error)
        }
        return (values, nil)
    }

    private func flush(_ socket: RedisSocket) throws(RedisProblem) {
        while sent < output.count {
            let count = try socket.send(output[sent...])
            if count == 0 { return }
            sent += count
        }
        output.removeAll(keepingCapacity: output.count <= 1 << 16)
        sent = 0
    }
}
