internal import ChatClient
internal import Foundation
internal import Reactor

/// The processes of a run with several. Each is this program again, and gets its orders over a
/// connection.
struct Workers: ~Copyable {
    /// The environment variable with the secret that identifies a worker.
    static let secretVariable = "HUBBUB_LOAD_SECRET"
    /// Milliseconds for all workers to start.
    private static let patience: UInt64 = 10_000
    private static let sendBuffer = 1 << 20

    private let conductor: Conductor
    private let secret = String(UInt64.random(in: 0 ... .max), radix: 16)
    private let run = UInt32.random(in: 0 ... .max)
    private var network: LinuxNetwork
    private let listener: Socket
    private let address: SocketAddress
    private var processes: [Process] = []
    private var outbox = Outbox()
    /// For each connection: its socket, the bytes received, and the worker's index once it is
    /// known.
    private var sockets: [Socket] = []
    private var received: [[UInt8]] = []
    private var workers: [Int?] = []
    private var interruptions = 0

    init(of conductor: Conductor) throws(Failure) {
        let network = try Self.makeNetwork()
        let listening = try Self.listen(on: network)
        (listener, address) = listening
        self.conductor = conductor
        self.network = network
    }

    private static func makeNetwork() throws(Failure) -> LinuxNetwork {
        do throws(SystemError) {
            return try LinuxNetwork()
        } catch {
            throw .system(error)
        }
    }

    private static func listen(
        on network: borrowing LinuxNetwork
    ) throws(Failure) -> (Socket, SocketAddress) {
        do throws(SystemError) {
            let listening = try Listener.listen(
                host: "127.0.0.1", port: 0, sendBuffer: sendBuffer)
            try network.register(
                listening[0].socket, token: .listener(0), interest: .readable)
            return listening[0]
        } catch {
            throw .system(error)
        }
    }

    /// Runs to the end, or until a signal.
    mutating func perform() throws(Failure) {
        for _ in 0..<conductor.workers { try start() }
        do throws(Failure) {
            try loop()
        } catch {
            for process in processes { process.terminate() }
            throw error
        }
        for process in processes { process.waitUntilExit() }
    }

    private mutating func start() throws(Failure) {
        let process = Process()
        let program = "/proc/self/exe"
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: program)
        process.executableURL = URL(fileURLWithPath: path ?? program)
        process.arguments = ["worker", "\(address.port)"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            [Self.secretVariable: secret]
        ) { $1 }
        do {
            try process.run()
        } catch {
            throw Failure("--processes \(conductor.workers): can't start one more: \(error)")
        }
        processes.append(process)
    }

    private mutating func loop() throws(Failure) {
        let deadline = network.now().advanced(byMilliseconds: Self.patience)
        var ready: [ReadyEvent] = []
        while !conductor.isDone {
            do throws(SystemError) {
                try network.wait(milliseconds: 200, into: &ready)
            } catch {
                throw .system(error)
            }
            for event in ready {
                if event.token == .signals {
                    try interrupt()
                } else if event.token.listener == 0 {
                    try accept()
                } else if let connection = event.token.listener {
                    try receive(connection - 1)
                }
            }
            let known = workers.count { $0 != nil }
            guard known == conductor.workers || network.now() < deadline else {
                throw Failure("only \(known) of \(conductor.workers) processes have started")
            }
        }
    }

    /// The first signal ends the run early, a second one at once.
    private mutating func interrupt() throws(Failure) {
        while network.takeSignal() != nil { interruptions += 1 }
        guard interruptions == 1 else { throw Failure("a second signal ended the run") }
        try tell([.stop])
    }

    private mutating func accept() throws(Failure) {
        do throws(SystemError) {
            while case .connection(let socket, _) = try network.accept(from: listener) {
                sockets.append(socket)
                received.append([])
                workers.append(nil)
                try network.register(
                    socket, token: .listener(sockets.count), interest: .readable)
            }
        } catch {
            throw .system(error)
        }
    }

    private mutating func receive(_ connection: Int) throws(Failure) {
        do throws(Failure) {
            try Link.receive(
                from: sockets[connection], over: &network, into: &received[connection])
        } catch {
            network.close(sockets[connection])
            // A worker that has sent everything may end.
            try takeLines(connection)
            guard let worker = workers[connection], conductor.outcomes[worker] == nil else {
                return
            }
            throw Failure("process \(worker) has ended before its time: was it killed?")
        }
        try takeLines(connection)
    }

    private mutating func takeLines(_ connection: Int) throws(Failure) {
        while let line = JSONLine.take(from: &received[connection]) {
            guard let worker = workers[connection] else {
                try welcome(connection, line)
                continue
            }
            let word = try JSONLine.decode(Word.self, line)
            try tell(try conductor.received(word, from: worker, at: network.now()))
        }
    }

    /// The first line identifies the connection as one of our workers.
    private mutating func welcome(_ connection: Int, _ line: [UInt8]) throws(Failure) {
        let worker = workers.count { $0 != nil }
        guard line == Array(secret.utf8), worker < conductor.workers else { return }
        workers[connection] = worker
        let share = Share(
            settings: conductor.settings, index: worker, count: conductor.workers, run: run)
        try send(.begin(share, origin: conductor.origin.nanoseconds), to: connection)
    }

    private mutating func tell(_ orders: [Order]) throws(Failure) {
        for order in orders {
            for connection in sockets.indices where workers[connection] != nil {
                try send(order, to: connection)
            }
        }
    }

    private mutating func send(_ order: Order, to connection: Int) throws(Failure) {
        let line = try JSONLine.encode(order) + [UInt8(ascii: "\n")]
        try Link.send(line, to: sockets[connection], over: &network, using: &outbox)
    }
}
