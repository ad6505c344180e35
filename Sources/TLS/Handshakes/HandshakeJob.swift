/// A step of a handshake: what has arrived, the session that takes it, and what it wants to send.
///
/// It belongs to one thread at a time: to the reactor's until it is submitted, and again once it is
/// taken back; in between to the thread that works on it. The pool's lock passes it on.
final class HandshakeJob<Session: SecureSession & ~Copyable>: @unchecked Sendable {
    /// The socket of the connection, and which of the socket's connections it is.
    let place: Int
    let generation: UInt32
    /// Nil before the first step, and if there is no memory.
    var session: Session?
    var input: [UInt8] = []
    var output: [UInt8] = []

    init(place: Int, generation: UInt32) {
        (self.place, self.generation) = (place, generation)
    }

    /// Takes the step.
    func work(makingSession make: () -> Session?) {
        if session == nil { session = make() }
        var empty: [UInt8] = []
        var nothing = empty.mutableSpan
        _ = session?.receive(input.span, into: &nothing, output: &output)
        input = []
    }
}
