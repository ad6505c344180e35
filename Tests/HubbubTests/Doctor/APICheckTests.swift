import Testing

@testable import hubbub

/// Checks of made-up facts about the HTTP API.
@Suite struct APICheckTests {
    private static func wrong(_ facts: APIFacts) -> [HostCheck] {
        APICheck.all(of: facts).filter { $0.standing != .fit }
    }

    @Test func `nothing is said of what isn't set`() {
        #expect(APICheck.all(of: APIFacts()).isEmpty)
    }

    @Test func `a file of secrets that can't be used, or is for everybody, is named`() {
        var secret = APIFacts.Secret(name: "keys", path: "/k", fault: nil, mode: 0o600)
        #expect(Self.wrong(APIFacts(secrets: [secret])).isEmpty)
        secret.mode = 0o644
        #expect(Self.wrong(APIFacts(secrets: [secret])).map(\.remedy) == ["chmod o-rwx '/k'"])
        (secret.fault, secret.mode) = ("why", nil)
        #expect(Self.wrong(APIFacts(secrets: [secret])).map(\.remedy) == ["why"])
        #expect(!APICheck.all(of: APIFacts(secrets: [secret]))[0].isFit)
    }

    @Test(
        arguments: [(.free, .fit), (.used, .doubtful), (.faulty("why"), .unfit)]
            as [(APIFacts.Listening.Outcome, CheckStanding)])
    func `an address for operators can be listened on`(
        outcome: APIFacts.Listening.Outcome, standing: CheckStanding
    ) {
        let facts = APIFacts(
            listening: APIFacts.Listening(place: "127.0.0.1:9090", outcome: outcome))
        #expect(APICheck.all(of: facts).map(\.standing) == [standing])
    }

    @Test(
        arguments: [
            ("https://a.example/", true, .fit), ("http://127.0.0.1:9000/check", true, .fit),
            ("http://[::1]:9000/", true, .fit), ("http://localhost/", true, .fit),
            ("https://a.example/", false, .doubtful), ("http://a.example/", true, .doubtful),
        ] as [(String, Bool, CheckStanding)])
    func `lines are checked by somebody who can trust the question`(
        url: String, isSigned: Bool, standing: CheckStanding
    ) {
        let facts = APIFacts(check: APIFacts.Check(url: url, isSigned: isSigned))
        #expect(APICheck.all(of: facts).map(\.standing) == [standing])
    }
}
