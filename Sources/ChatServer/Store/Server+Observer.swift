internal import Chat
internal import Reactor

/// What an observer is told: who comes and goes and, if nothing is stored, what is said. And who
/// comes and goes elsewhere.
extension Server where Net: ~Copyable {
    /// A room has these members on other servers now.
    mutating func changed(elsewhere presence: RoomPresence, in name: RoomName) {
        guard let room = hub.room(named: name) else { return }
        hub.changed(elsewhere: presence, in: room)
        noticePresence(of: room)
    }

    /// Tells the observer that a client has entered a room, or leaves it.
    @inline(never)
    mutating func tellObserver(_ index: Int, in room: RoomID, isThere: Bool) {
        guard let observer = supervision.observer,
            let id = hub.membership(of: MemberID(index: index), in: room)
        else { return }
        let username = hub.membership(id).username
        let (name, user) = (hub.name(of: room), identities.sub(index))
        let (seq, time) = (hub.lastSeq(of: room), clock.wall)
        if isThere {
            observer.entered(name, as: username, user: user, after: seq, at: time)
        } else {
            observer.left(name, as: username, user: user, after: seq, at: time)
        }
    }

    /// Tells the observer of a line that no store keeps.
    @inline(never)
    mutating func tellObserver(
        _ seq: UInt64, in room: RoomID, _ username: Span<UInt8>, _ message: Span<UInt8>,
        by author: Author?
    ) {
        guard let observer = supervision.observer else { return }
        func text(_ bytes: Span<UInt8>) -> String {
            do { return String(copying: try UTF8Span(validating: bytes)) } catch { return "" }
        }
        observer.said(
            Line(
                seq: seq, time: clock.wall, username: text(username), message: text(message),
                by: author ?? .guest), in: hub.name(of: room))
    }

    /// Nothing is stored, and nobody is in the room of a request's line.
    mutating func numberAlone(_ draft: Draft, _ index: Int) -> UInt64 {
        let seq = hub.numberedAlone(
            draft, by: MemberID(index: index), at: clock.now.milliseconds)
        if supervision.tellsLines, let observer = supervision.observer {
            observer.said(
                Line(
                    seq: seq, time: draft.time, username: draft.username,
                    message: draft.message, by: draft.author), in: draft.room)
        }
        return seq
    }
}
