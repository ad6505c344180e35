internal import CLinux
internal import Glibc

/// The network of production: epoll, level-triggered, with non-blocking sockets.
///
/// Invariant of the unsafe calls here: each passes the address of memory that this frame owns, with
/// its true size, to a function that doesn't keep it.
@safe public struct LinuxNetwork: Network, ~Copyable {
    private let poller: Int32
    private let signals: Int32
    /// Wakes this network's ``wait(milliseconds:into:)`` from other threads.
    public let waker: Waker
    private let ready: UnsafeMutablePointer<clinux_ready>

    /// Opens the poller, blocks SIGINT and SIGTERM, which ``takeSignal()`` reports from now on, and
    /// ignores SIGPIPE. Call it before threads start, so that they inherit the signal mask.
    public init() throws(SystemError) {
        let poller = try checked(clinux_poller_open(), "epoll_create1")
        let signals = try checked(clinux_signals_open(), "signalfd")
        _ = try checked(
            clinux_poller_add(poller, signals, Token.signals.rawValue, CLINUX_READABLE),
            "epoll_ctl")
        let waker = try Waker()
        _ = try checked(
            clinux_poller_add(
                poller, waker.descriptor, Token.waker.rawValue, CLINUX_READABLE), "epoll_ctl")
        self.waker = waker
        self.poller = poller
        self.signals = signals
        unsafe ready = .allocate(capacity: readyLimit)
    }

    deinit {
        unsafe ready.deallocate()
        _ = clinux_close(signals)
        _ = clinux_close(poller)
    }

    public func now() -> Instant { Instant(nanoseconds: clinux_monotonic_nanoseconds()) }

    public func pause(milliseconds: Int64) { clinux_sleep(milliseconds) }

    public func wallClock() -> Int64 { clinux_realtime_milliseconds() }

    public func wait(
        milliseconds: Int32?, into events: inout [ReadyEvent]
    ) throws(SystemError) {
        let count = unsafe clinux_poller_wait(poller, ready, Int32(readyLimit), milliseconds ?? -1)
        try take(count, into: &events)
    }

    /// The same with a timeout finer than milliseconds. Kernels before Linux 5.11 round it down to
    /// whole milliseconds.
    public func wait(nanoseconds: UInt64, into events: inout [ReadyEvent]) throws(SystemError) {
        let count = unsafe clinux_poller_wait_fine(poller, ready, Int32(readyLimit), nanoseconds)
        try take(count, into: &events)
    }

    /// Sets how late the kernel may wake this thread. The default is 50 µs.
    public func setTimerSlack(nanoseconds: UInt64) {
        // It fails only if the kernel has no timer slack. Then the default of that kernel applies.
        _ = clinux_set_timer_slack(nanoseconds)
    }

    @inline(__always)
    private func take(_ count: Int32, into events: inout [ReadyEvent]) throws(SystemError) {
        let count = count == -EINTR ? 0 : Int(try checked(count, "epoll_wait"))
        for index in 0..<count {
            let entry = unsafe ready[index]
            let token = Token(rawValue: entry.token)
            if token == .waker { waker.settle() }
            let event = ReadyEvent(token: token, readiness: Readiness(events: entry.events))
            if index < events.count { events[index] = event } else { events.append(event) }
        }
        // Drop what is left of the previous wait.
        if events.count > count { events.removeLast(events.count - count) }
    }

    public func takeSignal() -> Int32? {
        let signal = clinux_signals_read(signals)
        return signal > 0 ? signal : nil
    }

    public func accept(from listener: Socket) throws(SystemError) -> AcceptOutcome {
        var peer = clinux_address()
        let descriptor = unsafe clinux_accept(listener.rawValue, &peer)
        if descriptor >= 0 {
            return .connection(Socket(rawValue: descriptor), SocketAddress(peer))
        }
        let error = SystemError(errno: -descriptor, call: "accept4")
        switch error.errno {
        case EAGAIN: return .wouldBlock
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(error)
        case EBADF, EINVAL, ENOTSOCK, EFAULT: throw error
        // accept(2) also reports errors of a new connection that is already gone.
        default: return .aborted
        }
    }

    public func receive(
        from socket: Socket, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe clinux_receive(socket.rawValue, bytes.baseAddress, bytes.count)
        }
        if count > 0 { return .bytes(count) }
        switch Int32(-count) {
        case 0: return .end
        case EAGAIN: return .wouldBlock
        // A non-blocking call shouldn't be interrupted. If it is, again and again, trying again
        // later keeps the reactor from spinning.
        case EINTR, ENOBUFS, ENOMEM: return .exhausted
        case let errno: return .broken(SystemError(errno: errno, call: "recv"))
        }
    }

    public func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        let count = unsafe gather.withVectors { vectors, count in
            unsafe clinux_send(socket.rawValue, vectors, count)
        }
        if count >= 0 { return .sent(count) }
        switch Int32(-count) {
        case EAGAIN: return .wouldBlock
        // A non-blocking call shouldn't be interrupted. If it is, again and again, trying again
        // later keeps the reactor from spinning.
        case EINTR, ENOBUFS, ENOMEM: return .exhausted
        case let errno: return .broken(SystemError(errno: errno, call: "sendmsg"))
        }
    }

    public func register(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        _ = try checked(
            clinux_poller_add(poller, socket.rawValue, token.rawValue, interest.events),
            "epoll_ctl")
    }

    public func change(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        _ = try checked(
            clinux_poller_change(poller, socket.rawValue, token.rawValue, interest.events),
            "epoll_ctl")
    }

    /// Stops watching a registered descriptor, which stays open. This is needed only for a
    /// descriptor that is shared with other processes, such as standard input: closing it would not
    /// end the watch.
    public func unregister(_ socket: Socket) {
        _ = clinux_poller_remove(poller, socket.rawValue)
    }

    public func shutdownWriting(_ socket: Socket) {
        _ = clinux_shutdown_write(socket.rawValue)
    }

    public func close(_ socket: Socket) {
        _ = clinux_close(socket.rawValue)
    }

    public func abort(_ socket: Socket) {
        _ = clinux_abort(socket.rawValue)
    }

    public func giveBackMemory() { clinux_give_back_memory() }
}
