internal import Reactor
internal import TLS

/// The files of a certificate and its key.
struct CertificateFiles: Equatable, Sendable {
    let certificate: String
    /// Nil if the key is in the same file.
    let key: String?

    /// Bytes of a file. A chain has some thousand.
    private static let limit = 1 << 20

    var paths: [String] { [certificate] + (key.map { [$0] } ?? []) }

    /// Why files can't be used, in one line that names the file and the remedy.
    struct Refusal: Error, Equatable {
        let isKey: Bool
        let path: String
        let reason: String

        /// The flag and the file.
        var place: String { "--tls-\(isKey ? "key" : "certificate") \(path)" }
    }

    /// Reads all files.
    static func read(
        _ files: [CertificateFiles]
    ) throws(Refusal) -> [ServerCertificates.Pair] {
        var pairs: [ServerCertificates.Pair] = []
        for each in files { pairs.append(try each.read()) }
        return pairs
    }

    private func read() throws(Refusal) -> ServerCertificates.Pair {
        let chain = try Self.read(certificate, isKey: false)
        let key = try key.map { path throws(Refusal) in try Self.read(path, isKey: true) }
        return ServerCertificates.Pair(chain: chain, key: key ?? chain)
    }

    /// The certificate and its key, if the daemon could use them.
    func credentials() throws(Refusal) -> ServerCredentials {
        let pair = try read()
        do throws(CredentialsProblem) {
            return try ServerCredentials(chain: pair.chain, key: pair.key)
        } catch {
            throw refusal(error)
        }
    }

    private static func read(_ path: String, isKey: Bool) throws(Refusal) -> [UInt8] {
        do throws(SystemError) {
            return try SystemCalls.readFile(path, limit: limit)
        } catch {
            throw Refusal(
                isKey: isKey, path: path,
                reason: "\(SystemError.text(error.errno)); name a file in PEM that the daemon's "
                    + "user can read")
        }
    }

    /// The reason why a pair was refused.
    static func refusal(
        _ refusal: ServerCertificates.Refusal, _ files: [CertificateFiles]
    ) -> Refusal {
        files[refusal.pair].refusal(refusal.problem)
    }

    private func refusal(_ problem: CredentialsProblem) -> Refusal {
        let isKey: Bool
        let reason: String
        switch problem {
        case .noCertificate:
            isKey = false
            reason =
                "it holds no certificate in PEM; give one that begins with "
                + "-----BEGIN CERTIFICATE-----, such as certbot's fullchain.pem"
        case .brokenCertificate:
            isKey = false
            reason = "a certificate in it is damaged or cut off; copy it again"
        case .noKey:
            isKey = key != nil
            reason =
                "it holds no private key in PEM; "
                + (isKey
                    ? "give one such as certbot's privkey.pem"
                    : "name the key's file with --tls-key")
        case .encryptedKey:
            isKey = true
            reason = "the key has a password; remove it with `openssl pkey -in FILE -out NEW`"
        case .brokenKey:
            isKey = true
            reason = "the key is damaged or cut off; copy it again"
        case .mismatch:
            isKey = true
            reason = "it isn't the key of \(certificate); give both in the same order"
        case .tooWeak:
            isKey = false
            reason =
                "OpenSSL finds its key or its signature too weak; get one with RSA 2048, or "
                + "P-256, and SHA-256"
        case .wrongOrder:
            isKey = false
            reason =
                "its first certificate isn't the one of the key; put the server's own first, then "
                + "those that lead to the root"
        case .unusableKey:
            isKey = true
            reason =
                "TLS has no use for this kind of key; make one with RSA 2048, or P-256, and get a "
                + "certificate for it"
        case .noMemory:
            isKey = false
            reason = "there is no memory for it"
        }
        return Refusal(
            isKey: isKey, path: isKey ? key ?? certificate : certificate,
            reason: reason)
    }
}
