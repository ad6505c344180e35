internal import Chat
internal import ChatServer
internal import Identity
internal import IdentityKeys
internal import Logging

/// What verifies tokens, and ends them, while the daemon runs.
struct TokenService {
    /// Seconds between two looks at files that may change by themselves.
    private static let interval = 2

    let rules: IdentityRules
    let revoker: Revoker
    private let keys: KeyFiles
    private let verifier: ThreadedVerifier
    private let directory: String?
    private let wake: @Sendable () -> Void

    /// Nil if nobody has tokens.
    ///
    /// - Parameter tell: tells the other nodes of a cluster. Nil if there are none.
    init?(
        _ settings: IdentitySettings, directory: String?, wake: @escaping @Sendable () -> Void,
        tell: (@Sendable (ServerNotice) -> Void)? = nil, log: Logger
    ) throws(Complaint) {
        guard let reading = try settings.keys(directory: directory) else { return nil }
        let inbox = IdentityInbox()
        let keys = KeyFiles(reading, inbox: inbox, log: log)
        let file = try directory.map { path throws(Complaint) in try RevocationFile(in: path) }
        let verifier = ThreadedVerifier(
            keys.ring, refresh: { keys.refreshed() },
            missing: { keys.keyIsMissing() },
            pause: { keys.areWatched ? Self.interval : nil },
            wake: wake)
        keys.start { verifier.keysMayHaveChanged() }
        revoker = Revoker(file, inbox, wake: wake, tell: tell, log: log)
        rules = IdentityRules(
            demand: settings.demand, cookie: settings.cookie, verifier: verifier, inbox: inbox,
            revocations: file?.all ?? Revocations(), keeper: revoker)
        (self.keys, self.verifier, self.directory, self.wake) = (keys, verifier, directory, wake)
    }

    /// Reads the keys of other settings. Throws if they can't be used.
    func read(_ settings: IdentitySettings) throws(Complaint) -> KeyFiles.Reading? {
        try settings.keys(directory: directory)
    }

    /// Other keys are in force. Tokens of those that are gone end.
    func use(_ reading: KeyFiles.Reading) {
        keys.use(reading)
        verifier.keysMayHaveChanged()
    }

    func close() { verifier.close() }
}
