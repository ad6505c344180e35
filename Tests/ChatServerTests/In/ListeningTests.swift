import Logging
import Reactor
import Testing

@testable import ChatServer
@testable import Simulation

@Suite struct ListeningTests {
    private static let sockets = [Socket(rawValue: 5), Socket(rawValue: 6)]
    private static let error = SystemError(errno: 24, call: "accept4")
    private static let now = CoarseTime(steps: 100)
    private static let pauseEnd = now.advanced(byMilliseconds: Limits.exhaustionPause)

    /// Two listeners, the network that watches them, and a recorder of the log.
    private struct Scene {
        var network = ScriptedNetwork()
        var listening: Listening
        let recorder = LogRecorder(logLevel: .info)
        let log: Logger

        init() throws {
            listening = try Listening(ListeningTests.sockets, over: &network)
            log = Logger(label: "test") { [recorder] _ in recorder }
        }

        mutating func pause(
            _ error: SystemError? = ListeningTests.error, at now: CoarseTime = ListeningTests.now
        ) throws {
            try listening.pause(error, connections: 3, over: &network, at: now, log)
        }

        /// The interest of each socket.
        var interests: [Interest?] { ListeningTests.sockets.map { network.interests[$0] } }
    }

    @Test func `each socket is watched under its number`() throws {
        let scene = try Scene()
        #expect(
            scene.network.calls == [
                .register(Self.sockets[0], .listener(0), .readable),
                .register(Self.sockets[1], .listener(1), .readable),
            ])
        #expect(scene.listening.next == .never)
        #expect((0...1).map { scene.listening[$0] } == Self.sockets)
    }

    @Test func `without sockets for operators, all connections serve them`() throws {
        let scene = try Scene()
        #expect(scene.listening.servesOperators(Token(index: 3, generation: 1)))
        #expect(!scene.listening.isForOperators(1))
    }

    @Test func `sockets for operators come last, and only their connections serve them`() throws {
        var network = ScriptedNetwork()
        var listening = try Listening(
            [Self.sockets[0]], forOperators: [Self.sockets[1]], over: &network)
        #expect((0...1).map { listening[$0] } == Self.sockets)
        #expect((0...1).map { listening.isForOperators($0) } == [false, true])
        let (first, second) = (Token(index: 3, generation: 1), Token(index: 3, generation: 2))
        #expect(!listening.servesOperators(first))
        listening.admitted(first)
        #expect(listening.servesOperators(first))
        #expect(!listening.servesOperators(second))
        listening.closed(first)
        #expect(!listening.servesOperators(first))
    }

    @Test func `a socket that can't be watched is an error`() {
        var network = ScriptedNetwork()
        network.registerError = ScriptedNetwork.refusal
        #expect(throws: ScriptedNetwork.refusal) {
            _ = try Listening(Self.sockets, over: &network)
        }
    }

    @Test func `a pause lasts until its end`() throws {
        var scene = try Scene()
        try scene.pause()
        #expect(scene.interests == [[], []])
        #expect(scene.listening.next == Self.pauseEnd)
        #expect(scene.listening.pauses == 1)
        let early = CoarseTime(steps: Self.pauseEnd.steps - 1)
        try scene.listening.resumeIfDue(over: &scene.network, at: early)
        #expect(scene.interests == [[], []])
        try scene.listening.resumeIfDue(over: &scene.network, at: Self.pauseEnd)
        #expect(scene.interests == [.readable, .readable])
        #expect(scene.listening.next == .never)
        scene.network.forgetCalls()
        try scene.listening.resumeIfDue(over: &scene.network, at: CoarseTime(steps: 999))
        #expect(scene.network.calls == [])
    }

    @Test func `a free descriptor ends a pause, and means nothing otherwise`() throws {
        var scene = try Scene()
        scene.listening.descriptorFreed(at: Self.now)
        #expect(scene.listening.next == .never)
        try scene.pause()
        scene.listening.descriptorFreed(at: Self.now)
        #expect(scene.listening.next == Self.now)
        try scene.listening.resumeIfDue(over: &scene.network, at: Self.now)
        #expect(scene.interests == [.readable, .readable])
    }

    @Test func `exhaustion is logged once until no connection waits`() throws {
        var scene = try Scene()
        for _ in 0..<3 {
            try scene.pause()
            try scene.listening.resumeIfDue(over: &scene.network, at: Self.pauseEnd)
        }
        #expect(scene.recorder.messages.count == 1)
        #expect(scene.recorder.messages.first?.contains("descriptors or memory") == true)
        scene.listening.ranDry()
        try scene.pause(nil)
        #expect(scene.recorder.messages.count == 2)
        #expect(scene.recorder.messages.last?.contains("lets no connection in") == true)
        #expect(scene.listening.pauses == 4)
    }

    @Test func `a connection that can't be watched is logged once until one can be`() throws {
        var scene = try Scene()
        for _ in 0..<3 { scene.listening.failedToWatch(ScriptedNetwork.refusal, scene.log) }
        #expect(scene.recorder.messages.count == 1)
        scene.listening.watched()
        scene.listening.failedToWatch(ScriptedNetwork.refusal, scene.log)
        #expect(scene.recorder.messages == Array(repeating: scene.recorder.messages[0], count: 2))
    }

    @Test func `a listener that can't be unwatched is an error`() throws {
        var scene = try Scene()
        scene.network.changeError = ScriptedNetwork.refusal
        #expect(throws: ScriptedNetwork.refusal) { try scene.pause() }
        scene.network.changeError = nil
        try scene.pause()
        scene.network.changeError = ScriptedNetwork.refusal
        #expect(throws: ScriptedNetwork.refusal) {
            try scene.listening.resumeIfDue(over: &scene.network, at: Self.pauseEnd)
        }
    }
}
