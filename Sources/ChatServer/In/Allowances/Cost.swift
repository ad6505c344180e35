internal import Chat

/// The prices of what a client asks for, in units of about a microsecond of the reactor's time,
/// system calls included.
///
/// They are fixed, and not measured while the server runs, so that a simulation with the same seed
/// pays the same. `scripts/attack --prices` compares them with measured time.
package enum Cost {
    /// A call that reads from a connection, and the call that sends the answers.
    package static let turn = 10
    /// A frame, a ping included.
    package static let frame = 1
    /// Each such number of bytes of frames and of request heads is a unit more.
    static let frameBytes = 256
    /// Each such number of bytes of a text message, assembled and inflated, is a unit more, except
    /// for the first ones: a hundred lines of usual length fit into a turn.
    static let textBytes = 64
    /// A line of the plain dialect.
    package static let line = 1
    /// A command, besides what it does.
    static let command = 2
    static let join = 20
    static let leave = 10
    /// A room that nobody was in, and whose state the store has to look up.
    static let opening = 40
    /// A command that changes a room, with the time of the thread that stores it. Deleted lines are
    /// looked for in all that waits.
    static func change(_ wanted: Moderation) -> Int {
        switch wanted {
        case .delete(let seqs): 60 + seqs.count * 4
        case .settings, .panic, .unban, .approve, .reject: 60
        case .terms(let order): 60 + order.added.count * 4 + order.removed.count
        // Its people are looked for among all members, or its lines among all lines.
        case .ban, .purge, .undo: 200
        }
    }
    /// The answer to `members`, which is kept until they change.
    static let members = 10
    /// The same if they have changed: up to 200 names are sorted and encoded.
    static func members(anew count: Int) -> Int {
        members + (count <= Hub.namedMembers ? count / 4 : 0)
    }
    /// Each such number of bytes of an answer to `members` is a unit more.
    static let answerBytes = 512
    /// The answer to `history`, besides its lines.
    static let history = 20
    /// A page of lines that the store has read, with the time of the thread that reads.
    static let page = 90
    /// A refusal.
    static let refusal = 3
    /// A connection that is accepted.
    static let connection = 50
    /// An HTTP request.
    static let request = 15
    /// Each such number of bytes of a document is a unit more.
    static let documentBytes = 1_024
    /// The metrics, which are written once a tick at most.
    static let metrics = 70
    /// The figures of the server, besides their bytes.
    static let figures = 120
    /// Rooms that are looked through for a moderator's list, per unit.
    static let roomsLookedThrough = 16
    /// A look at a room, a user or a connection, besides the bytes that are told.
    static let inspection = 40
    /// Connections among which a user's are looked for, per unit.
    static let holdersLookedThrough = 256
    /// An order to revoke tokens, with the time of the thread that keeps it.
    static let revocation = 200
    static let handshake = 40
}
