/// The one seam: every effect of the reactor. Production is ``LinuxNetwork``; tests put a seeded
/// simulation in its place. A server is generic over it, so production pays no indirection.
public protocol Network: ~Copyable {
    /// Monotonic time.
    mutating func now() -> Instant

    /// Milliseconds since 1970-01-01T00:00:00Z on a clock that may jump.
    mutating func wallClock() -> Int64

    /// Replaces `ready` by what is ready, at most ``readyLimit`` entries. Waits for at most
    /// `milliseconds`: 0 not at all, nil for ever. Returns early, with nothing, when interrupted.
    mutating func wait(
        milliseconds: Int32?, into ready: inout [ReadyEvent]
    ) throws(SystemError)

    /// A termination signal that came in, nil when there is none (any more).
    mutating func takeSignal() -> Int32?

    mutating func accept(from listener: Socket) throws(SystemError) -> AcceptOutcome

    /// Reads once into the front of `buffer`.
    mutating func receive(
        from socket: Socket, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome

    /// Offers all bytes of `gather` to the kernel in one call.
    mutating func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome

    mutating func register(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError)

    /// Replaces the interest and token of a registered socket.
    mutating func change(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError)

    /// Says that nothing more will be sent. What was sent is still delivered.
    mutating func shutdownWriting(_ socket: Socket)

    /// Closes the socket; the poller forgets it.
    mutating func close(_ socket: Socket)

    /// Closes the socket with a reset: what waits in the kernel is dropped at once.
    mutating func abort(_ socket: Socket)
}

/// The most entries that one wait brings; more come with the next one.
public let readyLimit = 512
