import Chat
import ChatCluster
import Dispatch
import Redis
import Testing

/// A node of a test, and what it has told its server.
final class NodeProbe: Sendable {
    let store: ClusterStore
    private let woken: DispatchSemaphore
    private let refused: DispatchSemaphore

    init(_ name: String, _ paths: String..., replicas: Int = 0, lines: Int = 0) throws {
        let (woken, refused) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        (self.woken, self.refused) = (woken, refused)
        store = try ClusterStore(
            node: try #require(NodeName(name)),
            shards: try paths.map { try RedisURL("unix:" + $0) }, replicas: replicas, lines: lines,
            noTerms: NoTerms(),
            wake: { woken.signal() }, refused: { _ in refused.signal() })
    }

    deinit { store.close() }

    /// The replies up to the first one that `isLast` takes. Nil if it doesn't come within 20 s.
    @discardableResult
    func replies(until isLast: (OrdererReply) -> Bool) -> [OrdererReply]? {
        var replies: [OrdererReply] = []
        while true {
            var new: [OrdererReply] = []
            store.takeReplies(into: &new)
            replies += new
            if replies.contains(where: isLast) { return replies }
            guard woken.wait(timeout: .now() + .seconds(20)) == .success else { return nil }
        }
    }

    func opened() -> Bool {
        replies { if case .ready = $0 { true } else { false } } != nil
    }

    /// The snapshot of a room that is followed from now on.
    func follow(_ room: RoomName) -> RoomSnapshot? {
        store.submit(.follow(room))
        for case .following(room, let snapshot) in replies(until: {
            if case .following(room, _) = $0 { true } else { false }
        }) ?? [] {
            return snapshot
        }
        return nil
    }

    /// The answers to lines, and whatever came before.
    func say(_ drafts: [Draft]) -> (answers: [SubmissionAnswer], before: [OrdererReply]) {
        store.submit(.append(zip(0..., drafts).map { Submission(id: $0, draft: $1) }))
        let replies = replies { if case .answered = $0 { true } else { false } } ?? []
        for case .answered(let answers) in replies { return (answers, replies) }
        return ([], replies)
    }

    /// The lines of a room up to this number, as far as they arrive.
    func lines(of room: RoomName, through last: UInt64, among before: [OrdererReply] = []) -> [Line]
    {
        func lines(_ replies: [OrdererReply]) -> [Line] {
            replies.flatMap { reply -> [RoomEntry] in
                if case .entries(room, let entries) = reply { entries } else { [] }
            }.compactMap { if case .line(let line) = $0 { line } else { nil } }
        }
        let known = lines(before)
        if known.contains(where: { $0.seq == last }) { return known }
        return known
            + lines(replies { lines([$0]).contains { $0.seq == last } } ?? [])
    }

    var wasRefused: Bool { refused.wait(timeout: .now() + .seconds(20)) == .success }
}
