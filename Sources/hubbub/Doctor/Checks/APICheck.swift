internal import Foundation

/// Checks what the HTTP API, operators and the check of lines need: that files with secrets are
/// readable, and for few, and that addresses can be used.
enum APICheck {
    static func all(of facts: APIFacts) -> [HostCheck] {
        facts.secrets.flatMap { secret($0) } + [listening(facts), check(facts)].compactMap(\.self)
    }

    private static func secret(_ facts: APIFacts.Secret) -> [HostCheck] {
        let name = "\(facts.name), \(facts.path)"
        let content =
            facts.fault.map { HostCheck(name, "can't be used", .unfit, $0) }
            ?? HostCheck(name, "readable, and without faults")
        // Of a file that isn't there, nothing else can be said.
        guard let mode = facts.mode else { return [content] }
        let permissions = "permissions of \(facts.path)"
        return [content, PermissionCheck.secret(permissions, at: facts.path, mode: mode)]
    }

    private static func listening(_ facts: APIFacts) -> HostCheck? {
        guard let listening = facts.listening else { return nil }
        let name = "address of --admin-listen, \(listening.place)"
        return switch listening.outcome {
        case .free: HostCheck(name, "free")
        case .used:
            HostCheck(
                name, "in use", .doubtful,
                "if the daemon runs, it is the one; otherwise give another address or port")
        case .faulty(let reason):
            HostCheck(name, reason, .unfit, "give another address or port of this machine")
        }
    }

    private static func check(_ facts: APIFacts) -> HostCheck? {
        guard let check = facts.check else { return nil }
        let name = "address of --check-url, \(check.url)"
        guard check.url.hasPrefix("https://") || isOfThisMachine(check.url) else {
            return HostCheck(
                name, "not encrypted", .doubtful,
                "others may read and change what is said: use https, or a receiver on this machine")
        }
        guard check.isSigned else {
            return HostCheck(
                name, "questions aren't signed", .doubtful,
                "give --check-secret-file, so that the receiver knows who asks")
        }
        return HostCheck(name, "questions are signed")
    }

    private static func isOfThisMachine(_ url: String) -> Bool {
        let host = URL(string: url)?.host() ?? ""
        return host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
