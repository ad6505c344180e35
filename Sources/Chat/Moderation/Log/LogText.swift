/// The log of moderators, in JSON.
package enum LogText {
    /// The name of what somebody wants.
    package static func action(of wanted: Moderation) -> String {
        switch wanted {
        case .delete: "delete"
        case .settings: "settings"
        case .panic: "panic"
        case .ban(let order): order.isTimeout ? "timeout" : "ban"
        case .unban: "unban"
        case .purge: "purge"
        case .approve: "approve"
        case .reject: "reject"
        case .terms: "terms"
        case .undo: "undo"
        }
    }

    /// The fields of an entry that depend on its action, each with a comma before it. `lines` are
    /// those that are deleted, `held` those that waited. No text of a line is in it.
    package static func note(
        on change: RoomChange.Kind, for wanted: Moderation, _ lines: [Line],
        held: [HeldLine] = []
    ) -> String {
        var note: [UInt8] = []
        switch change {
        case .banned(let ban): EventWriter.appendDetails(of: ban, to: &note)
        case .unbanned(let bans):
            if let target = bans.first?.target { append(target.user, target.username, to: &note) }
        case .deleted, .purged:
            if let line = lines.first, lines.allSatisfy({ name($0).hasSameBytes(as: name(line)) }) {
                append(line.author.user, line.username, to: &note)
            }
        case .restored(let restored):
            EventWriter.append(#","of":"#, restored.of, to: &note)
            if !restored.seqs.isEmpty {
                EventWriter.append(#","count":"#, restored.seqs.count, to: &note)
            }
        case .approved, .rejected:
            if let line = held.first?.draft { append(line.author.user, line.username, to: &note) }
        case .settings, .terms, .past: break
        }
        switch wanted {
        case .settings(let patch): EventWriter.append(#","settings":"#, patch, to: &note)
        case .panic(let isOn): EventWriter.append(#","on":"#, isOn, to: &note)
        case .terms(let order): append(order, to: &note)
        case .delete, .ban, .unban, .purge, .approve, .reject, .undo: break
        }
        if !lines.isEmpty { EventWriter.append(#","count":"#, lines.count, to: &note) }
        if !held.isEmpty, wanted.held == nil {
            EventWriter.append(#","rejected":"#, held.count, to: &note)
        }
        return String(decoding: note, as: UTF8.self)
    }

    /// The largest number of terms that an entry names of those that were added, and of those that
    /// were removed.
    private static let namedTerms = 10

    private static func append(_ order: TermsOrder, to note: inout [UInt8]) {
        if !order.added.isEmpty {
            note += #","add":["#.utf8
            for (place, term) in order.added.prefix(namedTerms).enumerated() {
                if place > 0 { note += ",".utf8 }
                EventWriter.append(term, to: &note)
            }
            note += "]".utf8
        }
        if !order.removed.isEmpty {
            EventWriter.append(
                #","remove":"#, Array(order.removed.prefix(namedTerms)), to: &note)
        }
        EventWriter.append(
            #","count":"#, order.added.count + order.removed.count, to: &note)
    }

    private static func name(_ line: Line) -> String { line.author.user ?? line.username }

    private static func append(_ user: String?, _ name: String?, to note: inout [UInt8]) {
        if let user { EventWriter.append(#","user":"#, user, to: &note) }
        if let name { EventWriter.append(#","username":"#, name, to: &note) }
    }

    /// An entry of the answer to `modlog`. `undone` is the change that has undone it.
    package static func entry(
        rev: UInt64, time: Timestamp, by author: String, action: String, note: String,
        undone: UInt64?
    ) -> String {
        var entry: [UInt8] = []
        EventWriter.append(#"{"rev":"#, rev, to: &entry)
        EventWriter.append(#","time":"#, TimestampText(time).string, to: &entry)
        EventWriter.append(#","by":"#, author, to: &entry)
        EventWriter.append(#","action":"#, action, to: &entry)
        entry += note.utf8
        if let undone { EventWriter.append(#","undone":"#, undone, to: &entry) }
        entry += "}".utf8
        return String(decoding: entry, as: UTF8.self)
    }
}
