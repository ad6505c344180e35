import Dispatch
import Identity
import Synchronization
import Testing

@testable import IdentityKeys

@Suite struct ThreadedVerifierTests {
    /// Collects answers until as many have come as are wanted.
    private func answers(
        _ count: Int, of verifier: ThreadedVerifier, woken: DispatchSemaphore
    ) -> [TokenAnswer] {
        var answers: [TokenAnswer] = []
        while answers.count < count {
            woken.wait()
            verifier.takeAnswers(into: &answers)
        }
        return answers
    }

    private func request(_ ticket: UInt64, _ token: [UInt8]) -> TokenRequest {
        TokenRequest(ticket: ticket, token: token, now: Forge.now * 1_000)
    }

    @Test func `each token has its answer`() throws {
        let woken = DispatchSemaphore(value: 0)
        let verifier = ThreadedVerifier(Forge.ring) { woken.signal() }
        defer { verifier.close() }
        for ticket in 0..<100 as Range<UInt64> {
            verifier.verify(request(ticket, ticket % 2 == 0 ? Forge().token : [1]))
        }
        let answers = answers(100, of: verifier, woken: woken)
        #expect(answers.map(\.ticket).sorted() == Array(0..<100))
        for answer in answers {
            let isGood = (try? answer.result.get()) != nil
            #expect(isGood == (answer.ticket % 2 == 0))
        }
    }

    @Test func `other keys are taken over`() throws {
        let woken = DispatchSemaphore(value: 0)
        let rings = Mutex<[KeyRing]>([Forge.ring])
        let verifier = ThreadedVerifier(
            KeyRing([]), refresh: { rings.withLock { $0.popLast() } }, wake: { woken.signal() })
        defer { verifier.close() }
        verifier.verify(request(1, Forge().token))
        let answers = answers(1, of: verifier, woken: woken)
        #expect(throws: Never.self) { try answers[0].result.get() }
    }

    @Test func `other keys are asked for without a token, too`() {
        let asked = DispatchSemaphore(value: 0)
        let verifier = ThreadedVerifier(
            Forge.ring,
            refresh: {
                asked.signal()
                return nil
            }, wake: {})
        defer { verifier.close() }
        for _ in 0..<3 {
            verifier.keysMayHaveChanged()
            asked.wait()
        }
        let watching = ThreadedVerifier(
            Forge.ring,
            refresh: {
                asked.signal()
                return nil
            }, pause: { 0 }, wake: {})
        defer { watching.close() }
        for _ in 0..<2 { asked.wait() }
    }

    @Test func `the server is woken for other keys, without a token, too`() {
        let woken = DispatchSemaphore(value: 0)
        let rings = Mutex<[KeyRing]>([])
        let verifier = ThreadedVerifier(
            Forge.ring, refresh: { rings.withLock { $0.popLast() } }, wake: { woken.signal() })
        defer { verifier.close() }
        for _ in 0..<3 {
            rings.withLock { $0.append(KeyRing([])) }
            verifier.keysMayHaveChanged()
            woken.wait()
        }
    }

    @Test func `a token that was made here is good`() throws {
        var maker = TokenMaker(sub: "ann/1")
        maker.name = "Ann"
        maker.role = .owner
        maker.rooms = ["go": "moderator", "x*": "none"]
        let token = maker.token(secret: TestKeys.secret, at: Forge.now, for: 60)
        let holder = try Forge.result(Array(token.utf8)).get()
        #expect(holder.sub == "ann/1")
        #expect(holder.name == "Ann")
        #expect(holder.role == .owner)
        #expect(holder.issuedAt == Forge.now)
        #expect(holder.expiry == (Forge.now + 60) * 1_000)
        #expect(holder.jti != nil)
    }
}
