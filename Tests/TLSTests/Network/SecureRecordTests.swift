import Reactor
import Testing

@testable import TLS

/// Records whose rest doesn't arrive, or late.
@Suite struct SecureRecordTests {
    /// The question as one record.
    static let size = SecuredScene.question.count + 9

    /// A scene with a record that was begun.
    private static func begun(_ bytes: Int) throws -> SecuredScene {
        let scene = try SecuredScene.established()
        scene.budget = bytes
        scene.ask(SecuredScene.question)
        try scene.settle()
        #expect(scene.received.isEmpty && scene.ending == nil)
        return scene
    }

    private static func finish(_ scene: SecuredScene) throws {
        scene.budget = .max
        try scene.run { scene.received == SecuredScene.question }
        try scene.turn(waiting: 5_000)
        #expect(scene.ending == nil && scene.report.halfRecords == 0)
        #expect(scene.wire.violations == [])
    }

    /// The wait ends when the time is over, though nothing arrives.
    @Test func endsOneThatStopsAtAnyByte() throws {
        for bytes in 1..<Self.size {
            let scene = try Self.begun(bytes)
            let began = scene.wire.now
            while scene.ending == nil {
                try scene.turn(waiting: nil)
                try #require(scene.wire.patience != nil, "it waits forever")
            }
            #expect(scene.ending == .broken(SecureLimits.halfRecord))
            #expect(scene.report.halfRecords == 1)
            let passed = scene.wire.now.nanoseconds - began.nanoseconds
            #expect(passed < 1_100_000_000 && passed > 900_000_000)
            scene.close()
            #expect(scene.isForgotten && scene.wire.violations == [])
        }
    }

    @Test func takesARestInTime() throws {
        for bytes in 1..<Self.size {
            let scene = try Self.begun(bytes)
            try scene.turn(waiting: 900)
            try Self.finish(scene)
        }
    }

    @Test func givesTimeWhileTheServerDoesNotRead() throws {
        let scene = try Self.begun(7)
        scene.reads = false
        for _ in 0..<5 { try scene.turn(waiting: 1_500) }
        scene.reads = true
        try scene.turn(waiting: 900)
        #expect(scene.ending == nil)
        try Self.finish(scene)
    }

    @Test func givesTimeAfterAStandstill() throws {
        let scene = try Self.begun(7)
        scene.wire.standstill = 5_000_000_000
        try scene.turn(waiting: 0)
        try scene.turn(waiting: 900)
        #expect(scene.ending == nil)
        try Self.finish(scene)
    }

    /// A client that sends a byte now and then gets no more time.
    @Test func countsFromTheBeginningOfARecord() throws {
        let scene = try Self.begun(1)
        for _ in 0..<20 where scene.ending == nil {
            scene.budget = 1
            try scene.turn(waiting: 0)
            try scene.turn(waiting: 100)
        }
        #expect(scene.ending == .broken(SecureLimits.halfRecord))
    }
}
