import Identity
import Testing

/// Tokens that attack the verifier. Each is refused, for the reason that the log names.
@Suite struct HostileTokenTests {
    @Test func `the corpus is large`() {
        #expect(HostileToken.all.count >= 80)
        #expect(Set(HostileToken.all.map(\.what)).count == HostileToken.all.count)
    }

    @Test func `the keys accept a good token`() {
        #expect(throws: Never.self) { try Forge.result(Forge().token).get() }
    }

    @Test(arguments: HostileToken.all)
    func `it is refused`(_ hostile: HostileToken) {
        #expect(Forge.result(hostile.token) == .failure(hostile.refusal))
    }

    /// A reason is a constant, so it can't hold a word of the token.
    @Test func `a reason is one sentence without what was sent`() {
        for refusal in TokenRefusal.allCases {
            #expect(!refusal.rawValue.isEmpty && !refusal.rawValue.contains("\\"))
            #expect(refusal.isExpiry == (refusal == .expired))
        }
    }

    @Test func `one changed bit anywhere is refused`() {
        let token = Forge.claiming(#""name":"Ann","role":"vip""#).token
        for place in token.indices {
            for bit in 0..<8 {
                var other = token
                other[place] ^= 1 << UInt8(bit)
                guard case .failure = Forge.result(other) else {
                    Issue.record("bit \(bit) of byte \(place)")
                    continue
                }
            }
        }
    }

    @Test func `a token cut anywhere is refused`() {
        let token = Forge().token
        for end in token.indices {
            guard case .failure = Forge.result(Array(token[..<end])) else {
                Issue.record("cut at \(end)")
                continue
            }
        }
    }
}
