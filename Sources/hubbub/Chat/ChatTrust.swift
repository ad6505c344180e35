internal import ChatClient
internal import Foundation
internal import TLS

/// Which servers `hubbub chat` trusts, and what helps if one isn't.
struct ChatTrust {
    /// Nil for a server without TLS.
    let context: TLSClientContext?
    let isInsecure: Bool

    init(_ options: ChatCommand, for url: WebSocketURL) throws(Complaint) {
        isInsecure = options.insecure
        guard url.isSecure else {
            let flag = isInsecure ? "--insecure" : "--ca"
            guard !isInsecure, options.ca.source != .commandLine else {
                throw Complaint(
                    .usage, "\(flag): \(url.text) has no TLS; use wss://, or leave the flag out")
            }
            context = nil
            return
        }
        guard !isInsecure || options.ca.source != .commandLine else {
            throw Complaint(.usage, "--insecure and --ca exclude each other; give one")
        }
        var roots: [UInt8]?
        if !isInsecure, let path = try options.ca.value() {
            guard let content = FileManager.default.contents(atPath: path) else {
                throw options.ca.complaint("the file can't be read; give one in PEM")
            }
            roots = Array(content)
        }
        guard let context = TLSClientContext(verifies: !isInsecure, roots: roots) else {
            guard roots != nil else {
                throw Complaint(.system, "TLS can't be set up: there is not enough memory")
            }
            throw options.ca.complaint("the file holds no certificate in PEM; give one that does")
        }
        self.context = context
    }

    /// What helps against a failure, to be appended to its reason. Empty if nothing is known.
    static func remedy(for failure: ClientFailure, at url: WebSocketURL) -> String {
        switch failure {
        case .notTLS: "; use ws:// if the server has no TLS"
        case .untrusted(let problem): "; \(remedy(for: problem)), or skip the check with --insecure"
        case .refused(let refusal) where refusal.isRedirection && !url.isSecure:
            "; use wss:// if the server has TLS"
        case .refused, .handshake, .violation, .ended, .tls: ""
        }
    }

    private static func remedy(for problem: CertificateProblem) -> String {
        switch problem {
        case .expired: "renew it on the server"
        case .notYetValid: "check the clocks of both machines"
        case .otherHost: "use a name that it has"
        case .selfSigned, .unknownIssuer: "trust its authority with --ca FILE"
        case .other: "replace it on the server"
        }
    }
}
