import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct ConnectionsWritingTests {
    /// An earlier event of a connection.
    enum Past: CaseIterable {
        case blocked
        case postponed
        case held
        case throttled
        case peerEnded
        case parted
        case ended
    }

    private func connection(_ parts: inout Parts, after pasts: [Past]) -> Int {
        let index = parts.connect(.rich)
        for past in pasts {
            switch past {
            case .blocked: parts.connections.becameBlocked(index, over: &parts.network)
            case .postponed:
                parts.connections.postpone(index, over: &parts.network, at: parts.now)
            case .held: parts.connections.hold(index)
            case .throttled: parts.connections.throttle(index, at: CoarseTime(steps: 0))
            case .peerEnded: parts.connections.peerEnded(index)
            case .parted: parts.connections.part(index, .broken)
            case .ended: parts.connections.end(index)
            }
        }
        parts.connections.watch(index, over: &parts.network)
        return index
    }

    @Test(
        arguments: [
            ([], .readable),
            ([.blocked], [.readable, .writable]),
            ([.postponed], .readable),
            ([.blocked, .postponed], .readable),
            ([.held], []),
            ([.throttled], []),
            ([.peerEnded], []),
            ([.held, .blocked], .writable),
            ([.parted], .readable),
        ] as [([Past], Interest)])
    func `a connection is watched for what it waits for`(pasts: [Past], interest: Interest) {
        var parts = Parts()
        let index = connection(&parts, after: pasts)
        #expect(parts.connections[index].interest == interest)
        #expect(parts.network.interests[parts.connections[index].socket] == interest)
        parts.network.forgetCalls()
        parts.connections.watch(index, over: &parts.network)
        #expect(parts.network.calls == [])
    }

    @Test func `the poller isn't called for a connection that has ended`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.connections.hold(index)
        parts.connections.end(index)
        parts.network.forgetCalls()
        parts.connections.watch(index, over: &parts.network)
        #expect(parts.network.calls == [])
        #expect(parts.connections[index].interest == .readable)
    }

    @Test func `a connection whose poller fails is parted and stays in place until then`() {
        var parts = Parts()
        let (index, other) = (parts.connect(.rich), parts.connect(.rich))
        let room = parts.enter(index)
        parts.enter(other)
        parts.network.changeError = ScriptedNetwork.refusal
        parts.connections.becameBlocked(index, over: &parts.network)
        #expect(parts.connections.isServed(index) == false)
        #expect(parts.connections.isServed(other) == true)
        #expect(parts.connections.parting.map(\.token.index) == [index])
        #expect(parts.connections.parting.map(\.reason) == [.broken])
        #expect(parts.connections[index].interest == .readable)
        // It stays in the table, in the chat and in its room until its turn in the list comes.
        #expect((parts.connections.count, parts.connections.sessions) == (2, 2))
        #expect(parts.connections.ending == [])
        #expect(parts.hub.memberCount(of: room) == 2)
        #expect(parts.connections[index].isInChat == true)
        #expect(parts.connections.blocked == 1)
    }

    @Test(arguments: Past.allCases)
    func `a connection that waits for the poller or leaves isn't flushed`(past: Past) {
        var parts = Parts()
        let index = connection(&parts, after: [past])
        let isFlushed =
            switch past {
            case .held, .throttled, .peerEnded: true
            case .blocked, .postponed, .parted, .ended: false
            }
        #expect(parts.connections.claimFlush(index) == isFlushed)
        #expect(parts.connections.claimFlush(index) == false)
        #expect(parts.connections[index].flags.contains(.flushes) == isFlushed)
    }

    @Test func `a connection is flushed once for each time on the list`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        #expect(parts.connections.claimFlush(index) == true)
        #expect(parts.connections.beginFlush(index) == true)
        #expect(parts.connections[index].flags == [])
        #expect(parts.connections.claimFlush(index) == true)
        parts.connections.part(index, .broken)
        #expect(parts.connections.beginFlush(index) == false)
    }

    @Test func `a connection is fed if it is on the list and takes bytes`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        #expect(parts.connections.beginFeed(index) == false)
        #expect(parts.connections.claimFeed(index) == true)
        #expect(parts.connections.claimFeed(index) == false)
        #expect(parts.connections.beginFeed(index) == true)
        #expect(parts.connections.claimFeed(index) == true)
        parts.connections.becameBlocked(index, over: &parts.network)
        #expect(parts.connections.beginFeed(index) == false)
        #expect(parts.connections[index].flags == .blocked)
        parts.connections.part(index, .broken)
        #expect(parts.connections.claimFeed(index) == false)
    }

    @Test func `a socket is blocked once until it is writable`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == false)
        parts.connections.becameBlocked(index, over: &parts.network)
        parts.network.forgetCalls()
        parts.connections.becameBlocked(index, over: &parts.network)
        #expect(parts.network.calls == [])
        #expect(parts.connections.blocked == 1)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == true)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == false)
        #expect((parts.connections.blocked, parts.connections[index].flags) == (0, []))
    }

    @Test func `a send without memory is tried again with the next step of the clock`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.connections.postpone(index, over: &parts.network, at: parts.now)
        #expect(parts.connections.stepsToNext == 1)
        parts.advance(milliseconds: CoarseTime.step)
        var due: [Int] = []
        parts.connections.advance(to: parts.now, due: &due)
        #expect(due == [index])
        #expect(parts.connections.actionDue(index, at: parts.now) == .flush)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == true)
        #expect(parts.connections[index].flags == [])
    }

    @Test func `after the last bytes our half is shut down, and the peer gets time to notice`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let socket = parts.connections[index].socket
        parts.connections.hold(index)
        parts.connections.watch(index, over: &parts.network)
        parts.connections.endWhenFlushed(index)
        #expect(parts.connections[index].isRegular == false)
        parts.network.forgetCalls()
        parts.connections.flushedLastWords(index, over: &parts.network, at: parts.now)
        #expect(
            parts.network.calls == [
                .shutdown(socket),
                .change(socket, parts.connections.token(at: index), .readable),
            ])
        #expect(parts.connections[index].phase == .lingering)
        #expect(parts.connections[index].flags == [])
        #expect(parts.connections.ending == [])
    }

    @Test func `after the last bytes there is no wait for a peer that has ended`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.connections.peerEnded(index)
        parts.connections.endWhenFlushed(index)
        parts.network.forgetCalls()
        parts.connections.flushedLastWords(index, over: &parts.network, at: parts.now)
        #expect(parts.network.calls == [])
        #expect(parts.connections.ending == [index])
    }
}
