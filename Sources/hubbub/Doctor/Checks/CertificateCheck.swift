internal import Chat

/// Checks certificates: that they are readable, belong to their keys, and don't end soon.
enum CertificateCheck {
    private static let day: Int64 = 86_400
    /// Days before the end in which it must be renewed. Programs that renew by themselves do it
    /// earlier, so they have failed by then.
    private static let urgent: Int64 = 14
    /// Days before the end in which it should be renewed.
    private static let soon: Int64 = 30

    static func all(of facts: CertificateFacts, now: Timestamp?) -> [HostCheck] {
        let name = "certificate \(facts.certificate)"
        switch facts.content {
        case .faulty(let reason):
            return [HostCheck(name, "can't be used", .unfit, reason)]
        case .sound(let sound):
            let names = sound.names.isEmpty ? "no name" : sound.names.joined(separator: ", ")
            var matching = HostCheck(name, "for \(names); it belongs to \(facts.key)")
            if sound.names.isEmpty {
                matching = HostCheck(
                    name, "for no name", .unfit,
                    "browsers refuse it: get one with the host's name as a subjectAltName")
            } else if !sound.isForBrowsers {
                matching = HostCheck(
                    name, "for \(names)", .doubtful,
                    "browsers refuse its kind of key: get one with P-256 or RSA")
            }
            return [matching, end(sound, now: now, facts.certificate), key(facts)]
        }
    }

    private static func end(
        _ sound: CertificateFacts.Sound, now: Timestamp?, _ path: String
    ) -> HostCheck {
        let name = "certificate is valid until"
        let end = Timestamp(milliseconds: sound.validUntil * 1_000).text
        guard let now = now.map({ $0.milliseconds / 1_000 }) else { return HostCheck(name, end) }
        if now < sound.validFrom {
            let start = Timestamp(milliseconds: sound.validFrom * 1_000).text
            return HostCheck(
                name, "\(end), but only from \(start) on", .unfit,
                "check the clock, or wait with this certificate")
        }
        if now >= sound.validUntil {
            return HostCheck(name, "\(end): it has ended", .unfit, "renew \(path) now")
        }
        let days = (sound.validUntil - now) / day
        let found = "\(end), \(days) days from now"
        if days < urgent {
            return HostCheck(name, found, .unfit, "renew \(path); the daemon takes it by itself")
        }
        if days < soon {
            return HostCheck(
                name, found, .doubtful, "see that \(path) is renewed; the daemon takes it by itself"
            )
        }
        return HostCheck(name, found)
    }

    private static func key(_ facts: CertificateFacts) -> HostCheck {
        let name = "key \(facts.key)"
        guard let mode = facts.keyMode else { return HostCheck(name, "can't be read here") }
        return PermissionCheck.secret(name, at: facts.key, mode: mode)
    }
}
