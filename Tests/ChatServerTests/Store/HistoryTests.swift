import Chat
import Reactor
import Synchronization
import Testing

@testable import ChatServer

/// Records its requests, and gives prepared answers.
private final class RecordingOrderer: Orderer {
    private let state = Mutex<(requests: [OrdererRequest], replies: [OrdererReply])>(([], []))

    var requests: [OrdererRequest] { state.withLock { $0.requests } }
    var metrics: StoreMetrics { StoreMetrics() }

    func submit(_ request: OrdererRequest) { state.withLock { $0.requests.append(request) } }

    func reply(_ replies: [OrdererReply]) { state.withLock { $0.replies += replies } }

    func takeReplies(into replies: inout [OrdererReply]) {
        replies += state.withLock { state in
            defer { state.replies = [] }
            return state.replies
        }
    }
}

@Suite struct HistoryTests {
    private let orderer = RecordingOrderer()
    private static let go = RoomName("go") ?? .lobby

    private static func token(_ index: Int) -> Token { Token(index: index, generation: 1) }
    private static func time(_ steps: UInt32) -> CoarseTime { CoarseTime(steps: steps) }

    private static func draft(_ text: String) -> Draft {
        Draft(
            room: .lobby, time: Timestamp(milliseconds: 0), username: "ann", message: text,
            key: nil)
    }

    @Test func `rooms that are ordered in place send no requests`() {
        var history = History(orderer: nil)
        #expect(history.isInPlace && history.takesLines && history.isSettled)
        history.follow(.lobby)
        history.unfollow(.lobby)
        history.commit(at: .never)
        #expect(history.openings.requested.isEmpty)
        #expect(history.takeReplies() == [])
    }

    @Test func `an epoch ends if one shard begins another`() {
        var history = History(orderer: orderer)
        var opening = OrdererOpening(epoch: Epoch(number: 1), sends: [])
        opening.epochs = [Epoch(number: 1), Epoch(number: 2)]
        var hasEnded = history.opened(with: opening)
        #expect(!hasEnded)
        hasEnded = history.opened(with: opening)
        #expect(!hasEnded)
        opening.epochs = [Epoch(number: 1), Epoch(number: 3)]
        hasEnded = history.opened(with: opening)
        #expect(hasEnded)
    }

    @Test func `all who wait for a room share one request`() {
        var history = History(orderer: orderer)
        history.follow(.lobby)
        for index in 1...3 { history.awaitOpening(of: .lobby, Self.token(index)) }
        history.awaitOpening(of: Self.go, Self.token(4))
        #expect(orderer.requests == [.follow(.lobby), .follow(Self.go)])
        #expect(history.takeOpening(of: .lobby) == (1...3).map(Self.token))
        #expect(history.takeOpening(of: .lobby) == [])
        history.follow(.lobby)
        #expect(orderer.requests.count == 3)
    }

    @Test func `a room that can't be followed is tried again after a moment`() {
        var history = History(orderer: orderer)
        #expect(history.followAgain == .never)
        history.failedToFollow(.lobby, at: Self.time(100))
        let due = history.followAgain
        #expect(due == Self.time(100).advanced(byMilliseconds: Limits.storeRetry))
        history.failedToFollow(Self.go, at: Self.time(101))
        #expect(history.followAgain == due)
        #expect(history.takeUnfollowed(at: Self.time(due.steps - 1)) == [])
        #expect(history.takeUnfollowed(at: due) == [.lobby, Self.go])
        #expect(history.followAgain == .never)
    }

    @Test func `few reads are pending at a time, and equal ones are shared`() {
        var history = History(orderer: orderer)
        func key(_ from: UInt64) -> ReadQueue.Key { ReadQueue.Key(room: .lobby, from: from) }
        for from in 1...UInt64(Limits.readsAtOnce) + 2 {
            history.read(key(from), through: 99, for: .member(Self.token(Int(from))))
        }
        history.read(key(1), through: 99, for: .command(Self.token(50)))
        #expect(history.reads.underWay == Limits.readsAtOnce)
        #expect(orderer.requests.count == Limits.readsAtOnce)
        #expect(history.takeRead(key(1)).count == 2)
        #expect(orderer.requests.count == Limits.readsAtOnce + 1)
        for from in 2...UInt64(Limits.readsAtOnce) + 2 {
            #expect(history.takeRead(key(from)).count == 1)
        }
        #expect((history.reads.underWay, history.reads.reads.count) == (0, 0))
    }

    @Test func `one group is pending, and lines with an unknown outcome come first in the next`() {
        var history = History(orderer: orderer)
        history.recovered()
        _ = history.commits.append(Self.draft("a"), from: Self.token(1))
        _ = history.commits.append(Self.draft("b"), from: Self.token(1))
        history.commit(at: .never)
        _ = history.commits.append(Self.draft("c"), from: Self.token(2))
        history.commit(at: .never)
        #expect(orderer.requests.count == 1)
        #expect(!history.isSettled)
        let group = history.commits.takeGroup()
        history.resubmit([1], of: group)
        history.commit(at: .never)
        let ids = orderer.requests.map { request in
            if case .append(let submissions) = request { submissions.map(\.id) } else { [UInt64]() }
        }
        #expect(ids == [[0, 1], [1]])
    }

    @Test func `keys from before a restart are remembered a few at a time`() {
        var history = History(orderer: orderer)
        #expect(!history.isRemembering)
        let sends = (1...5 as ClosedRange<UInt64>).map { seq in
            StoredSend(
                room: .lobby, username: "ann", key: "\(seq)", seq: seq,
                time: Timestamp(milliseconds: 0), digest: 0)
        }
        _ = history.opened(with: OrdererOpening(epoch: Epoch(number: 1), sends: sends))
        #expect(history.isRemembering)
        #expect(history.bytes >= 5 * 40)
        history.delay([.recovered][...])
        #expect(Array(history.takeSends(atMost: 3)) == Array(sends[..<3]))
        #expect(history.isRemembering)
        #expect(Array(history.takeSends(atMost: 3)) == Array(sends[3...]))
        #expect(!history.isRemembering)
        #expect(history.takeDelayed() == [.recovered])
        #expect(history.bytes == 0)
    }

    @Test func `no line is accepted while none can be stored`() {
        var history = History(orderer: orderer)
        #expect(history.takesLines)
        history.failed()
        #expect(!history.takesLines)
        history.recovered()
        #expect(history.takesLines)
    }

    @Test func `replies come once, and their list is reused`() {
        var history = History(orderer: orderer)
        orderer.reply([.recovered, .followFailed(.lobby)])
        let replies = history.takeReplies()
        #expect(replies == [.recovered, .followFailed(.lobby)])
        history.giveBack(replies)
        #expect(history.takeReplies() == [])
    }
}
