import Reactor
import TestSupport
import Testing

@testable import Simulation
@testable import TLS

/// A client, the layer over a ``ScriptedNetwork``, and a server of one connection that keeps what
/// it receives.
final class SecuredScene {
    typealias Layer = SecureNetwork<ScriptedNetwork, VeiledSession>

    static let token = Token(index: 3, generation: 7)
    /// What the client says, and what the server says.
    static let question = (0..<90).map { UInt8(truncatingIfNeeded: $0 * 7) }
    static let answer = (0..<70).map { UInt8(truncatingIfNeeded: $0 * 5) }

    let wire = ScriptedWire()
    var network: Layer
    var client = Veil()
    var random = SplitMix64(seed: 3)
    let socket: Socket
    /// Bytes that the client may still send.
    var budget = Int.max
    /// Whether the client doesn't encrypt.
    var isPlain = false
    /// Bytes of a read of the server.
    var room = 4_096

    private(set) var received: [UInt8] = []
    private(set) var atClient: [UInt8] = []
    /// How the connection ended for the server.
    private(set) var ending: ReceiveOutcome?
    /// Bytes that the server is yet to send, and whether it waits for the socket.
    var outgoing: [UInt8] = []
    private(set) var isBlocked = false
    /// Bytes that the layer has reported as sent.
    private(set) var reported = 0
    var reads = true {
        didSet { watch() }
    }

    init(recordTimeout: UInt64 = 1_000) throws {
        network = Layer(
            over: ScriptedNetwork(wire: wire), pool: HandshakePool { VeiledSession() },
            recordTimeout: recordTimeout)
        let listener = Socket(rawValue: 4).secured
        guard case .connection(let socket, _) = try network.accept(from: listener) else {
            throw SystemError(errno: 1, call: "accept")
        }
        self.socket = socket
        try network.register(socket, token: Self.token, interest: .readable)
    }

    /// Makes a scene whose hands are shaken.
    static func established(recordTimeout: UInt64 = 1_000) throws -> SecuredScene {
        let scene = try SecuredScene(recordTimeout: recordTimeout)
        scene.ask([1])
        try scene.run { scene.received == [1] }
        scene.received = []
        return scene
    }

    var report: SecurityReport { network.securityReport() ?? SecurityReport() }
    var failures: UInt64 { report.count(of: .failed) }
    private var interest: Interest {
        var interest: Interest = reads ? .readable : []
        if isBlocked { interest.insert(.writable) }
        return interest
    }

    /// The client asks, and the server answers.
    func talk(location: SourceLocation = #_sourceLocation) throws {
        ask(Self.question)
        try run(until: { received == Self.question }, location: location)
        outgoing = Self.answer
        try run(until: { atClient == Self.answer && outgoing.isEmpty }, location: location)
        #expect(client.violation == nil, sourceLocation: location)
        #expect(wire.violations == [], sourceLocation: location)
        #expect(reported == Self.answer.count, sourceLocation: location)
        #expect(network.heldBytes == 0 && network.handshaking == 0, sourceLocation: location)
        #expect(report.count(of: .full) == 1, sourceLocation: location)
    }

    /// Another client gets the same descriptor.
    func reconnect() throws {
        wire.reuse()
        client = Veil()
        (received, atClient, outgoing) = ([], [], [])
        (ending, isBlocked, budget, reported) = (nil, false, .max, 0)
        try network.register(socket, token: Self.token, interest: .readable)
        reads = true
    }

    func ask(_ bytes: [UInt8]) { client.write(bytes, &random) }

    /// Turns the loop until this is so.
    func run(
        until isDone: () -> Bool, location: SourceLocation = #_sourceLocation
    ) throws {
        for _ in 0..<20_000 {
            if isDone() { return }
            try turn()
        }
        Issue.record("it takes too long", sourceLocation: location)
    }

    /// Turns the loop until nothing more happens by itself.
    func settle() throws {
        for _ in 0..<8 { try turn() }
    }

    /// One turn of the server's loop, a millisecond later.
    func turn(waiting milliseconds: Int32? = 0) throws {
        let part = client.take(budget)
        budget -= part.count
        wire.toServer += part
        wire.now = Instant(nanoseconds: wire.now.nanoseconds + 1_000_000)
        var ready: [ReadyEvent] = []
        try network.wait(milliseconds: milliseconds, into: &ready)
        for event in ready { take(event) }
        if !isBlocked { send() }
        let sent = wire.takeSent()
        atClient += isPlain ? sent : client.read(sent)
    }

    private func take(_ event: ReadyEvent) {
        #expect(event.token == Self.token)
        // An end is told until the server has closed.
        guard ending == nil else { return }
        if event.readiness.contains(.writable) {
            #expect(isBlocked)
            isBlocked = false
            watch()
        }
        if !event.readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) { receive() }
    }

    private func receive() {
        var space = [UInt8](repeating: 0, count: room)
        var span = space.mutableSpan
        switch network.receive(from: socket, into: &span) {
        case .bytes(let count): received += space[..<count]
        case .wouldBlock, .exhausted: break
        case .end: ending = .end
        case .broken(let error): ending = .broken(error)
        }
        if ending != nil { reads = false }
    }

    private func send() {
        guard !outgoing.isEmpty, ending == nil else { return }
        switch network.send(outgoing.span, to: socket) {
        case .sent(let count):
            outgoing.removeFirst(count)
            reported += count
            isBlocked = !outgoing.isEmpty
        case .wouldBlock: isBlocked = true
        case .exhausted: break
        case .broken(let error): ending = .broken(error)
        }
        watch()
    }

    private func watch() {
        do throws(SystemError) {
            try network.change(socket, token: Self.token, interest: interest)
        } catch {
            ending = .broken(error)
        }
    }

    func close() { network.close(socket) }
    func abort() { network.abort(socket) }
    func shutDown() { network.shutdownWriting(socket) }
    /// Whether the layer keeps nothing of the connection.
    var isForgotten: Bool {
        network.heldBytes == 0 && network.count == 0 && network.handshaking == 0
            && network.connection(socket) == nil
    }
}
