import Glibc
import Reactor
import Testing
import WebSocket

@testable import ChatClient

@Suite struct ClientConnectionTests {
    @Test func `texts pass both ways until the server closes`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        #expect(try loopback.run(untilEvents: 1) == [.opened(subprotocol: "hubbub.v1")])
        #expect(loopback.isOpen)
        #expect(loopback.deadline == nil)
        loopback.say("hi")
        let frames = try loopback.run { $0.count >= 8 }
        #expect(try ServerEnd.read(frames) == ["text hi"])
        loopback.serve(ServerEnd.frame(.text, "hello") + ServerEnd.close(.goingAway))
        let events = try loopback.run(untilEvents: 3)
        #expect(events.dropFirst() == [.text(Array("hello".utf8)), .closed(code: 1001)])
        #expect(loopback.hasEnded)
        let answer = try loopback.run { $0.count >= 8 }
        #expect(try ServerEnd.read(answer) == ["close 1001"])
        try loopback.runUntilServerSeesEnd()
    }

    @Test func `the client waits for the answer to its Close`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        _ = try loopback.run(untilEvents: 1)
        loopback.close()
        #expect(!loopback.isOpen)
        #expect(!loopback.hasEnded)
        #expect(try ServerEnd.read(try loopback.run { $0.count >= 8 }) == ["close 1000"])
        loopback.serve(ServerEnd.close(.normal))
        #expect(try loopback.run(untilEvents: 2).last == .closed(code: 1000))
    }

    @Test func `addresses that refuse are skipped`() throws {
        let loopback = try Loopback(unreachable: 2)
        try loopback.accept()
        #expect(try loopback.run(untilEvents: 1) == [.opened(subprotocol: "hubbub.v1")])
    }

    @Test func `if every address refuses, the last reason is reported`() throws {
        let loopback = try Loopback(unreachable: 2, isThere: false)
        guard case .unreachable(_, let error) = try loopback.run(untilEvents: 1)[0] else {
            Issue.record("not told")
            return
        }
        #expect(error.errno == ECONNREFUSED)
        #expect(loopback.hasEnded)
    }

    @Test func `a refusal in HTTP is reported`() throws {
        let loopback = try Loopback()
        _ = try loopback.run { $0.suffix(4) == Array("\r\n\r\n".utf8)[...] }
        loopback.serve(Array("HTTP/1.1 503 x\r\nRetry-After: 3\r\n\r\nFull.\n".utf8))
        #expect(
            try loopback.run(untilEvents: 1) == [
                .failed(.refused(HTTPRefusal(.serviceUnavailable, retryAfter: 3, text: "Full.")))
            ])
        #expect(loopback.hasEnded)
    }

    @Test func `an end without a Close is reported`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        _ = try loopback.run(untilEvents: 1)
        loopback.endServer()
        #expect(try loopback.run(untilEvents: 2).last == .failed(.ended))
        #expect(loopback.hasEnded)
    }

    @Test func `a server that doesn't answer is dropped at the deadline`() throws {
        let loopback = try Loopback()
        _ = try loopback.run { !$0.isEmpty }
        #expect(loopback.deadline != nil)
        loopback.passDeadline()
        let timeout = SystemError(errno: ETIMEDOUT, call: "opening handshake")
        #expect(try loopback.run(untilEvents: 1) == [.lost(timeout)])
        #expect(loopback.hasEnded)
        #expect(loopback.deadline == nil)
        try loopback.runUntilServerSeesEnd()
    }
}
