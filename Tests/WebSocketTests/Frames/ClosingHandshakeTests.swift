import TestSupport
import Testing
import WebSocket

@Suite struct ClosingHandshakeTests {
    @Test func `the peer begins the closing handshake`() {
        var session = Session()
        #expect(session.state == .open)
        let outcome = session.receive(frame(.close, [0x03, 0xE9]) + frame(.ping))
        #expect(outcome == Outcome(events: [.close(.goingAway)]))
        #expect(session.state == .closing(startedBy: .peer))
        session.sentClose()
        #expect(session.state == .closed)
        #expect(session.receive(frame(.close)) == Outcome())
    }

    @Test func `our side begins the closing handshake`() {
        var session = Session()
        session.sentClose()
        #expect(session.state == .closing(startedBy: .us))
        // Messages are still checked and pings reported (RFC 6455 §5.5.2), but data isn't.
        let outcome = session.receive(
            frame(.text, [0x61]) + frame(.ping, [1]) + frame(.binary, isFinal: false)
                + frame(.continuation))
        #expect(outcome == Outcome(events: [.ping([1])]))
        #expect(session.receive(frame(.close)) == Outcome(events: [.close(nil)]))
        #expect(session.state == .closed)
        session.sentClose()
        #expect(session.state == .closed)
    }

    @Test func `both sides begin the closing handshake at once`() {
        var session = Session()
        session.sentClose()
        session.sentClose()
        #expect(session.state == .closing(startedBy: .us))
        #expect(session.receive(frame(.close, [0x03, 0xE8])).events == [.close(.normal)])
        #expect(session.state == .closed)
    }

    @Test func `a violation after our Close ends the closing handshake`() {
        var session = Session()
        session.sentClose()
        #expect(session.receive(frame(.text, [0xFF])).violation == .textNotUTF8)
        #expect(session.state == .closed)
    }

    @Test func `a Close in the middle of a message ends it`() {
        var session = Session()
        let outcome = session.receive(frame(.text, [0x61], isFinal: false) + frame(.close))
        #expect(outcome == Outcome(events: [.close(nil)]))
        #expect(session.isAtBoundary == true)
    }

    /// RFC 6455 §7.4.
    @Test func `only the codes of RFC 6455 may be sent`() {
        let sendable: [ClosedRange<Int>] = [1000...1003, 1007...1014, 3000...4999]
        for code in 0...0xFFFF {
            let isSendable = sendable.contains { $0.contains(code) }
            #expect(CloseCode(rawValue: UInt16(code)).isSendable == isSendable)
        }
        var session = Session()
        #expect(session.receive(frame(.close, [0x03, 0xED])).violation == .closeCodeInvalid)
        var other = Session()
        #expect(other.receive(frame(.close, [0x13, 0x88])).violation == .closeCodeInvalid)
    }
}
