/// The one seam: every effect of the reactor goes through it. Production uses ``LinuxNetwork``;
/// tests use a seeded simulation. A server is generic over it, so production pays for no
/// indirection.
public protocol Network: ~Copyable {
    /// The monotonic time.
    mutating func now() -> Instant

    /// Milliseconds since 1970-01-01T00:00:00Z, on a clock that may jump.
    mutating func wallClock() -> Int64

    /// Replaces the content of `ready` with at most ``readyLimit`` ready entries. Waits for at most
    /// `milliseconds`: 0 doesn't wait, nil waits forever. Returns early, with nothing, if
    /// interrupted.
    mutating func wait(
        milliseconds: Int32?, into ready: inout [ReadyEvent]
    ) throws(SystemError)

    /// Takes a termination signal that has arrived. Nil if there is none left.
    mutating func takeSignal() -> Int32?

    mutating func accept(from listener: Socket) throws(SystemError) -> AcceptOutcome

    /// Reads once, into the front of `buffer`.
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

    /// Announces that nothing more will be sent. Bytes that were sent before are still delivered.
    mutating func shutdownWriting(_ socket: Socket)

    /// Closes the socket; the poller forgets it.
    mutating func close(_ socket: Socket)

    /// Closes the socket with a reset. Bytes that wait in the kernel are dropped at once.
    mutating func abort(_ socket: Socket)

    /// Gives memory that the process has freed back to the system. It may take some milliseconds.
    mutating func giveBackMemory()

    /// The time in milliseconds for the rest of a record has changed, if the network has records.
    mutating func timeoutsChanged(record milliseconds: UInt64)

    /// Sleeps, so that other threads get the processor.
    mutating func pause(milliseconds: Int64)

    /// How a connection is secured by this network itself.
    func security(of socket: Socket) -> Security

    /// Bytes that this network keeps of what it was given to send, or has yet to hand on.
    var heldBytes: Int { get }

    /// What this network knows of the connections that it secures. Nil if it secures none.
    func securityReport() -> SecurityReport?
}

extension Network where Self: ~Copyable {
    public mutating func giveBackMemory() {}
    public mutating func timeoutsChanged(record milliseconds: UInt64) {}
    public mutating func pause(milliseconds: Int64) {}
    @inlinable public func security(of socket: Socket) -> Security { .none }
    @inlinable public var heldBytes: Int { 0 }
    public func securityReport() -> SecurityReport? { nil }
}

/// The largest number of entries from one wait. The next wait brings the others.
public let readyLimit = 512
