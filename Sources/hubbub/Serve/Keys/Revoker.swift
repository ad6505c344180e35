internal import Chat
internal import ChatServer
internal import Dispatch
internal import Identity
internal import Logging

/// Revokes tokens on request: keeps it, and tells the server. It also keeps what owners order in
/// the chat, on a thread of its own.
struct Revoker: RevocationKeeper {
    /// The first word of a request.
    static let request = "revoke"

    /// Nil if nothing is kept.
    private let file: RevocationFile?
    private let inbox: IdentityInbox
    private let wake: @Sendable () -> Void
    private let log: Logger
    /// Tells other nodes. Nil if there are none.
    private let tell: (@Sendable (ServerNotice) -> Void)?
    private let queue = DispatchQueue(label: "revocations")

    init(
        _ file: RevocationFile?, _ inbox: IdentityInbox, wake: @escaping @Sendable () -> Void,
        tell: (@Sendable (ServerNotice) -> Void)? = nil, log: Logger
    ) {
        (self.file, self.inbox, self.wake, self.log) = (file, inbox, wake, log)
        self.tell = tell
    }

    /// Answers a request. Nil if it asks for something else.
    func answer(_ request: String) -> (status: Int32, text: String)? {
        guard request.hasPrefix("\(Self.request) ") else { return nil }
        guard
            let revocation = RevocationText.revocation(request.dropFirst(Self.request.count + 1))
        else { return (Complaint.Status.usage.rawValue, "This is no revocation.\n") }
        do throws(RevocationFile.Refusal) {
            try file?.add(revocation)
        } catch {
            log.error("Tokens couldn't be revoked", metadata: ["reason": "\(error.reason)"])
            return (
                Complaint.Status.cannotCreate.rawValue, "Nothing was revoked: \(error.reason)\n"
            )
        }
        inbox.revoke([revocation])
        wake()
        tell?(.revoked(RevocationText.line(revocation)))
        log.notice("Tokens were revoked", metadata: Self.fields(revocation))
        return (0, "Revoked.\n")
    }

    func keep(_ revocation: Revocation, ticket: UInt64) {
        queue.async { [self] in
            var isKept = true
            do throws(RevocationFile.Refusal) {
                try file?.add(revocation)
                tell?(.revoked(RevocationText.line(revocation)))
                log.notice("Tokens were revoked", metadata: Self.fields(revocation))
            } catch {
                log.error("Tokens couldn't be revoked", metadata: ["reason": "\(error.reason)"])
                isKept = false
            }
            inbox.answered(ticket, isKept: isKept)
            wake()
        }
    }

    /// Another node has revoked tokens. They don't count here, whether that can be kept or not: the
    /// cluster tells it again after a restart.
    func heard(_ text: String) {
        queue.async { [self] in
            guard let revocation = RevocationText.revocation(text) else {
                return log.error("Another node has revoked tokens that this one can't read")
            }
            guard file.map({ !$0.all.include(revocation) }) ?? true else { return }
            do throws(RevocationFile.Refusal) {
                try file?.add(revocation)
            } catch {
                log.error("A revocation isn't kept", metadata: ["reason": "\(error.reason)"])
            }
            inbox.revoke([revocation])
            wake()
            log.notice(
                "Tokens were revoked by another node", metadata: Self.fields(revocation))
        }
    }

    private static func fields(_ revocation: Revocation) -> Logger.Metadata {
        switch revocation {
        case .user(let sub, let time): ["sub": "\(sub)", "issued_before": "\(time)"]
        case .token(let jti): ["jti": "\(jti)"]
        case .all(let time): ["issued_before": "\(time)"]
        }
    }
}
