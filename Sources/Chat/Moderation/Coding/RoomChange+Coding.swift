extension RoomChange: Codable {
    /// What all versions have.
    private struct Head: Codable {
        let v: Int
        let rev: UInt64
        let after: UInt64
        let time: Timestamp
    }

    private struct Fields: Codable {
        var v = StoredForm.version
        let rev: UInt64
        let after: UInt64
        let time: Timestamp
        let kind: String
        var seqs: SeqRuns?
        var settings: RoomSettings?
        var ban: Ban?
        var bans: [Ban]?
        var user: String?
        var terms: TermState?
        /// The change that is undone.
        var of: UInt64?
        var lines: [Line]?
        var held: UInt64?
        var purged: SeqRuns?
        var rejected: [UInt64]?
    }

    public init(from decoder: any Decoder) throws {
        let head = try Head(from: decoder)
        guard head.v <= StoredForm.version else {
            self.init(rev: head.rev, after: head.after, time: head.time, kind: .past)
            return
        }
        let fields = try Fields(from: decoder)
        self.init(
            rev: fields.rev, after: fields.after, time: fields.time,
            kind: try Self.kind(fields, decoder), purged: fields.purged?.seqs ?? [])
        rejected = fields.rejected ?? []
    }

    /// What a newer server does, and this one doesn't know, has happened: its number counts.
    private static func kind(_ fields: Fields, _ decoder: any Decoder) throws -> Kind {
        func need<Field>(_ field: Field?) throws -> Field {
            guard let field else { throw StoredForm.failure("a field is missing", decoder) }
            return field
        }
        switch fields.kind {
        case "deleted": return .deleted(seqs: fields.seqs?.seqs ?? [])
        case "settings": return .settings(try need(fields.settings))
        case "banned": return .banned(try need(fields.ban))
        case "unbanned": return .unbanned(fields.bans ?? [])
        case "purged": return .purged(user: fields.user)
        case "terms": return .terms(try need(fields.terms))
        case "restored":
            var restored = Restoration(of: try need(fields.of))
            restored.lines = fields.lines ?? []
            restored.seqs = fields.seqs?.seqs ?? []
            (restored.ban, restored.settings) = (fields.ban, fields.settings)
            restored.terms = fields.terms
            return .restored(restored)
        case "approved": return .approved(held: try need(fields.held))
        case "rejected": return .rejected(held: try need(fields.held))
        default: return .past
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = Fields(rev: rev, after: after, time: time, kind: kind.name)
        switch kind {
        case .deleted(let seqs): fields.seqs = SeqRuns(seqs)
        case .settings(let settings): fields.settings = settings
        case .banned(let ban): fields.ban = ban
        case .unbanned(let bans): fields.bans = bans
        case .purged(let user): fields.user = user
        case .terms(let terms): fields.terms = terms
        case .restored(let restored):
            fields.of = restored.of
            fields.lines = restored.lines.isEmpty ? nil : restored.lines
            fields.seqs = SeqRuns(restored.seqs)
            (fields.ban, fields.settings) = (restored.ban, restored.settings)
            fields.terms = restored.terms
        case .approved(let held), .rejected(let held): fields.held = held
        case .past: break
        }
        if !purged.isEmpty { fields.purged = SeqRuns(purged) }
        if !rejected.isEmpty { fields.rejected = rejected }
        try fields.encode(to: encoder)
    }
}

extension RoomChange.Kind {
    fileprivate var name: String {
        switch self {
        case .deleted: "deleted"
        case .settings: "settings"
        case .banned: "banned"
        case .unbanned: "unbanned"
        case .purged: "purged"
        case .terms: "terms"
        case .restored: "restored"
        case .approved: "approved"
        case .rejected: "rejected"
        case .past: "past"
        }
    }
}
