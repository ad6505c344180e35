import TLS
import Testing

@Suite struct ServerCredentialsTests {
    @Test func knowsItsNames() throws {
        let one = try Certificates.credentials(Certificates.one, Certificates.oneKey)
        let names = one.names
        #expect(names == ["one.example", "*.wild.example", "127.0.0.1", "0:0:0:0:0:0:0:1"])
        let seconds = one.validUntil - one.validFrom
        #expect(seconds == 36_500 * 86_400)
        let two = try Certificates.credentials(Certificates.two, Certificates.twoKey)
        let fingerprints = [one.fingerprint, two.fingerprint]
        #expect(Set(fingerprints).count == 2)
    }

    @Test func takesTheCommonNameIfThereIsNoOther() throws {
        let weak = try Certificates.credentials(Certificates.weak, Certificates.weakKey)
        let names = weak.names
        #expect(names == ["weak.example"])
    }

    @Test func takesBothFromOneFile() throws {
        let both = Certificates.bytes(Certificates.oneKey + Certificates.one + Certificates.two)
        let one = try ServerCredentials(chain: both, key: both)
        let name = one.names.first
        #expect(name == "one.example")
    }

    @Test(arguments: [
        ("", Certificates.oneKey, CredentialsProblem.noCertificate),
        ("nonsense", Certificates.oneKey, .noCertificate),
        (Certificates.oneKey, Certificates.oneKey, .noCertificate),
        (String(Certificates.one.prefix(300)), Certificates.oneKey, .brokenCertificate),
        (Certificates.one + Certificates.two.prefix(300), Certificates.oneKey, .brokenCertificate),
        (Certificates.one, "", .noKey),
        (Certificates.one, Certificates.one, .noKey),
        (Certificates.one, Certificates.lockedKey, .encryptedKey),
        (Certificates.one, String(Certificates.oneKey.prefix(150)), .brokenKey),
        (Certificates.one, Certificates.twoKey, .mismatch),
        (Certificates.one + Certificates.two, Certificates.twoKey, .wrongOrder),
    ])
    func saysWhatIsWrong(chain: String, key: String, problem: CredentialsProblem) {
        #expect(throws: problem) { try Self.parse(chain, key) }
    }

    private static func parse(_ chain: String, _ key: String) throws(CredentialsProblem) {
        _ = try Certificates.credentials(chain, key)
    }

    /// A file that is being written may be cut anywhere.
    @Test func acceptsNoPartOfAFile() {
        for cut in 0..<Certificates.one.utf8.count - 1 {
            #expect(throws: CredentialsProblem.self) {
                try Self.parse(String(Certificates.one.prefix(cut)), Certificates.oneKey)
            }
        }
        for cut in 0..<Certificates.oneKey.utf8.count - 1 {
            #expect(throws: CredentialsProblem.self) {
                try Self.parse(Certificates.one, String(Certificates.oneKey.prefix(cut)))
            }
        }
    }

    @Test func refusesAWeakKey() throws {
        let weak = try Certificates.credentials(Certificates.weak, Certificates.weakKey)
        let tickets = try #require(TicketKeys())
        let context = try #require(TLSServerContext(tickets: tickets))
        var problem: CredentialsProblem?
        do throws(CredentialsProblem) { try context.add(weak) } catch { problem = error }
        #expect(problem == .tooWeak)
    }
}
