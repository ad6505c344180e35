import Reactor
import Testing

@testable import Simulation
@testable import TLS

/// The layer over a network that splits, delays and refuses at any byte.
@Suite struct SecureNetworkTests {
    /// Bytes that the client and the server send if nothing is in the way.
    static func lengths() throws -> (up: Int, down: Int) {
        let scene = try SecuredScene()
        try scene.talk()
        return (scene.wire.bytesRead, scene.wire.bytesSent)
    }

    @Test(arguments: [1, 2, 3, 5, 64], [1, 3, 4_096])
    func takesAndSendsPieces(piece: Int, room: Int) throws {
        let scene = try SecuredScene()
        (scene.wire.piece, scene.room) = (piece, room)
        try scene.talk()
        #expect(scene.network.security(of: scene.socket) == .secured)
    }

    /// The client stops at each byte for some time. Nothing is told before hands are shaken.
    @Test func waitsAtEachByte() throws {
        for cut in 0..<(try Self.lengths().up) {
            let scene = try SecuredScene()
            scene.budget = cut
            scene.ask(SecuredScene.question)
            try scene.settle()
            #expect(scene.ending == nil && scene.received.isEmpty)
            #expect(scene.network.security(of: scene.socket) == .secured)
            scene.budget = .max
            try scene.run { scene.received == SecuredScene.question }
            #expect(scene.wire.violations == [] && scene.network.handshaking == 0)
        }
    }

    @Test(arguments: ScriptedWire.Refusal.allCases)
    func isRefusedAByteThatArrives(_ refusal: ScriptedWire.Refusal) throws {
        for byte in 0..<(try Self.lengths().up) {
            let scene = try SecuredScene()
            scene.wire.readRefusal = (byte, refusal)
            try scene.talk()
            #expect(scene.wire.readRefusal == nil)
        }
    }

    @Test(arguments: ScriptedWire.Refusal.allCases)
    func isRefusedAByteThatLeaves(_ refusal: ScriptedWire.Refusal) throws {
        for byte in 0..<(try Self.lengths().down) {
            let scene = try SecuredScene()
            scene.wire.sendRefusal = (byte, refusal)
            try scene.talk()
            #expect(scene.wire.sendRefusal == nil)
        }
    }

    @Test func owesAByteUntilTheNetworkHasAll() throws {
        let scene = try SecuredScene.established()
        scene.wire.isFull = true
        scene.outgoing = SecuredScene.answer
        try scene.settle()
        #expect(scene.reported == SecuredScene.answer.count - 1)
        #expect(scene.network.heldBytes >= SecuredScene.answer.count)
        // More isn't encrypted before that.
        let held = scene.network.heldBytes
        scene.outgoing += SecuredScene.answer
        try scene.settle()
        #expect(scene.network.heldBytes == held)
        scene.wire.isFull = false
        try scene.run { scene.outgoing.isEmpty }
        #expect(scene.atClient == SecuredScene.answer + SecuredScene.answer)
        #expect(scene.network.heldBytes == 0 && scene.wire.violations == [])
    }

    @Test func isToldWhenThePollerFails() throws {
        for turns in 0..<5 {
            let scene = try SecuredScene()
            scene.ask(SecuredScene.question)
            for _ in 0..<turns { try scene.turn() }
            guard scene.network.handshaking > 0 else { continue }
            scene.wire.failsToWatch = true
            try scene.run { scene.ending != nil }
            #expect(scene.ending == .broken(SystemError(errno: 12, call: "epoll_ctl")))
            scene.close()
            #expect(scene.isForgotten)
        }
    }

    // MARK: No TLS

    @Test(arguments: [1, 3, 4_096], [1, 7, .max])
    func handsOnHTTPWithoutEncryption(room: Int, piece: Int) throws {
        let scene = try SecuredScene()
        (scene.isPlain, scene.room, scene.wire.piece) = (true, room, piece)
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        scene.wire.toServer = request
        try scene.run { scene.received == request }
        #expect(scene.network.security(of: scene.socket) == .misdirected)
        scene.outgoing = SecuredScene.answer
        try scene.run { scene.atClient == SecuredScene.answer }
        #expect(scene.report.count(of: .plainHTTP) == 1 && scene.network.handshaking == 0)
        #expect(scene.wire.violations == [])
    }

    @Test(arguments: [0, 21, 23, 0x61, 0xff] as [UInt8])
    func endsWhatIsNeither(first: UInt8) throws {
        let scene = try SecuredScene()
        scene.wire.toServer = [first, 3, 1]
        try scene.run { scene.ending != nil }
        #expect(scene.ending == .broken(SecureLimits.handshakeFailed))
        #expect(scene.report.count(of: .garbage) == 1 && scene.failures == 0)
    }
}
