internal import ChatCluster
internal import ChatServer
internal import Logging
internal import Redis

/// What all nodes of a cluster must have in common, besides their settings: the secret that
/// addresses are hashed with, and, if there is no other key, the one that tokens are signed with.
struct SharedSecrets {
    private static let addresses = "addresses"
    private static let tokens = "tokens"

    let agreed: ClusterSecrets

    /// Waits for the first shard. Nil if the daemon is to end before that answers.
    ///
    /// - Parameter directory: has the daemon's own secret for tokens, or gets it. Nil if that
    ///   doesn't count.
    init?(
        at shard: RedisURL, tokensIn directory: String?, log: Logger
    ) throws {
        var offers = [Self.addresses: (0..<16).map { _ in UInt8.random(in: 0 ... .max) }]
        let own = try directory.flatMap { directory throws(Complaint) in
            try OwnSecret.text(in: directory)
        }
        if directory != nil { offers[Self.tokens] = Array((own ?? OwnSecret.random()).utf8) }
        var outage = ShardOutage(of: shard)
        let agreed = try ClusterSecrets(
            offering: offers, at: shard, isStopped: SystemCalls.isToEnd,
            failed: { reason, now in outage.failed("the start waits: \(reason)", at: now, log) })
        guard let agreed else { return nil }
        self.agreed = agreed
        guard let directory, let tokens = agreed.values[Self.tokens] else { return }
        let text = String(decoding: tokens, as: UTF8.self)
        if own == nil { try OwnSecret.keep(text, in: directory) }
        guard own == nil || own == text else {
            throw Complaint(
                .unavailable,
                "\(directory)/\(OwnSecret.fileName): the other nodes have another secret for "
                    + "tokens; remove this file to take over theirs, or give all nodes the same "
                    + "--token-secret-file")
        }
    }

    /// The key of the hashes of addresses.
    var addressKey: ModerationRules.AddressKey {
        get throws(Complaint) {
            guard let secret = agreed.values[Self.addresses], secret.count >= 16 else {
                throw Complaint(
                    .unavailable,
                    "--cluster: the hash hubbub:secrets has no secret for addresses; remove that "
                        + "field")
            }
            return AddressSecret.key(secret)
        }
    }
}
