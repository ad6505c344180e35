internal import Reactor
internal import TLS

/// The settings of encryption, if there is any.
struct EncryptionSettings {
    let files: [CertificateFiles]
    /// What the files hold.
    let pairs: [ServerCertificates.Pair]
    let certificates: ServerCertificates
    /// Where to listen, if not on the port of the rest.
    let listen: ListenText?
    let strictTransport: Int

    /// Nil if nothing is encrypted.
    init?(_ options: EncryptionOptions) throws(Complaint) {
        var paths: [String] = []
        for given in options.certificate { paths += try given.value() }
        var keys: [String] = []
        for given in options.key { keys += try given.value() }
        listen = try options.listen.value()
        strictTransport = try options.hsts.value()
        guard !paths.isEmpty else {
            try Self.refuse(options.listen, if: listen != nil)
            try Self.refuse(options.hsts, if: strictTransport > 0)
            if let key = options.key.last { try Self.refuse(key, if: !keys.isEmpty) }
            return nil
        }
        guard keys.isEmpty || keys.count == paths.count else {
            throw Complaint(
                .usage,
                "--tls-key: \(keys.count) keys for \(paths.count) certificates; give one for each "
                    + "--tls-certificate, in the same order, or none if each is in its "
                    + "certificate's file")
        }
        files = paths.enumerated().map { number, path in
            CertificateFiles(certificate: path, key: keys.isEmpty ? nil : keys[number])
        }
        do throws(CertificateFiles.Refusal) {
            pairs = try CertificateFiles.read(files)
            certificates = try Self.certificates(pairs, files)
        } catch {
            throw Complaint(.data, "\(error.place): \(error.reason)")
        }
    }

    private static func refuse<Value>(
        _ given: Given<Value>, if isSet: Bool
    ) throws(Complaint) {
        guard isSet else { return }
        throw given.complaint("there is no certificate; give one with --tls-certificate")
    }

    private static func certificates(
        _ pairs: [ServerCertificates.Pair], _ files: [CertificateFiles]
    ) throws(CertificateFiles.Refusal) -> ServerCertificates {
        do throws(ServerCertificates.Refusal) {
            return try ServerCertificates(pairs)
        } catch {
            throw CertificateFiles.refusal(error, files)
        }
    }
}
