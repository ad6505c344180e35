internal import ArgumentParser
internal import TLS

/// The certificates to check: the daemon's own settings.
struct CertificateOptions: ParsableArguments {
    @Option(repeatable: .tlsCertificate) var certificate: [Given<[String]>]

    @Option(repeatable: .tlsKey) var key: [Given<[String]>]

    /// What can be read of them now. Throws if the flags don't fit together.
    func present() throws(FaultList) -> [CertificateFacts] {
        // Faults of the configuration file have a check of their own.
        var reading = SettingsReading(faults: FaultList())
        let sources = EncryptionSettings.sources(certificate, key, &reading)
        try reading.faults.check()
        return sources.map { CertificateFacts.read($0.files) }
    }
}

extension CertificateFacts {
    /// Reads a pair of files in PEM.
    static func read(_ files: CertificateFiles) -> CertificateFacts {
        let key = files.key ?? files.certificate
        return CertificateFacts(
            certificate: files.certificate, key: key, content: content(of: files),
            keyMode: SystemCalls.file(at: key, followingLinks: true)?.mode)
    }

    private static func content(of files: CertificateFiles) -> Content {
        do throws(CertificateFiles.Refusal) {
            let credentials = try files.credentials()
            return .sound(
                Sound(
                    names: credentials.names, validFrom: credentials.validFrom,
                    validUntil: credentials.validUntil,
                    isForBrowsers: credentials.isForBrowsers))
        } catch {
            return .faulty("\(error.path): \(error.reason)")
        }
    }
}
