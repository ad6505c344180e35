import TLS
import Testing

@Suite struct TLSSessionTests {
    @Test func shakesHands() throws {
        let pair = try TLSPair.established()
        #expect(pair.agreement == ["TLSv1.3", "TLS_AES_128_GCM_SHA256", "http/1.1"])
        #expect(!pair.isResumed)
        #expect(pair.heldBytes == 0)
    }

    @Test func carriesTextsBothWays() throws {
        let pair = try TLSPair.established()
        #expect(pair.say(Array("up".utf8)))
        #expect(pair.answer(Array("down".utf8)))
        pair.settle()
        #expect(pair.atServer == Array("up".utf8))
        #expect(pair.atClient == Array("down".utf8))
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64, 1_000])
    func takesPiecesOfAnySize(size: Int) throws {
        let pair = try TLSPair(TLSPair.serverContext(), TLSPair.clientContext())
        pair.settle(pieces: size)
        let text = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        #expect(pair.say(text))
        #expect(pair.answer(text))
        pair.settle(pieces: size)
        #expect(pair.atServer == text)
        #expect(pair.atClient == text)
        #expect(pair.heldBytes == 0)
    }

    /// Each flight of the handshake, and a text after it, is cut once at each position.
    @Test func takesEachFlightCutAnywhere() throws {
        let (serverContext, clientContext) = (
            try TLSPair.serverContext(), try TLSPair.clientContext()
        )
        for flight in 0..<4 {
            var cut = 1
            var length = Int.max
            while cut < length {
                let pair = try TLSPair(serverContext, clientContext)
                for turn in 0..<4 {
                    if turn == 3 {
                        #expect(pair.say([1, 2, 3]))
                        #expect(pair.answer([4, 5]))
                    }
                    if turn == flight { length = pair.toServer.count + pair.toClient.count }
                    let place = turn == flight ? cut : 0
                    Self.move(pair, cutAt: place)
                }
                pair.settle()
                #expect(pair.atServer == [1, 2, 3])
                #expect(pair.atClient == [4, 5])
                cut += 1
            }
        }
    }

    /// Moves what is on its way, cut at a position that counts through both directions.
    private static func move(_ pair: TLSPair, cutAt place: Int) {
        let (up, down) = (pair.toServer, pair.toClient)
        (pair.toServer, pair.toClient) = ([], [])
        for part in [up.prefix(place), up.dropFirst(place)] where !part.isEmpty {
            pair.atServer += TLSPair.give(
                part, to: &pair.server, buffer: 64, output: &pair.toClient)
        }
        let rest = max(place - up.count, 0)
        for part in [down.prefix(rest), down.dropFirst(rest)] where !part.isEmpty {
            pair.atClient += TLSPair.give(
                part, to: &pair.client, buffer: 64, output: &pair.toServer)
        }
    }

    @Test(arguments: [1, 2, 100, 16_383, 16_384, 16_385])
    func keepsPlaintextThatFindsNoRoom(buffer: Int) throws {
        let pair = try TLSPair.established()
        let text = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(pair.say(text))
        pair.settle(buffer: buffer)
        #expect(pair.atServer == text)
    }

    @Test func sendsManyBytesInFullRecords() throws {
        let pair = try TLSPair.established()
        #expect(pair.answer([UInt8](repeating: 7, count: 16_384)))
        // A header, the type of the content, and the tag.
        #expect(pair.toClient.count == 16_384 + 5 + 1 + 16)
    }

    @Test func knowsThatARecordIsIncomplete() throws {
        let pair = try TLSPair.established()
        #expect(pair.say([1, 2, 3]))
        var buffer = [UInt8](repeating: 0, count: 64)
        var span = buffer.mutableSpan
        for byte in pair.toServer.dropLast() {
            let count = pair.server.receive([byte].span, into: &span, output: &pair.toClient)
            #expect(count == 0)
            #expect(pair.isInsideRecord)
        }
        let last = Array(pair.toServer.suffix(1))
        let count = pair.server.receive(last.span, into: &span, output: &pair.toClient)
        #expect(count == 3)
        #expect(!pair.isInsideRecord)
        #expect(pair.heldBytes == 0)
    }

    @Test func endsInOrder() throws {
        let pair = try TLSPair.established()
        #expect(pair.say([9]))
        pair.client.finish(output: &pair.toServer)
        pair.settle()
        #expect(pair.atServer == [9])
        #expect(pair.serverState == .ended)
        #expect(pair.answer([8]), "the other half goes on")
        pair.settle()
        #expect(pair.atClient == [8])
        pair.server.finish(output: &pair.toClient)
        pair.settle()
        #expect(pair.clientState == .ended)
    }

    @Test func changesKeys() throws {
        let pair = try TLSPair.established()
        for round in 0..<5 as Range<UInt8> {
            #expect(pair.changeClientKeys())
            #expect(pair.changeServerKeys())
            #expect(pair.say([round]))
            #expect(pair.answer([round]))
            pair.settle()
        }
        #expect(pair.atServer == [0, 1, 2, 3, 4])
        #expect(pair.atClient == [0, 1, 2, 3, 4])
    }

    @Test func failsAPeerThatOnlyChangesKeys() throws {
        let pair = try TLSPair.established()
        for _ in 0..<65 {
            #expect(pair.serverState == .established)
            #expect(pair.changeClientKeys())
            pair.settle()
        }
        guard case .failed = pair.serverState else {
            Issue.record("the server goes on: \(pair.serverState)")
            return
        }
    }

    @Test func allowsManyChangesOfKeysBetweenTexts() throws {
        let pair = try TLSPair.established()
        for _ in 0..<130 {
            #expect(pair.changeClientKeys())
            #expect(pair.say([1]))
            #expect(pair.answer([2]))
            pair.settle()
        }
        #expect(pair.serverState == .established)
        #expect(pair.atServer.count == 130)
    }

    @Test func handlesOnlySoManyRecordsAtOnce() throws {
        let pair = try TLSPair.established()
        for _ in 0..<100 { #expect(pair.say([1])) }
        var buffer = [UInt8](repeating: 0, count: 1_000)
        var span = buffer.mutableSpan
        var count = pair.server.receive(pair.toServer.span, into: &span, output: &pair.toClient)
        #expect(count == TLSSession.recordsAtOnce)
        #expect(pair.hasMore)
        let none: [UInt8] = []
        count = pair.server.receive(none.span, into: &span, output: &pair.toClient)
        #expect(count == 100 - TLSSession.recordsAtOnce)
        #expect(!pair.hasMore)
    }

    @Test func noticesAChangedByte() throws {
        let pair = try TLSPair.established()
        #expect(pair.say([1, 2, 3]))
        pair.toServer[7] ^= 1
        pair.settle()
        guard case .failed = pair.serverState else {
            Issue.record("the server goes on: \(pair.serverState)")
            return
        }
        #expect(pair.atServer.isEmpty)
        guard case .failed = pair.clientState else {
            Issue.record("the client isn't told: \(pair.clientState)")
            return
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{17}\u{3}\u{1}\u{0}\u{2}xx", "\u{0}1234567"])
    func refusesWhatIsNoHandshake(text: String) throws {
        let pair = try TLSPair(TLSPair.serverContext(), TLSPair.clientContext())
        pair.toServer = Array(text.utf8)
        pair.settle()
        guard case .failed = pair.serverState else {
            Issue.record("it goes on: \(pair.serverState)")
            return
        }
    }
}
