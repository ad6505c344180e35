/// The fields of the commands that change a room. They are looked for in a second scan, so that
/// other commands don't pay for them.
struct ModerationFields {
    /// The `type` of a command that changes a room.
    enum Kind: String, CaseIterable {
        case delete, settings, panic, timeout, ban, unban, bans, purge, terms, undo, modlog,
            approve, reject

        /// Whether it can be meant for the whole server.
        var mayBeEverywhere: Bool {
            switch self {
            case .delete, .settings, .panic, .purge, .approve, .reject: false
            case .timeout, .ban, .unban, .bans, .terms, .undo, .modlog: true
            }
        }
    }

    private var seq = JSONField.missing
    private var seqs = ListField<UInt64>.missing
    private var isOn: Bool?
    private var rev = JSONField.missing
    private var held = JSONField.missing
    private let settings: SettingsFields?
    private let bans: BanFields?

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>, of kind: Kind) throws(Refusal) {
        settings = kind == .settings ? try SettingsFields(text) : nil
        switch kind {
        case .timeout, .ban, .unban: bans = try BanFields(text)
        case .delete, .settings, .panic, .bans, .purge, .terms, .undo, .modlog, .approve,
            .reject:
            bans = nil
        }
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("seq", in: text) {
                seq = try JSONField(&scanner, in: text)
            } else if key.equals("seqs", in: text) {
                seqs = try ListField(
                    of: .number, &scanner, in: text, limit: Moderation.lineLimit
                ) { scanner, text throws(Refusal) in try scanner.number(in: text) }
            } else if key.equals("rev", in: text) {
                rev = try JSONField(&scanner, in: text)
            } else if key.equals("held", in: text) {
                held = try JSONField(&scanner, in: text)
            } else if kind == .panic, key.equals("on", in: text) {
                isOn = try RulesFields.truth("on", &scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    /// The command of this type for a room.
    static func command(
        _ kind: Kind, for room: RoomName, in text: Span<UInt8>
    ) throws(Refusal) -> Command {
        if kind == .bans { return .report(room: room, try ReportFields(text).bans()) }
        if kind == .terms {
            if let order = try TermsFields(text).order() {
                return .moderate(room: room, .terms(order))
            }
            return .report(room: room, try ReportFields(text).terms(in: text))
        }
        if kind == .modlog { return .report(room: room, try ReportFields(text).log()) }
        return .moderate(
            room: room, try ModerationFields(text, of: kind).moderation(kind, in: text))
    }

    /// What a command of this type wants.
    private func moderation(
        _ kind: Kind, in text: Span<UInt8>
    ) throws(Refusal) -> Moderation {
        switch kind {
        case .timeout, .ban, .unban:
            guard let bans else { preconditionFailure("the fields were scanned") }
            if kind == .unban { return .unban(try bans.unban(in: text)) }
            return .ban(try bans.order(isTimeout: kind == .timeout, in: text))
        case .bans, .terms, .modlog: preconditionFailure("it is parsed elsewhere")
        case .purge: return .purge(try PurgeFields(text).order(in: text))
        case .approve: return .approve(held: try heldLine(in: text))
        case .reject: return .reject(held: try heldLine(in: text))
        case .undo: return .undo(rev: try rev.whole(named: "rev"))
        case .delete: return .delete(seqs: try lines())
        case .settings:
            guard let patch = try settings?.patch(), patch != RoomSettings.Patch() else {
                throw Refusal(.invalidCommand, "There is no setting to change: name one.")
            }
            return .settings(patch)
        case .panic:
            guard let isOn else { throw .missingField("on") }
            return .panic(isOn)
        }
    }

    /// The number in the name of a held line. No line has 0.
    private func heldLine(in text: Span<UInt8>) throws(Refusal) -> UInt64 {
        let name = try held.string(named: "held", in: text)
        guard let number = UInt64(name), "\(number)" == name else { return 0 }
        return number
    }

    /// The lines of `seqs` or, if it isn't there, the one of `seq`.
    private func lines() throws(Refusal) -> [UInt64] {
        let lines = try seqs.elements(
            named: "seqs", limit: Moderation.lineLimit, of: "whole numbers")
        if let lines { return lines }
        return [try seq.whole(named: "seq")]
    }

    /// The kind with this name, or nil.
    static func kind(of name: Span<UInt8>) -> Kind? {
        Kind.allCases.first { kind in
            let text = kind.rawValue.utf8.span
            guard text.count == name.count else { return false }
            for place in text.indices where text[place] != name[place] { return false }
            return true
        }
    }
}
