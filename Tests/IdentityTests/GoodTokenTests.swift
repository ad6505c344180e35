import Chat
import Identity
import Testing

/// Tokens as they should be, and what they say.
@Suite struct GoodTokenTests {
    @Test(arguments: Algorithm.allCases)
    func `each algorithm is accepted`(_ algorithm: Algorithm) throws {
        let forge = Forge(
            header: #"{"alg":"\#(algorithm.rawValue)","typ":"JWT"}"#,
            sign: Forge.signer(algorithm))
        let holder = try Forge.result(forge.token).get()
        #expect(holder.sub == "u1")
        #expect(holder.name == nil)
        #expect(holder.role == .member)
        #expect(holder.expiry == 1_780_003_600_000)
    }

    @Test(arguments: Algorithm.allCases)
    func `a signature of other claims is refused`(_ algorithm: Algorithm) throws {
        let sign = Forge.signer(algorithm)
        let forge = Forge(header: #"{"alg":"\#(algorithm.rawValue)"}"#, sign: { sign($0 + [0]) })
        #expect(Forge.result(forge.token) == .failure(.wrongSignature))
    }

    @Test func `all claims are taken`() throws {
        let forge = Forge.claiming(
            #""name":" Ann ","role":"vip","iat":1780000000,"nbf":1780000030,"jti":"t1","iss":"me""#)
        let holder = try Forge.result(forge.token).get()
        #expect(holder.name == "Ann")
        #expect(holder.role == .vip)
        #expect(holder.issuedAt == 1_780_000_000)
        #expect(holder.jti == "t1")
        #expect(holder.issuer == "me")
    }

    @Test func `a fraction of a second is cut`() throws {
        let forge = Forge(claims: #"{"sub":"u1","exp":1780003600.999,"nbf":1780000030.9}"#)
        #expect(try Forge.result(forge.token).get().expiry == 1_780_003_600_000)
    }

    @Test func `a token is good until its last second`() {
        let token = Forge().token
        #expect(throws: Never.self) { try Forge.result(token, after: 3_599).get() }
        #expect(Forge.result(token, after: 3_600) == .failure(.expired))
    }

    @Test func `unknown claims and parameters are ignored`() throws {
        let forge = Forge(
            header: #"{"alg":"HS256","x":{"y":[1]}}"#,
            claims: #"{"sub":"u1","exp":1780003600,"scope":["a"],"x":{"a":{"b":1}}}"#)
        #expect(throws: Never.self) { try Forge.result(forge.token).get() }
    }

    @Test(arguments: ["JWT", "jwt", "at+jwt", "application/at+jwt"])
    func `a type of ours is accepted`(_ type: String) {
        let forge = Forge(header: #"{"alg":"HS256","typ":"\#(type)"}"#)
        #expect(throws: Never.self) { try Forge.result(forge.token).get() }
    }

    @Test func `kid chooses the key`() {
        let forge = Forge(header: #"{"alg":"HS256","kid":"secret"}"#)
        #expect(throws: Never.self) { try Forge.result(forge.token).get() }
    }

    @Test func `the longest token is accepted`() {
        let empty = Forge.claiming(#""x":"""#).token.count
        let room = (TokenRoom.longest - empty) / 4 * 3 - 3
        let token = Forge.claiming(#""x":"\#(String(repeating: "x", count: room))""#).token
        #expect(token.count > TokenRoom.longest - 8 && token.count <= TokenRoom.longest)
        #expect(throws: Never.self) { try Forge.result(token).get() }
    }

    /// The limit, as PROTOCOL's readers know it.
    private enum TokenRoom {
        static let longest = 8_192
    }
}
