import Identity
import Testing

@testable import IdentityKeys

/// Which keys may speak for whom.
@Suite struct RingTests {
    private func ring(
        _ owner: KeyOwner = KeyOwner(), _ rules: ClaimRules = ClaimRules()
    ) throws -> KeyRing {
        KeyRing(
            try KeyReader.keysNow(TestKeys.secret, .secret, name: "secret", owner: owner),
            rules: rules)
    }

    @Test func `without keys every token is refused`() {
        #expect(Forge.result(Forge().token, KeyRing([])) == .failure(.noKeys))
    }

    @Test func `a key belongs to its issuer`() throws {
        let ring = try ring(KeyOwner(issuer: "https://a.example"))
        let good = Forge.claiming(#""iss":"https://a.example""#)
        #expect(throws: Never.self) { try Forge.result(good.token, ring).get() }
        for other in [#""iss":"https://b.example""#, #""iss":"https://a.example/""#, #""x":1"#] {
            #expect(
                Forge.result(Forge.claiming(other).token, ring) == .failure(.wrongIssuer))
        }
    }

    @Test func `issuer and audience of the settings hold for keys without their own`() throws {
        let rules = ClaimRules(issuer: "a", audience: "chat")
        let good = Forge.claiming(#""iss":"a","aud":"chat""#)
        #expect(throws: Never.self) { try Forge.result(good.token, ring(KeyOwner(), rules)).get() }
        let own = try ring(KeyOwner(issuer: "b", audience: "other"), rules)
        #expect(Forge.result(good.token, own) == .failure(.wrongIssuer))
        let none = Forge.claiming(#""iss":"a""#)
        #expect(
            Forge.result(none.token, try ring(KeyOwner(), rules)) == .failure(.wrongAudience))
        let list = Forge.claiming(#""iss":"a","aud":["chat","other"]"#)
        #expect(
            Forge.result(list.token, try ring(KeyOwner(), rules)) == .failure(.wrongAudience))
    }

    @Test func `a key that has ended takes nothing`() throws {
        let end = Forge.now * 1_000
        #expect(
            Forge.result(Forge().token, try ring(KeyOwner(end: end))) == .failure(.endedKey))
        #expect(throws: Never.self) {
            try Forge.result(Forge().token, ring(KeyOwner(end: end + 1))).get()
        }
    }

    @Test func `a token ends with its key`() throws {
        let end = Forge.now * 1_000 + 5
        let holder = try Forge.result(Forge().token, ring(KeyOwner(end: end))).get()
        #expect(holder.expiry == end)
    }

    @Test func `a key is the same if its file is read again, whenever it ends`() throws {
        func id(_ owner: KeyOwner, name: String = "secret") throws -> SigningKey.ID {
            try KeyReader.keysNow(TestKeys.secret, .secret, name: name, owner: owner)[0].id
        }
        let first = try id(KeyOwner(issuer: "a"))
        #expect(try id(KeyOwner(issuer: "a", end: 5), name: "other") == first)
        #expect(try id(KeyOwner(issuer: "b")) != first)
        #expect(try id(KeyOwner(issuer: "a", audience: "c")) != first)
        let holder = try Forge.result(Forge().token, ring()).get()
        #expect(holder.key == (try id(KeyOwner())))
    }

    @Test func `each of several keys is tried`() throws {
        let other = Array(repeating: UInt8(7), count: 64)
        let keys =
            try KeyReader.keysNow(other, .secret, name: "other")
            + KeyReader.keysNow(TestKeys.secret, .secret, name: "secret")
        #expect(throws: Never.self) { try Forge.result(Forge().token, KeyRing(keys)).get() }
        let named = Forge(header: #"{"alg":"HS256","kid":"other"}"#)
        #expect(Forge.result(named.token, KeyRing(keys)) == .failure(.wrongSignature))
    }
}
