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
    /// A unit for each such number of bytes of frames, and of a message that was assembled or
    /// inflated.
    static let bytes = 256
    /// A line of the plain dialect.
    package static let line = 1
    /// A command, besides what it does.
    static let command = 2
    static let join = 20
    static let leave = 10
    /// The answer to `members`, which is kept until they change.
    static let members = 10
    /// The answer to `history`, besides its lines.
    static let history = 20
    /// A page of lines that the store has read and encoded.
    static let page = 30
    /// A refusal.
    static let refusal = 3
    /// A connection that is accepted.
    static let connection = 20
    /// An HTTP request.
    static let request = 15
    /// The metrics, which are written once a tick at most.
    static let metrics = 40
    static let handshake = 20
}
