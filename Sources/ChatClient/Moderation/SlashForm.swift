/// The commands that moderators type, by their names.
enum SlashForm: String, CaseIterable {
    case ban, timeout, unban, delete, clear, slow, slowoff, members, membersoff, followers
    case followersoff, unique, uniqueoff, links, linksoff, freeze, unfreeze, hold, holdoff, pin
    case unpin, announce, block, review, allow, panic, panicoff, undo, approve, reject, held, log
    case help

    private static let synonyms: [String: SlashForm] = [
        "untimeout": .unban, "shield": .panic, "shieldoff": .panicoff, "modlog": .log,
        "uniquechat": .unique, "uniquechatoff": .uniqueoff,
    ]

    init?(_ name: String) {
        guard let form = SlashForm(rawValue: name) ?? Self.synonyms[name] else { return nil }
        self = form
    }

    /// The words behind it, for people.
    var words: String {
        switch self {
        case .ban: "NAME [REASON]"
        case .timeout: "NAME [10m] [REASON]"
        case .unban: "NAME"
        case .delete: "[NUMBER ... or NAME]"
        case .clear: "[10m or NAME]"
        case .slow: "[30s]"
        case .followers: "[10m]"
        case .hold: "[10s]"
        case .pin: "[NUMBER]"
        case .announce: "TEXT"
        case .block, .review, .allow: "WORD or /PATTERN/"
        case .undo: "[CHANGE]"
        case .approve, .reject: "[ID]"
        case .slowoff, .members, .membersoff, .followersoff, .unique, .uniqueoff, .links, .linksoff,
            .freeze, .unfreeze, .holdoff, .unpin, .panic, .panicoff, .held, .log, .help:
            ""
        }
    }

    /// The command with these words. Nil if some are missing.
    func read(_ words: inout SlashWords) -> SlashCommand? {
        switch self {
        case .ban: target("ban", &words)
        case .timeout: target("timeout", &words, hasTime: true)
        case .unban:
            words.name().map { made("unban", ["username": .text($0)], name: $0) }
        case .delete: delete(&words)
        case .clear: clear(&words)
        case .slow: set("slow_seconds", .number(words.seconds() ?? 30))
        case .slowoff: set("slow_seconds", .number(0))
        case .members, .membersoff: set("members_only", .flag(self == .members))
        case .followers: set("known_minutes", .number(((words.seconds() ?? 600) + 59) / 60))
        case .followersoff: set("known_minutes", .number(0))
        case .unique, .uniqueoff: set("unique", .flag(self == .unique))
        case .links, .linksoff: set("links", .flag(self == .links))
        case .freeze, .unfreeze: set("frozen", .flag(self == .freeze))
        case .hold: set("hold_seconds", .number(words.seconds() ?? 10))
        case .holdoff: set("hold_seconds", .number(0))
        case .pin:
            (words.numbers()?.first ?? words.place.latest).map { set("pinned", .number($0)) }
        case .unpin: set("pinned", .null)
        case .announce: words.text.map { made("announce", ["message": .text($0)]) }
        case .block, .review:
            words.text.map { word in
                made("terms", ["add": .term(word, action: self == .block ? "block" : "hold")])
            }
        case .allow: words.text.map { made("terms", ["remove": .texts([$0])]) }
        case .panic, .panicoff: made("panic", ["on": .flag(self == .panic)])
        case .undo:
            (words.numbers()?.first ?? words.place.change).map {
                made("undo", ["rev": .number($0)])
            }
        case .approve, .reject:
            (words.text ?? words.place.held.first?.held).map {
                made(rawValue, ["held": .text($0)])
            }
        case .held: .held
        case .log: made("modlog", ["limit": .number(20)])
        case .help: .help
        }
    }

    private func made(
        _ type: String, _ fields: [String: ModerationCommand.Value], name: String? = nil
    ) -> SlashCommand {
        .command(ModerationCommand(type, fields, name: name))
    }

    private func set(_ setting: String, _ value: ModerationCommand.Value) -> SlashCommand {
        made("settings", [setting: value])
    }

    private func target(
        _ type: String, _ words: inout SlashWords, hasTime: Bool = false
    ) -> SlashCommand? {
        guard let name = words.name() else { return nil }
        var fields = words.place.target(name)
        if hasTime { fields["seconds"] = .number(words.seconds() ?? 600) }
        if let reason = words.text { fields["reason"] = .text(reason) }
        return made(type, fields, name: name)
    }

    private func delete(_ words: inout SlashWords) -> SlashCommand? {
        var seqs = words.numbers() ?? []
        if seqs.isEmpty {
            let line =
                words.text == nil
                ? words.place.ownLine : words.name().flatMap { words.place.line(of: $0) }
            seqs = [line].compactMap { $0 }
        }
        guard let first = seqs.first else { return nil }
        return made("delete", seqs.count == 1 ? ["seq": .number(first)] : ["seqs": .numbers(seqs)])
    }

    private func clear(_ words: inout SlashWords) -> SlashCommand? {
        if let seconds = words.seconds() {
            return made("purge", ["last_minutes": .number((seconds + 59) / 60)])
        }
        if words.text != nil { return target("purge", &words) }
        return words.place.latest.map { made("purge", ["from": .number(1), "to": .number($0)]) }
    }
}
