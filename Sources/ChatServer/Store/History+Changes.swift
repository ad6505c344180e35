internal import Chat
internal import Reactor

/// Changes on their way to the orderer, and what other servers are told.
extension History {
    /// Whether a change may wait to be stored.
    var takesChanges: Bool { mayTake && changes.count < ChangeQueue.limit }

    /// Whether changes are ordered and kept elsewhere.
    var keepsChanges: Bool { orderer != nil || keeper != nil }

    /// Submits a change.
    mutating func submit(_ request: ChangeRequest, from asker: Token) {
        changes.append(request, from: asker)
        (orderer ?? keeper)?.submit(.change(request))
    }

    /// Submits a request about lines that wait.
    mutating func submit(_ request: HeldRequest) {
        (orderer ?? keeper)?.submit(.held(request))
    }

    /// Tells other servers what this one does. False if there are none.
    mutating func notify(_ notice: ServerNotice) -> Bool {
        if isShared { orderer?.submit(.notify(notice)) }
        return isShared
    }

    /// Asks for a list. False if too many are asked for already.
    mutating func ask(_ query: ReportQuery, of room: RoomName, _ id: String?, for asker: Token)
        -> Bool
    {
        guard
            let number = reports.add(
                ReportQueue.Asked(asker: asker, id: id, room: room, query: query))
        else { return false }
        (orderer ?? keeper)?.submit(.report(id: number, room, query))
        return true
    }

    /// The members of a room on this server have changed. Other servers are told, if there are any.
    func present(_ presence: RoomPresence, in room: RoomName) {
        orderer?.submit(.present(room, presence))
    }
}
