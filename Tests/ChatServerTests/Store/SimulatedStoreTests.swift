import Chat
import Reactor
import TestSupport
import Testing

@testable import Simulation

/// The simulated store keeps the contract of an orderer with every seed.
@Suite struct SimulatedStoreTests {
    private static let rooms = ["a", "b", "c"].compactMap { RoomName($0) }

    /// A store, one follower, and their common time.
    private struct Scene {
        let store: SimulatedStore
        var follower: StreamFollower
        var time = WorldTime(now: Instant(nanoseconds: 0), wallClock: 0, turn: 0)

        init(_ faults: StoreFaults = .none, seed: UInt64 = 0) {
            store = SimulatedStore(on: Disk(), faults: faults, seed: seed, at: time)
            follower = StreamFollower(store)
        }

        /// Lets a few milliseconds and one turn pass.
        mutating func pass(_ milliseconds: UInt64 = 0) {
            time.turn += 1
            time.now.nanoseconds += milliseconds * 1_000_000
            store.advance(to: time)
            guard store.wakes else { return }
            store.woke()
            follower.take()
        }

        /// Runs until nothing is left to do.
        mutating func settle() {
            for _ in 0..<2_000 where store.next != nil || !follower.isAtRest { pass(20) }
        }

        func draft(_ text: String, in room: RoomName) -> Draft {
            Draft(
                room: room, time: Timestamp(milliseconds: time.wallClock), username: "ann",
                message: text, key: nil)
        }

        mutating func say(_ texts: String..., in room: RoomName) {
            for text in texts { follower.say(draft(text, in: room)) }
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no line is lost or repeated, whatever goes wrong`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var scene = Scene(StoreFaults(drawnFrom: &random), seed: seed)
        var said: [String] = []
        for turn in 0..<300 {
            let room = random.pick(Self.rooms)
            switch random.number(in: 1...20) {
            case 1...8:
                said.append("\(turn)")
                scene.say("\(turn)", in: room)
            case 9...10: scene.follower.follow(room)
            case 11: scene.follower.unfollow(room)
            default: break
            }
            scene.pass(UInt64(random.pick([0, 0, 1, 100])))
        }
        scene.store.faults = .none
        scene.store.recover()
        scene.settle()
        #expect(scene.follower.isAtRest)
        #expect(scene.follower.violations == [])
        #expect(scene.store.breaches == [])

        let disk = scene.store.disk
        for text in said {
            let fate = try #require(scene.follower.fates[text])
            let places = Self.rooms.flatMap { room in
                disk.lines(of: room).filter { $0.message == text }.map(\.seq)
            }
            switch fate {
            case .ordered(let seq, _): #expect(places == [seq] || places == [])
            case .failed: #expect(places == [])
            case .already, .otherText, .unknown, .uncertain: Issue.record("\(fate) of \(text)")
            }
        }
        let kept = scene.store.metrics.linesStored - scene.store.metrics.linesPruned
        #expect(Self.rooms.reduce(0) { $0 + disk.lines(of: $1).count } == kept)
        for (room, stream) in scene.follower.streams {
            #expect(stream.last == disk.lastSeq(of: room))
            for line in disk.lines(of: room) where try #require(stream.first) <= line.seq {
                #expect(stream.lines[line.seq] == line)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a line with an unknown outcome is stored once`(isStored: Bool) {
        var scene = Scene()
        scene.follower.follow(.lobby)
        scene.store.loseAnswer(storing: isStored)
        scene.say("1", "2", in: .lobby)
        scene.settle()
        #expect(scene.follower.fates["1"] == .ordered(seq: 1, time: Timestamp(milliseconds: 0)))
        #expect(scene.follower.fates["2"] == .ordered(seq: 2, time: Timestamp(milliseconds: 0)))
        #expect(scene.follower.streams[.lobby]?.texts == ["1", "2"])
        #expect(scene.store.disk.lines(of: .lobby).map(\.message) == ["1", "2"])
        #expect(scene.store.breaches == [])
    }

    @Test func `a stored line is never reported as failed`() {
        var scene = Scene()
        scene.store.loseAnswer(storing: true)
        scene.say("1", in: .lobby)
        scene.pass()
        scene.say("2", in: .lobby)
        scene.store.fail()
        scene.settle()
        #expect(scene.follower.fates["1"] == .ordered(seq: 1, time: Timestamp(milliseconds: 0)))
        #expect(scene.follower.fates["2"] == .failed)
        #expect(scene.store.metrics.isFailing)
    }

    @Test func `a room reports a lag once and is read after it is followed again`() {
        var scene = Scene()
        scene.follower.follow(.lobby)
        scene.say("1", in: .lobby)
        scene.settle()
        scene.store.hang()
        scene.store.lag(.lobby)
        scene.store.lag(.lobby)
        scene.say("2", in: .lobby)
        scene.store.hang(false)
        scene.settle()
        #expect(scene.follower.streams[.lobby]?.lags == 1)
        #expect(scene.follower.streams[.lobby]?.texts == ["1", "2"])
    }

    @Test(arguments: [true, false])
    func `a store that can't be opened is read if it can be`(canBeRead: Bool) {
        var faults = StoreFaults()
        (faults.opening, faults.failsToOpen, faults.readsUnopened) = (1_000, true, canBeRead)
        let scene = Scene(faults)
        scene.store.submit(.follow(.lobby))
        scene.store.advance(to: scene.time)
        var replies: [OrdererReply] = []
        scene.store.takeReplies(into: &replies)
        let snapshot = RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 0, oldest: 1)
        #expect(
            replies == [
                .failing(reason: "as the seed decides"),
                canBeRead ? .following(.lobby, snapshot) : .followFailed(.lobby),
            ])
    }

    /// Requests of a server, and the breach in them.
    struct Wrong: CustomTestStringConvertible {
        let requests: [OrdererRequest]
        let breach: String
        var testDescription: String { breach }
    }

    private static func append(_ ids: UInt64...) -> OrdererRequest {
        .append(
            ids.map { id in
                Submission(
                    id: id,
                    draft: Draft(
                        room: .lobby, time: Timestamp(milliseconds: 0), username: "ann",
                        message: "\(id)", key: nil))
            })
    }

    @Test(arguments: [
        Wrong(requests: [.append([])], breach: "an empty group was submitted"),
        Wrong(
            requests: [.read(.lobby, from: 2, through: 1)], breach: "a read of 2 to 1"),
        Wrong(
            requests: [append(0), append(0)],
            breach: "submission 0 came again, though it was answered"),
    ])
    func `a server that breaks the contract is reported`(wrong: Wrong) {
        var scene = Scene()
        for request in wrong.requests {
            scene.store.submit(request)
            scene.pass()
        }
        #expect(scene.store.breaches == [wrong.breach])
    }

    @Test func `a second pending group, or one without unknown lines, is reported`() {
        var scene = Scene()
        scene.store.submit(Self.append(0))
        scene.store.submit(Self.append(1))
        #expect(scene.store.breaches == ["two groups are under way"])
        scene = Scene()
        scene.store.loseAnswer(storing: true)
        scene.store.submit(Self.append(0, 1))
        scene.pass()
        scene.store.submit(Self.append(0, 2, 1))
        #expect(scene.store.breaches == ["[0, 2] were submitted instead of the unknown [0, 1]"])
    }
}
