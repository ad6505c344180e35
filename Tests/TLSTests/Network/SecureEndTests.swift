import Reactor
import Testing

@testable import Simulation
@testable import TLS

/// The end of a connection at each byte that its client sends.
@Suite struct SecureEndTests {
    enum Ending: CaseIterable {
        case end, reset
    }

    /// A scene whose client has sent so many bytes.
    private static func scene(after bytes: Int, turns: Int = 8) throws -> SecuredScene {
        let scene = try SecuredScene()
        scene.budget = bytes
        scene.ask(SecuredScene.question)
        for _ in 0..<turns { try scene.turn() }
        return scene
    }

    @Test(arguments: Ending.allCases)
    func tellsThatTheClientIsGone(_ ending: Ending) throws {
        for bytes in 0...(try SecureNetworkTests.lengths().up) {
            let scene = try Self.scene(after: bytes)
            let wasHandshaking = scene.network.handshaking > 0
            switch ending {
            case .end: scene.wire.hasEnded = true
            case .reset: scene.wire.isReset = true
            }
            try scene.run { scene.ending != nil }
            switch (ending, scene.ending) {
            case (.end, .end): #expect(bytes == 0 || !wasHandshaking)
            case (.end, .broken(let error)):
                #expect(bytes > 0 && wasHandshaking && error == SecureLimits.handshakeFailed)
            case (.reset, .broken): break
            default: Issue.record("it ends in another way: \(String(describing: scene.ending))")
            }
            #expect(scene.failures == (wasHandshaking && bytes > 0 ? 1 : 0))
            try scene.settle()
            scene.close()
            #expect(scene.isForgotten && scene.wire.violations == [])
        }
    }

    /// The descriptor is given to another client, whose handshake goes its own way.
    @Test(arguments: 0..<6, [false, true])
    func isClosedByTheServer(turns: Int, isAborted: Bool) throws {
        for bytes in 0...(try SecureNetworkTests.lengths().up) {
            let scene = try Self.scene(after: bytes, turns: turns)
            let (wasDone, isBegun) = (
                scene.network.handshaking == 0, scene.wire.bytesRead > 0
            )
            if isAborted { scene.abort() } else { scene.close() }
            #expect(scene.isForgotten)
            #expect(scene.wire.isClosed && scene.wire.isAborted == isAborted)
            #expect(scene.failures == (isBegun && !wasDone ? 1 : 0))
            guard !wasDone else { continue }
            try scene.reconnect()
            try scene.talk()
        }
    }

    @Test func saysThatItEndsBeforeTheSocketIsShutDown() throws {
        let scene = try SecuredScene.established()
        scene.shutDown()
        #expect(scene.wire.isShutDown)
        // The server has sent two messages of the handshake before.
        var sent = scene.wire.takeSent()
        #expect(VeilRecord.take(&sent, number: 2)?.kind == .alert)
        #expect(sent.isEmpty)
        scene.close()
        #expect(scene.isForgotten && scene.wire.violations == [])
    }

    /// What a socket without room has kept is sent first, then the alert; then it is shut down.
    @Test(arguments: ScriptedWire.Refusal.allCases)
    func finishesWhenThereIsRoom(_ refusal: ScriptedWire.Refusal) throws {
        for byte in 0..<90 {
            let scene = try SecuredScene.established()
            scene.wire.sendRefusal = (scene.wire.bytesSent + byte, refusal)
            scene.outgoing = SecuredScene.answer
            try scene.turn()
            scene.shutDown()
            try scene.run { scene.wire.isShutDown }
            #expect(scene.atClient == SecuredScene.answer)
            #expect(scene.wire.violations == [] && scene.client.violation == nil)
            #expect(scene.network.heldBytes == 0)
        }
    }

    /// A record that breaks the protocol would be answered by an alert.
    @Test(arguments: [false, true])
    func saysNothingAfterItsEnd(isFull: Bool) throws {
        let scene = try SecuredScene.established()
        let before = scene.wire.bytesSent
        scene.wire.isFull = isFull
        scene.shutDown()
        scene.wire.toServer += [23, 3, 3, 0, 5, 1, 2, 3, 4, 5]
        try scene.settle()
        #expect(scene.ending == .broken(SecureLimits.broken))
        scene.wire.isFull = false
        try scene.settle()
        #expect(scene.wire.isShutDown && scene.wire.violations == [])
        // The alert that says the end, and nothing else.
        #expect(scene.wire.bytesSent == before + 10)
    }

    @Test func isShutDownInTheHandshake() throws {
        let scene = try Self.scene(after: 3)
        scene.shutDown()
        #expect(scene.wire.isShutDown && scene.wire.takeSent().isEmpty)
    }
}
