package import Chat

/// What becomes of a piece of a room's state.
package enum StateEdit: Equatable, Sendable {
    case settings(RoomSettings)
    /// The ban is in force. It takes the place of one with the same ``Ban/place``.
    case ban(Ban)
    /// It isn't any more.
    case unban(Ban)
    /// Nil: it isn't there any more.
    case term(String, Term.Action?)
}

extension Ban {
    /// What it is found by among the bans of a room. Different ones have different texts.
    package var place: String { (isTimeout ? "timeout " : "ban ") + target.entry.text }
}
