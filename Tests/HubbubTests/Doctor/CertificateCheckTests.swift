import Chat
import Testing

@testable import hubbub

/// Checks of made-up certificates.
@Suite struct CertificateCheckTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let day: Int64 = 86_400
    private static let good = CertificateFacts.Sound(
        names: ["a.example"], validFrom: 0, validUntil: now.milliseconds / 1_000 + 31 * day)

    /// The term of a certificate, in days from now, and what is said of it.
    struct Term: Sendable {
        let fromDay: Int64
        let toDay: Int64
        let names: [String]
        let standing: CheckStanding?
        let remedy: String
    }

    static let terms = [
        Term(fromDay: -9, toDay: 31, names: ["a"], standing: nil, remedy: ""),
        Term(fromDay: -9, toDay: 29, names: ["a"], standing: .doubtful, remedy: "renewed"),
        Term(fromDay: -9, toDay: 13, names: ["a"], standing: .unfit, remedy: "renew /c"),
        Term(fromDay: -9, toDay: -1, names: ["a"], standing: .unfit, remedy: "renew /c now"),
        Term(fromDay: 1, toDay: 31, names: ["a"], standing: .unfit, remedy: "clock"),
        Term(fromDay: -9, toDay: 31, names: [], standing: .unfit, remedy: "subjectAltName"),
    ]

    @Test(arguments: terms)
    func `a certificate that ends soon, or is for nobody, is named`(term: Term) {
        let now = Self.now.milliseconds / 1_000
        let sound = CertificateFacts.Sound(
            names: term.names, validFrom: now + term.fromDay * Self.day,
            validUntil: now + term.toDay * Self.day)
        let facts = CertificateFacts(
            certificate: "/c", key: "/k", content: .sound(sound), keyMode: 0o640)
        let wrong = CertificateCheck.all(of: facts, now: Self.now).filter { $0.standing != .fit }
        #expect(wrong.map(\.standing) == (term.standing.map { [$0] } ?? []))
        #expect(wrong.allSatisfy { $0.remedy.contains(term.remedy) })
    }

    @Test func `a pair that can't be used, and a key for everybody, are named`() {
        var facts = CertificateFacts(
            certificate: "/c", key: "/k", content: .faulty("why"), keyMode: nil)
        #expect(CertificateCheck.all(of: facts, now: Self.now).map(\.remedy) == ["why"])
        (facts.content, facts.keyMode) = (.sound(Self.good), 0o644)
        let wrong = CertificateCheck.all(of: facts, now: Self.now).filter { !$0.isFit }
        #expect(wrong.map(\.remedy) == ["chmod o-rwx '/k'"])
    }
}
