import Identity
import Testing

@Suite struct RevocationsTests {
    private func holder(_ sub: String = "u1", issuedAt: Int64 = 0, jti: String? = nil) -> Principal
    {
        Principal(
            sub: sub, name: nil, rights: Rights(role: .member), expiry: .max, issuedAt: issuedAt,
            jti: jti)
    }

    private func revocations(_ all: Revocation...) -> Revocations {
        var revocations = Revocations()
        for revocation in all { revocations.add(revocation) }
        return revocations
    }

    @Test func `a user's older tokens are revoked`() {
        let revocations = revocations(
            .user("u1", issuedBefore: 100), .user("u1", issuedBefore: 50))
        #expect(revocations.cover(holder(issuedAt: 99)))
        #expect(revocations.cover(holder()))
        #expect(!revocations.cover(holder(issuedAt: 100)))
        #expect(!revocations.cover(holder("u2")))
        #expect(revocations.count == 1)
    }

    @Test func `a token is revoked by its name`() {
        let revocations = revocations(.token(jti: "t1"))
        #expect(revocations.cover(holder(jti: "t1")))
        #expect(!revocations.cover(holder(jti: "t2")) && !revocations.cover(holder()))
    }

    @Test func `all tokens that were issued before a time are revoked`() {
        let revocations = revocations(.all(issuedBefore: 100), .all(issuedBefore: 10))
        #expect(revocations.cover(holder(issuedAt: 99)) && revocations.cover(holder("u2")))
        #expect(!revocations.cover(holder(issuedAt: 100)))
    }

    @Test func `names differ by their bytes`() {
        let revocations = revocations(.user("\u{E9}", issuedBefore: 1))
        #expect(revocations.cover(holder("\u{E9}")) && !revocations.cover(holder("e\u{301}")))
    }

    @Test func `all of them say the same again`() {
        let first = revocations(
            .user("b", issuedBefore: 2), .token(jti: "y"), .all(issuedBefore: 3),
            .user("a", issuedBefore: 1), .user("a", issuedBefore: 5), .token(jti: "x"))
        #expect(
            first.all == [
                .all(issuedBefore: 3), .user("a", issuedBefore: 5), .user("b", issuedBefore: 2),
                .token(jti: "x"), .token(jti: "y"),
            ])
        var again = Revocations()
        for revocation in first.all { again.add(revocation) }
        #expect(again.all == first.all)
    }
}
