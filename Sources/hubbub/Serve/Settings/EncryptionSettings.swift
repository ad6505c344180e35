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

    /// Nil if nothing is encrypted, or if the settings are faulty.
    init?(_ options: EncryptionOptions, _ reading: inout SettingsReading) {
        listen = reading.value(of: options.listen)
        strictTransport = reading.value(of: options.hsts)
        let sources = Self.sources(options.certificate, options.key, &reading)
        guard !sources.isEmpty else {
            let remedy = "there is no certificate; give one with --tls-certificate"
            if listen != nil { reading.faults.append(options.listen.complaint(remedy)) }
            if strictTransport > 0 { reading.faults.append(options.hsts.complaint(remedy)) }
            return nil
        }
        files = sources.map(\.files)
        do throws(CertificateFiles.Refusal) {
            pairs = try CertificateFiles.read(files)
            certificates = try Self.certificates(pairs, files)
        } catch {
            let source = sources.first { $0.files.paths.contains(error.path) }
            reading.faults.append(Self.complaint(error, at: source?.place))
            return nil
        }
    }

    /// The files of a pair, and where they are named in the configuration file.
    struct Source {
        let files: CertificateFiles
        let place: FilePlace?
    }

    /// The pairs of the flags or variables, or else those of the configuration file.
    static func sources(
        _ certificate: [Given<[String]>], _ key: [Given<[String]>],
        _ reading: inout SettingsReading
    ) -> [Source] {
        let maps = ConfigurationScope.current.file.maps(of: Schema.certificates.key)
        let isInFile = certificate.contains { $0.source.place != nil }
        if let map = maps.first, isInFile {
            reading.faults.add(
                map.place,
                "\(Schema.certificates.key): tls-certificate is there, too; leave out one")
        }
        let paths = certificate.flatMap { given in
            reading.value(of: given).map { ($0, given.source.place) }
        }
        let keys = key.flatMap { reading.value(of: $0) }
        guard !paths.isEmpty else {
            if let key = key.last, !keys.isEmpty {
                reading.faults.append(
                    key.complaint("there is no certificate; give one with --tls-certificate"))
            }
            return maps.compactMap { map in
                guard let path = map.values.texts(of: "certificate").first else { return nil }
                let key = map.values.texts(of: "key").first
                return Source(
                    files: CertificateFiles(certificate: path.text, key: key?.text),
                    place: path.place)
            }
        }
        if !keys.isEmpty, keys.count != paths.count, let last = key.last {
            let problem =
                "\(keys.count) keys for \(paths.count) certificates; give one for each "
                + "--tls-certificate, in the same order, or none if each is in its "
                + "certificate's file"
            let place = last.source.place
            reading.faults.append(
                Complaint(
                    place == nil ? .usage : .configuration,
                    (place.map { "\($0): tls-key" } ?? "--tls-key") + ": " + problem, at: place))
            return []
        }
        return paths.enumerated().map { number, path in
            Source(
                files: CertificateFiles(
                    certificate: path.0, key: keys.isEmpty ? nil : keys[number]),
                place: path.1)
        }
    }

    private static func complaint(
        _ refusal: CertificateFiles.Refusal, at place: FilePlace?
    ) -> Complaint {
        guard let place else { return Complaint(.data, "\(refusal.place): \(refusal.reason)") }
        let name = refusal.isKey ? "key" : "certificate"
        return Complaint(
            .configuration, "\(place): \(name): \(refusal.path): \(refusal.reason)", at: place)
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
