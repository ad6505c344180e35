internal import ArgumentParser
internal import Foundation
internal import TLS

/// The certificates to check: the daemon's own settings.
struct CertificateOptions: ParsableArguments {
    @Option(
        repeatable: Setting(
            flag: "tls-certificate", placeholder: "file",
            what: "Certificate with its chain, in PEM; repeat it, or separate by commas",
            accepted: "a file", fallback: [], fallbackText: "none",
            parse: { $0.split(separator: ",").map(String.init) }))
    var certificate: [Given<[String]>]

    @Option(
        repeatable: Setting(
            flag: "tls-key", placeholder: "file",
            what: "Private key of the certificate at the same place, in PEM",
            accepted: "a file", fallback: [], fallbackText: "it is in the certificate's file",
            parse: { $0.split(separator: ",").map(String.init) }))
    var key: [Given<[String]>]

    /// What can be read of them now.
    func present() throws(Complaint) -> [CertificateFacts] {
        let (certificates, keys) = (try Self.paths(certificate), try Self.paths(key))
        guard keys.isEmpty || keys.count == certificates.count else {
            throw Complaint(
                .usage,
                "--tls-key: \(keys.count) keys for \(certificates.count) certificates; give one "
                    + "for each, or none if the keys are in the certificates' files")
        }
        return certificates.enumerated().map { place, certificate in
            CertificateFacts.read(certificate, key: keys.isEmpty ? certificate : keys[place])
        }
    }

    private static func paths(_ given: [Given<[String]>]) throws(Complaint) -> [String] {
        var paths: [String] = []
        for each in given { paths += try each.value() }
        return paths
    }
}

extension CertificateFacts {
    /// Reads a pair of files in PEM.
    static func read(_ certificate: String, key: String) -> CertificateFacts {
        var facts = CertificateFacts(
            certificate: certificate, key: key, content: .faulty(""),
            keyMode: SystemCalls.file(at: key, followingLinks: true)?.mode)
        var texts: [[UInt8]] = []
        for path in [certificate, key] {
            guard let text = FileManager.default.contents(atPath: path) else {
                facts.content = .faulty(
                    "\(path) can't be read: name a file that this user may read")
                return facts
            }
            texts.append(Array(text))
        }
        do throws(CredentialsProblem) {
            let credentials = try ServerCredentials(chain: texts[0], key: texts[1])
            facts.content = .sound(
                Sound(
                    names: credentials.names, validFrom: credentials.validFrom,
                    validUntil: credentials.validUntil))
        } catch {
            facts.content = .faulty(error.text(certificate: certificate, key: key))
        }
        return facts
    }
}

extension CredentialsProblem {
    /// What is wrong, and the remedy.
    fileprivate func text(certificate: String, key: String) -> String {
        switch self {
        case .noCertificate: "\(certificate) has no certificate: give one in PEM"
        case .brokenCertificate: "\(certificate) is broken or only half there: write it again"
        case .noKey: "\(key) has no private key: give it in PEM with --tls-key"
        case .encryptedKey: "\(key) has a password: take it away (openssl pkey)"
        case .brokenKey: "\(key) is broken or only half there: write it again"
        case .mismatch: "\(key) isn't the key of \(certificate): give the one that belongs to it"
        case .tooWeak: "\(certificate) or its key is too weak: get one with 2048 bits, or ECDSA"
        case .noMemory: "there is no memory to read \(certificate)"
        }
    }
}
