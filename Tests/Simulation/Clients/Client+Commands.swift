internal import WebSocket

/// Commands of the rich dialect.
extension Client {
    /// Sends a command with these fields after its type and id. The values are JSON.
    package func command(_ type: String, id: String? = nil, _ fields: [(String, String)]) {
        let id = id.map { [("id", "\"\($0)\"")] } ?? []
        let all = [("type", "\"\(type)\"")] + id + fields
        let text = all.map { "\"\($0)\":\($1)" }.joined(separator: ",")
        send(.text, "{\(text)}".utf8)
    }

    /// `after` is the last line seen: an epoch and a number. `history` is left out if it is nil, as
    /// is `rev`, the last change seen.
    package func join(
        _ room: String, as username: String? = "ann", after: (epoch: String, seq: UInt64)? = nil,
        history: Int? = nil, rev: UInt64? = nil, id: String? = nil
    ) {
        var fields = [("room", "\"\(room)\"")]
        if let username { fields.append(("username", "\"\(username)\"")) }
        if let history { fields.append(("history", "\(history)")) }
        if let rev { fields.append(("rev", "\(rev)")) }
        if let (epoch, seq) = after {
            fields.append(("after", #"{"epoch":"\#(epoch)","seq":\#(seq)}"#))
        }
        command("join", id: id, fields)
    }

    package func delete(_ seqs: [UInt64], in room: String, id: String? = nil) {
        command("delete", id: id, [("room", "\"\(room)\""), ("seqs", "\(seqs)")])
    }

    package func authenticate(_ token: String, id: String? = nil) {
        command("auth", id: id, [("token", "\"\(token)\"")])
    }

    package func leave(_ room: String, id: String? = nil) {
        command("leave", id: id, [("room", "\"\(room)\"")])
    }

    package func say(
        _ message: String, in room: String, as username: String? = nil, id: String? = nil
    ) {
        var fields = [("room", "\"\(room)\""), ("message", "\"\(message)\"")]
        if let username { fields.append(("username", "\"\(username)\"")) }
        command("message", id: id, fields)
    }

    package func askHistory(of room: String, before: UInt64, limit: Int, id: String? = nil) {
        command(
            "history", id: id,
            [("room", "\"\(room)\""), ("before", "\(before)"), ("limit", "\(limit)")])
    }

    package func askMembers(of room: String, id: String? = nil) {
        command("members", id: id, [("room", "\"\(room)\"")])
    }
}

extension Client {
    /// Says a line in the plain dialect.
    package func say(_ message: String, as username: String = "ann") {
        send(.text, #"{"username":"\#(username)","message":"\#(message)"}"#.utf8)
    }
}
