internal import Chat
internal import Reactor

/// Changes on their way to the orderer.
extension History {
    /// Whether a change may wait to be stored.
    var takesChanges: Bool { phase != .failing && changes.count < ChangeQueue.limit }

    /// Submits a change.
    mutating func submit(_ request: ChangeRequest, from asker: Token) {
        changes.append(request, from: asker)
        orderer?.submit(.change(request))
    }
}
