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
        case .undo: "undo"
        }
    }

    /// The fields of an entry that depend on its action, each with a comma before it. `lines` are
    /// those that are deleted. No text of a line is in it.
    package static func note(
        on change: RoomChange.Kind, for wanted: Moderation, _ lines: [Line]
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
        case .settings, .past: break
        }
        switch wanted {
        case .settings(let patch): EventWriter.append(#","settings":"#, patch, to: &note)
        case .panic(let isOn): EventWriter.append(#","on":"#, isOn, to: &note)
        case .delete, .ban, .unban, .purge, .undo: break
        }
        if !lines.isEmpty { EventWriter.append(#","count":"#, lines.count, to: &note) }
        return String(decoding: note, as: UTF8.self)
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
