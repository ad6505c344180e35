internal import Chat
internal import Dispatch
internal import Logging
internal import Reactor
internal import Synchronization
internal import TLS

/// Watches the files of certificates, and replaces the certificates when they have changed and fit
/// together. Files that don't fit change nothing: they may be half written.
final class CertificateWatch: Sendable {
    private struct Seen {
        var files: [CertificateFiles]
        var pairs: [ServerCertificates.Pair]
        var stamps: [FileStamp?]
        /// Whether the files are read again even if they look the same: they couldn't be used, or a
        /// change could have come in the same moment as the last one.
        var isUnsettled = true
        var refusal: CertificateFiles.Refusal?
        /// Whether the refusal is in the log.
        var isTold = false
    }

    /// Seconds between two looks. A look costs two system calls for each pair.
    private static let interval = 2.0

    let certificates: ServerCertificates
    private let log: Logger
    private let seen: Mutex<Seen>
    private let queue = DispatchQueue(label: "certificates")

    /// - Parameter pairs: the content of the files that is in use.
    init(
        _ files: [CertificateFiles], _ pairs: [ServerCertificates.Pair],
        _ certificates: ServerCertificates, log: Logger
    ) {
        (self.certificates, self.log) = (certificates, log)
        seen = Mutex(Seen(files: files, pairs: pairs, stamps: []))
    }

    /// Looks at the files from now on, every two seconds, as long as the object exists.
    func start() {
        tellDoubts()
        lookLater()
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self else { return }
            look()
            lookLater()
        }
    }

    /// Watches these files from now on, and takes them. Their pairs must have been used before.
    /// Returns why they can't be used, or nil.
    func take(_ files: [CertificateFiles]) -> CertificateFiles.Refusal? {
        seen.withLock { $0.files = files }
        return reload()
    }

    /// Takes the files as they are now. Returns why they can't be used, or nil.
    func reload() -> CertificateFiles.Refusal? { look(isForced: true) }

    /// Looks at the files once.
    @discardableResult
    func look(isForced: Bool = false) -> CertificateFiles.Refusal? {
        seen.withLock { seen in
            let stamps = seen.files.flatMap(\.paths).map { SystemCalls.stamp($0) }
            guard isForced || seen.isUnsettled || stamps != seen.stamps else { return nil }
            seen.isUnsettled = stamps != seen.stamps
            seen.stamps = stamps
            let refusal = take(&seen)
            if let refusal {
                // The other file of a pair may follow at once. So it is told the second time.
                if !seen.isTold, isForced || seen.refusal == refusal { tell(refusal, &seen) }
                if seen.refusal != refusal { seen.isTold = false }
                seen.isUnsettled = true
            } else {
                seen.isTold = false
            }
            seen.refusal = refusal
            return refusal
        }
    }

    /// Replaces the certificates if the files have other ones.
    private func take(_ seen: inout Seen) -> CertificateFiles.Refusal? {
        do throws(CertificateFiles.Refusal) {
            let pairs = try CertificateFiles.read(seen.files)
            guard pairs != seen.pairs else { return nil }
            do throws(ServerCertificates.Refusal) {
                try certificates.replace(with: pairs)
            } catch {
                return CertificateFiles.refusal(error, seen.files)
            }
            seen.pairs = pairs
            let names = certificates.report().certificates.map(\.name).joined(separator: ", ")
            log.notice("New certificates are in use", metadata: ["names": "\(names)"])
            tellDoubts()
            return nil
        } catch {
            return error
        }
    }

    private func tell(_ refusal: CertificateFiles.Refusal, _ seen: inout Seen) {
        seen.isTold = true
        certificates.countRefusal()
        log.warning(
            "The old certificates stay in use: the new ones can't be used",
            metadata: ["file": "\(refusal.place)", "reason": "\(refusal.reason)"])
    }

    /// A certificate that isn't valid is used anyway, because the server's clock may be wrong, and
    /// so is one that only browsers refuse.
    private func tellDoubts() {
        let now = SystemCalls.now().milliseconds / 1_000
        for certificate in certificates.report().certificates {
            var metadata: Logger.Metadata = ["name": "\(certificate.name)"]
            if !certificate.isForBrowsers {
                log.warning(
                    "Browsers refuse a certificate with this kind of key; get P-256 or RSA",
                    metadata: metadata)
            }
            if certificate.validUntil < now {
                metadata["days"] = "\((now - certificate.validUntil) / 86_400)"
                log.warning(
                    "A certificate has expired: clients refuse it; renew it", metadata: metadata)
            } else if certificate.validFrom > now {
                metadata["days"] = "\((certificate.validFrom - now) / 86_400)"
                log.warning(
                    "A certificate isn't valid yet: clients refuse it; check the clock",
                    metadata: metadata)
            }
        }
    }
}
