import Chat
import Dispatch
import Testing

/// The orderer in memory keeps the contract of an orderer for several followers.
@Suite struct MemoryOrdererTests {
    let orderer = MemoryOrderer()
    static let other = RoomName("other")

    func draft(
        _ text: String, in room: RoomName = .lobby, as username: String = "ann", key: String? = nil
    ) -> Draft {
        Draft(
            room: room, time: Timestamp(milliseconds: 7), username: username, message: text,
            key: key)
    }

    func ordered(_ seq: UInt64) -> SubmissionAnswer {
        .ordered(seq: seq, time: Timestamp(milliseconds: 7))
    }

    func already(_ seq: UInt64) -> SubmissionAnswer {
        .already(seq: seq, time: Timestamp(milliseconds: 7))
    }

    /// A follower of the lobby.
    func follower(mailbox limit: Int = .max) -> StreamFollower {
        var follower = StreamFollower(orderer.makeFollower(mailbox: limit))
        follower.follow(.lobby)
        orderer.drain()
        follower.take()
        return follower
    }

    /// Takes all replies that are still to come for a follower.
    func settle(_ follower: inout StreamFollower) {
        repeat { orderer.drain() } while follower.take() > 0
    }

    /// The new replies for a follower.
    func replies(_ follower: MemoryFollower) -> [OrdererReply] {
        orderer.drain()
        var replies: [OrdererReply] = []
        follower.takeReplies(into: &replies)
        return replies
    }

    func append(_ submissions: (id: UInt64, draft: Draft)...) -> OrdererRequest {
        .append(submissions.map { Submission(id: $0.id, draft: $0.draft) })
    }

    func answers(_ replies: [OrdererReply]) -> [[SubmissionAnswer]] {
        replies.compactMap { if case .answered(let answers) = $0 { answers } else { nil } }
    }

    @Test func `all followers see the same order`() {
        var followers = (0..<3).map { _ in follower() }
        for round in 0..<100 {
            for place in followers.indices {
                followers[place].say(draft("\(place) \(round)"))
                followers[place].take()
            }
        }
        for _ in followers { for place in followers.indices { settle(&followers[place]) } }
        let heard = followers.map { $0.streams[.lobby]?.texts ?? [] }
        #expect(heard[0].count == 300 && Set(heard[0]).count == 300)
        #expect(heard[1] == heard[0] && heard[2] == heard[0])
        for (place, follower) in followers.enumerated() {
            #expect(follower.isAtRest && follower.violations == [])
            #expect(follower.fates.count == 100)
            // The lines of one follower keep their order.
            let own = heard[0].filter { $0.hasPrefix("\(place) ") }
            #expect(own == (0..<100).map { "\(place) \($0)" })
        }
        #expect(orderer.metrics.linesStored == 300)
    }

    @Test func `a follower is woken when the first reply comes`() {
        let woken = DispatchSemaphore(value: 0)
        let follower = orderer.makeFollower { woken.signal() }
        #expect(woken.wait(timeout: .now() + 60) == .success)
        #expect(replies(follower).count == 1)
        follower.submit(.follow(.lobby))
        #expect(woken.wait(timeout: .now() + 60) == .success)
        follower.submit(append((0, draft("a"))))
        orderer.drain()
        // The mailbox was no longer empty.
        #expect(woken.wait(timeout: .now()) == .timedOut)
        #expect(replies(follower).count == 3)
    }

    @Test func `a line written after the request to follow arrives as an entry`() {
        let follower = orderer.makeFollower()
        follower.submit(.follow(.lobby))
        follower.submit(append((0, draft("a"))))
        follower.submit(.read(.lobby, from: 1, through: 9))
        let epoch = Epoch(number: 1)
        let line = Line(
            seq: 1, time: Timestamp(milliseconds: 7), username: "ann", message: "a")
        #expect(
            replies(follower) == [
                .ready(OrdererOpening(epoch: epoch, sends: [])),
                .following(.lobby, RoomSnapshot(epoch: epoch, lastSeq: 0, oldest: 1)),
                .entries(.lobby, [.line(line)]), .answered([ordered(1)]),
                .read(.lobby, from: 1, RoomPage(lines: [line], through: 1, oldest: 1)),
            ])
        follower.submit(.unfollow(.lobby))
        follower.submit(append((1, draft("b"))))
        #expect(replies(follower) == [.answered([ordered(2)])])
    }

    @Test func `a follower that is too slow lags once and delays no other`() {
        var fast = follower()
        let slow = orderer.makeFollower(mailbox: 10)
        slow.submit(.follow(.lobby))
        for number in 1...50 {
            fast.say(draft("\(number)"))
            settle(&fast)
        }
        #expect(fast.streams[.lobby]?.last == 50)
        let replies = replies(slow)
        #expect(replies.count == 13)
        let entries = replies.filter { if case .entries = $0 { true } else { false } }
        #expect(entries.count == 10)
        #expect(replies.last == .lagging(.lobby))
    }

    @Test func `a follower that lagged reads what it has missed`() throws {
        var (fast, slow) = (follower(), follower(mailbox: 10))
        for round in 1...3 {
            for number in 1...50 {
                fast.say(draft("\(round) \(number)"))
                settle(&fast)
            }
            settle(&slow)
            #expect(slow.streams[.lobby]?.lags == round)
            #expect(slow.streams[.lobby]?.texts == fast.streams[.lobby]?.texts)
            fast.say(draft("\(round) live"))
            settle(&fast)
            settle(&slow)
            #expect(slow.streams[.lobby]?.lags == round)
        }
        #expect(slow.streams[.lobby]?.texts.count == 153)
        #expect(slow.isAtRest && slow.violations == [])
    }

    @Test func `each room lags independently`() throws {
        let other = try #require(Self.other)
        let follower = orderer.makeFollower(mailbox: 2)
        follower.submit(.follow(.lobby))
        follower.submit(.follow(other))
        follower.submit(
            append(
                (0, draft("a")), (1, draft("b")), (2, draft("c")), (3, draft("d", in: other)),
                (4, draft("e", in: other))))
        let replies = replies(follower)
        #expect(replies.contains(.lagging(.lobby)) && !replies.contains(.lagging(other)))
        #expect(answers(replies) == [[1, 2, 3, 1, 2].map(ordered)])
    }

    @Test func `a key is known to all followers`() throws {
        let other = try #require(Self.other)
        var (ann, bob) = (follower(), orderer.makeFollower())
        ann.say(draft("a", key: "k"), draft("b", as: "bob", key: "k"))
        orderer.drain()
        bob.submit(
            append(
                (0, draft("a", key: "k")), (1, draft("x", key: "k")),
                (2, draft("b", as: "bob", key: "k")), (3, draft("a", in: other, key: "k")),
                (4, draft("a")), (5, draft("c", key: "l")), (6, draft("c", key: "l"))))
        #expect(
            answers(replies(bob)) == [
                [
                    already(1), .otherText, already(2), ordered(1), ordered(3), ordered(4),
                    already(4),
                ]
            ])
        settle(&ann)
        #expect(ann.streams[.lobby]?.texts == ["a", "b", "a", "c"])
        bob = orderer.makeFollower()
        guard case .ready(let opening) = replies(bob).first else {
            Issue.record("the first reply was not .ready")
            return
        }
        #expect(opening.sends.map(\.seq) == [1, 2, 1, 4])
    }

    @Test(arguments: [true, false])
    func `a line with an unknown outcome is submitted again and said once`(isOrdered: Bool) {
        let server = orderer.makeFollower()
        var (ann, bob) = (StreamFollower(server), follower())
        ann.follow(.lobby)
        server.loseAnswers(toNext: 3, ordering: isOrdered)
        ann.say(draft("a"), draft("b", key: "k"))
        settle(&ann)
        settle(&bob)
        #expect(ann.fates == ["a": ordered(1), "b": ordered(2)])
        #expect(ann.streams[.lobby]?.texts == ["a", "b"])
        #expect(bob.streams[.lobby]?.texts == ["a", "b"])
        #expect(ann.violations == [] && bob.violations == [])
    }

    @Test func `another follower may say a line that was not ordered`() {
        let (ann, bob) = (orderer.makeFollower(), orderer.makeFollower())
        ann.loseAnswers(ordering: false)
        ann.submit(append((0, draft("a", key: "k"))))
        #expect(answers(replies(ann)) == [[.unknown]])
        bob.submit(append((0, draft("a", key: "k"))))
        #expect(answers(replies(bob)) == [[ordered(1)]])
        ann.submit(append((0, draft("a", key: "k")), (1, draft("b"))))
        #expect(answers(replies(ann)) == [[already(1), ordered(2)]])
    }

    @Test func `each follower has its own ids`() {
        let (ann, bob) = (orderer.makeFollower(), orderer.makeFollower())
        for (follower, seq) in [(ann, 1), (bob, 2)] as [(MemoryFollower, UInt64)] {
            follower.submit(append((0, draft("a"))))
            follower.submit(append((0, draft("a"))))
            #expect(answers(replies(follower)) == [[ordered(seq)], [ordered(seq)]])
        }
    }
}
