internal import Chat
internal import ChatServer
internal import Identity
internal import Synchronization

/// Keeps revocations of a simulated node, and tells them to the others.
final class NodeKeeper: RevocationKeeper {
    private struct State {
        var mailbox: NodeMailbox?
        var hasNews = false
    }

    let inbox = IdentityInbox()
    private let state = Mutex(State())

    /// The node's server follows this orderer now.
    func tell(_ mailbox: NodeMailbox) { state.withLock { $0.mailbox = mailbox } }

    /// Whether the server is to be woken. True once.
    func takeNews() -> Bool {
        state.withLock { state in
            defer { state.hasNews = false }
            return state.hasNews
        }
    }

    func keep(_ revocation: Revocation, ticket: UInt64) {
        inbox.answered(ticket, isKept: true)
        state.withLock { state in
            state.hasNews = true
            state.mailbox?.submit(.notify(.revoked(Self.text(of: revocation))))
        }
    }

    func heard(_ text: String) {
        guard let revocation = Self.revocation(text) else { return }
        inbox.revoke([revocation])
        state.withLock { $0.hasNews = true }
    }

    private static func text(of revocation: Revocation) -> String {
        switch revocation {
        case .user(let sub, let time): "\(time) \(sub)"
        case .token(let jti): "token \(jti)"
        case .all(let time): "\(time)"
        }
    }

    private static func revocation(_ text: String) -> Revocation? {
        let words = text.split(separator: " ", maxSplits: 1).map { String($0) }
        guard let first = words.first else { return nil }
        if first == "token", words.count == 2 { return .token(jti: words[1]) }
        guard let time = Int64(first) else { return nil }
        return words.count == 2
            ? .user(words[1], issuedBefore: time) : .all(issuedBefore: time)
    }
}
