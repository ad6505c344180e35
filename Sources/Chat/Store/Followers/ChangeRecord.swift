/// A change of a room with what the log of moderation says about it.
public struct ChangeRecord: Equatable, Sendable {
    public let change: RoomChange
    /// What was done, as in the log: `delete`, `ban` …
    public let action: String
    /// Who did it. Empty if that isn't known.
    public let author: String
    /// Fields in JSON that depend on the action, each with a comma before it.
    public let note: String

    public init(_ change: RoomChange, action: String, by author: String, note: String) {
        self.change = change
        self.action = action
        self.author = author
        self.note = note
    }

    /// A change that just happened. Nil if nobody is told of it.
    public init?(_ change: RoomChange) {
        var note: [UInt8] = []
        var author = ""
        switch change.kind {
        case .deleted: action = "delete"
        case .settings: action = "settings"
        case .purged: action = "purge"
        case .terms: action = "terms"
        case .banned(let ban):
            action = ban.isTimeout ? "timeout" : "ban"
            author = ban.by
            EventWriter.appendDetails(of: ban, to: &note)
        case .unbanned(let bans):
            action = "unban"
            if let target = bans.first?.target {
                EventWriter.appendPeople(target.user, target.username, to: &note)
            }
        case .restored(let restored):
            action = "undo"
            EventWriter.append(#","of":"#, restored.of, to: &note)
        case .approved: action = "approve"
        case .rejected: action = "reject"
        case .past: return nil
        }
        self.change = change
        self.author = author
        self.note = String(decoding: note, as: UTF8.self)
    }
}
