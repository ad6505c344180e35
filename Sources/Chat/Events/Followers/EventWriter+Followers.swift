/// Events that only followers outside of the server get.
extension EventWriter {
    /// A change as events, each with its type: a ban may purge lines, too.
    package static func events(
        of record: ChangeRecord, in room: RoomName
    ) -> [(type: StaticString, event: [UInt8])] {
        let change = record.change
        var events: [(type: StaticString, event: [UInt8])] = []
        func add(_ type: StaticString, _ write: (inout [UInt8]) -> Void) {
            var event: [UInt8] = []
            write(&event)
            events.append((type, event))
        }
        func addNote(_ type: StaticString) {
            add(type) { event in
                open(type, room: room, in: &event)
                append(#","rev":"#, change.rev, to: &event)
                event += record.note.utf8
                event.append("}")
            }
        }
        switch record.action {
        case "delete":
            add("deleted") {
                deleted(room: room, rev: change.rev, seqs: change.goneLines, into: &$0)
            }
        case "timeout": addNote("timed_out")
        case "ban": addNote("banned")
        case "unban": addNote("unbanned")
        case "terms": addNote("terms")
        case "approve": addNote("approved")
        case "reject": addNote("rejected")
        case "undo":
            if case .restored(let restored) = change.kind, !restored.seqs.isEmpty {
                add("restored") {
                    EventWriter.restored(room: room, rev: change.rev, restored, into: &$0)
                }
            } else {
                addNote("restored")
            }
        default: break
        }
        for event in purged(room: room, rev: change.rev, user: change.user, seqs: change.purged) {
            events.append(("purged", event))
        }
        if let settings = change.settings {
            add("room") { EventWriter.room(room, rev: change.rev, settings, into: &$0) }
        }
        return events.map { type, event in
            var event = event
            event.removeLast()
            if !record.author.isEmpty { append(#","by":"#, record.author, to: &event) }
            append(#","time":"#, TimestampText(change.time).string, to: &event)
            event.append("}")
            return (type, event)
        }
    }

    /// A member has come or gone, behind the line with this number.
    package static func member(
        _ type: StaticString, of room: RoomName, _ username: String?, user: String?,
        after seq: UInt64, at time: Timestamp, incarnation: String, into event: inout [UInt8]
    ) {
        open(type, room: room, in: &event)
        if let username { append(#","username":"#, username, to: &event) }
        if let user { append(#","user":"#, user, to: &event) }
        append(#","seq":"#, seq, to: &event)
        append(#","time":"#, TimestampText(time).string, to: &event)
        append(#","incarnation":"#, incarnation, to: &event)
        event.append("}")
    }

    /// Members of earlier incarnations are gone.
    package static func reset(incarnation: String, into event: inout [UInt8]) {
        open("reset", in: &event)
        append(#","incarnation":"#, incarnation, to: &event)
        event.append("}")
    }

    /// Lines and changes of a room are missing: those behind a position, up to another one.
    package static func gap(
        of room: RoomName, from: RoomCursor, to: RoomCursor, into event: inout [UInt8]
    ) {
        open("gap", room: room, in: &event)
        append(#","from":"#, from.seq + 1, to: &event)
        append(#","to":"#, to.seq, to: &event)
        append(#","missed":"#, to.seq - from.seq, to: &event)
        if to.rev > from.rev { append(#","changes":"#, to.rev - from.rev, to: &event) }
        event.append("}")
    }

    /// Events are missing that were only in memory. Nil if nobody knows how many.
    package static func gap(
        missed: UInt64?, incarnation: String, into event: inout [UInt8]
    ) {
        open("gap", in: &event)
        if let missed {
            append(#","missed":"#, missed, to: &event)
        } else {
            event += #","missed":null"#.utf8
        }
        append(#","incarnation":"#, incarnation, to: &event)
        event.append("}")
    }

    /// A line that is to be checked.
    package static func check(_ draft: Draft, into event: inout [UInt8]) {
        open("check", room: draft.room, in: &event)
        append(#","time":"#, TimestampText(draft.time).string, to: &event)
        append(#","username":"#, draft.username, to: &event)
        if let user = draft.author.user { append(#","user":"#, user, to: &event) }
        if let badge = draft.author.badge { append(#","role":"#, badge.name, to: &event) }
        append(#","message":"#, draft.message, to: &event)
        event.append("}")
    }

    /// The same event with an id.
    package static func identified(_ event: [UInt8], as id: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(event.count + id.utf8.count + 8)
        append(#"{"id":"#, id, to: &result)
        result.append(",")
        result += event.dropFirst()
        return result
    }

    static func appendPeople(_ user: String?, _ name: String?, to event: inout [UInt8]) {
        if let user { append(#","user":"#, user, to: &event) }
        if let name { append(#","username":"#, name, to: &event) }
    }
}
