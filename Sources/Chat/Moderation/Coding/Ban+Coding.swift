extension Ban: Codable {
    private struct Fields: Codable {
        var v = StoredForm.version
        let rev: UInt64
        let kind: String
        let user: String?
        let username: String?
        let block: UInt64
        let connection: UInt64
        let timeout: Bool
        let time: Timestamp
        let end: Timestamp?
        let reason: String
        let by: String
        let rank: Badge
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        try StoredForm.check(fields.v)
        guard let kind = BanTarget.Kind(rawValue: fields.kind) else {
            throw StoredForm.failure("an unknown kind of ban", decoder)
        }
        let target = BanTarget(
            kind, user: fields.user, username: fields.username,
            origin: Origin(block: fields.block, connection: fields.connection))
        self.init(
            rev: fields.rev, target, isTimeout: fields.timeout, time: fields.time,
            end: fields.end, reason: fields.reason, by: fields.by, rank: fields.rank)
    }

    public func encode(to encoder: any Encoder) throws {
        try Fields(
            rev: rev, kind: target.kind.rawValue, user: target.user, username: target.username,
            block: target.origin.block, connection: target.origin.connection,
            timeout: isTimeout, time: time, end: end, reason: reason, by: by, rank: rank
        ).encode(to: encoder)
    }
}
