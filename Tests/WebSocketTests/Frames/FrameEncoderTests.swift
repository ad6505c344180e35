import TestSupport
import Testing
import WebSocket

@Suite struct FrameEncoderTests {
    private func header(_ length: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: FrameEncoder.headerSize) {
            FrameEncoder.appendHeader(.binary, length: length, to: &$0)
        }
        return bytes
    }

    @Test func `lengths are written in their shortest form`() {
        #expect(header(0) == [0x82, 0])
        #expect(header(125) == [0x82, 125])
        #expect(header(126) == [0x82, 126, 0, 126])
        #expect(header(0xFFFF) == [0x82, 126, 0xFF, 0xFF])
        #expect(header(0x10000) == [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0])
        #expect(header(.max) == [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
    }

    @Test func `the examples of RFC 6455 are written`() {
        let hello = [UInt8]("Hello")
        var bytes: [UInt8] = []
        FrameEncoder.append(.text, hello.span, to: &bytes)
        #expect(bytes == [0x81, 5] + hello)
        bytes = []
        FrameEncoder.append(.text, hello.span, isFinal: false, rsv1: true, to: &bytes)
        #expect(bytes == [0x41, 5] + hello)
        bytes = []
        FrameEncoder.appendMasked(.text, hello.span, key: MaskingKey(0x3D21_FA37), to: &bytes)
        #expect(bytes == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test func `Close frames are written`() {
        var bytes: [UInt8] = [9]
        FrameEncoder.appendClose(nil, reason: "ignored", to: &bytes)
        #expect(bytes == [9, 0x88, 0])
        bytes = []
        FrameEncoder.appendClose(.goingAway, reason: "bye", to: &bytes)
        #expect(bytes == [0x88, 5, 0x03, 0xE9] + [UInt8]("bye"))
    }

    @Test func `a long reason is cut between scalars`() {
        var bytes: [UInt8] = []
        let reason = String(repeating: "a", count: 122) + "é"
        FrameEncoder.appendClose(.normal, reason: reason, to: &bytes)
        #expect(bytes.count == 2 + 2 + 122)
        bytes = []
        FrameEncoder.appendClose(.normal, reason: String(repeating: "é", count: 99), to: &bytes)
        #expect(bytes.count == 2 + 2 + 122)
    }

    /// Two ends in memory. Each reads in small pieces what the other writes.
    @Test func `two ends understand each other`() {
        var server = Session()
        var client = Session()
        let text = [UInt8]("hällo")
        let key = MaskingKey(0xDEAD_BEEF)
        var toServer: [UInt8] = []
        FrameEncoder.appendMasked(.text, text.span, key: key, to: &toServer)
        FrameEncoder.appendMaskedClose(.normal, reason: "done", key: key, to: &toServer)
        client.sentClose()
        let heard = server.receive(toServer.cuttings[5])
        #expect(heard == Outcome(events: [.message(.text, text), .close(.normal)]))

        var toClient: [UInt8] = []
        FrameEncoder.append(.ping, text.span, to: &toClient)
        FrameEncoder.appendClose(.normal, to: &toClient)
        server.sentClose()
        #expect(server.state == .closed)
        let rules = FrameRules(role: .client)
        let answer = client.receive(toClient.cuttings[5], rules: rules)
        #expect(answer == Outcome(events: [.ping(text), .close(.normal)]))
        #expect(client.state == .closed)
    }
}
