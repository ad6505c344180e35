internal import Chat
internal import Identity
internal import Reactor

/// Names that belong to users. See ``NameGuard``.
extension Server where Net: ~Copyable {
    /// Throws if a client can't have this name in a room. Nil as the name if it keeps the one that
    /// it has there. A name that is wrong in itself is refused elsewhere.
    @inline(__always)
    mutating func checkName(
        _ index: Int, _ name: String?, in room: RoomName
    ) throws(Refusal) {
        guard identities.names.isOn else { return }
        try reallyCheckName(index, name, in: room)
    }

    @inline(never)
    private mutating func reallyCheckName(
        _ index: Int, _ name: String?, in room: RoomName
    ) throws(Refusal) {
        let holder =
            connections[index].flags.contains(.identified) ? identities.holder(index) : nil
        guard holder?.name == nil else { return }
        let found = hub.room(named: room)
        let id = found.flatMap { hub.membership(of: MemberID(index: index), in: $0) }
        guard let given = name ?? id.flatMap({ hub.membership($0).username }),
            let checked = try? ChatText.checkedUsername(given, limits: limits.chat)
        else { return }
        guard identities.names.refuses(checked, of: id, in: found, sub: holder?.sub) else { return }
        allowances.turns.spend(Cost.refusal)
        throw .usernameTaken
    }

    /// The same for a client of the plain dialect, with the name of its line.
    @inline(never)
    mutating func checkPlainName(
        _ index: Int, _ fields: PlainFields, in text: Span<UInt8>
    ) throws(Refusal) {
        guard let id = hub.firstMembership(of: MemberID(index: index)) else { return }
        let name = try PlainMessage(fields, in: text).username
        try reallyCheckName(index, name, in: hub.name(of: hub.room(of: id)))
    }

    /// A client may have another name in a room, or be another one. If it is a user, no guest can
    /// take its name there.
    @inline(__always)
    mutating func noteName(_ index: Int, _ id: MembershipID) {
        guard connections[index].flags.contains(.identified) else { return }
        guard let holder = identities.holder(index),
            let name = holder.name ?? hub.membership(id).username
        else { return identities.names.left(id) }
        identities.names.named(id, in: hub.room(of: id), name, sub: holder.sub)
    }

    /// The same for a room in which it may be.
    mutating func noteName(_ index: Int, in room: RoomID) {
        guard connections[index].flags.contains(.identified),
            let id = hub.membership(of: MemberID(index: index), in: room)
        else { return }
        noteName(index, id)
    }
}
