package import Reactor
internal import TestSupport

/// The test side of the seam: a network in memory, with faults drawn from a seed.
package struct SimulatedNetwork: Network, ~Copyable {
    private let world: World
    private var unwatched = UnwatchedLinks()

    package init(_ world: World) {
        self.world = world
    }

    package func now() -> Instant { world.now }

    package func wallClock() -> Int64 { world.wallClock }

    package mutating func wait(milliseconds: Int32?, into ready: inout [ReadyEvent]) {
        world.wait(milliseconds: milliseconds, into: &ready)
        // A layer over the network tells the server by an event, for which the connection may have
        // to wait in line.
        let grace = world.isVeiled ? 2 + world.openCount : 1
        for link in unwatched.takeOverdue(in: world.turn, after: grace) {
            world.violate("\(link.descriptor.rawValue) is still open, though the poller failed it")
        }
    }

    package func takeSignal() -> Int32? {
        world.signals.isEmpty ? nil : world.signals.removeFirst()
    }

    package func accept(from listener: Socket) -> AcceptOutcome {
        guard listener == world.listener else {
            world.violate("accept on descriptor \(listener.rawValue), which doesn't listen")
            return .wouldBlock
        }
        guard !world.backlog.isEmpty else { return .wouldBlock }
        if world.openCount >= world.descriptorLimit
            || world.random.happens(world.faults.exhaustedAccepts)
        {
            world.note("accept: exhausted")
            return .exhausted(SystemError(errno: Errno.tooManyOpenFiles, call: "accept4"))
        }
        let link = world.backlog.removeFirst()
        world.progressed()
        if world.random.happens(world.faults.abortedAccepts) {
            link.breakOff()
            world.note("accept: aborted")
            return .aborted
        }
        let socket = world.open(link)
        world.note("accept: \(socket.rawValue)")
        return .connection(socket, link.address)
    }

    package func receive(
        from socket: Socket, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        guard let link = world.link(socket, "receive") else { return .wouldBlock }
        link.countRead()
        if link.exhaustedRead == world.now, world.workedUntil != world.now {
            world.violate("\(socket.rawValue) is read at once though there is no memory")
        }
        guard !link.toServer.isEmpty else {
            if link.isReset { return .broken(Self.connectionReset("recv")) }
            return link.clientFinished ? .end : .wouldBlock
        }
        if world.random.happens(world.faults.refusals) { return .wouldBlock }
        if world.random.happens(world.faults.exhaustedReads) {
            link.exhaustedRead = world.now
            world.note("receive: \(socket.rawValue) exhausted")
            return .exhausted
        }
        var limit = buffer.count
        if world.random.happens(world.faults.shortReads) {
            limit = world.random.number(in: 1...min(limit, link.toServer.count))
        }
        let bytes = link.toServer.take(limit)
        for index in bytes.indices { buffer[index] = bytes[index] }
        world.note("receive: \(socket.rawValue) \(bytes.count) bytes")
        world.progressed()
        world.mayBeReady(link)
        return .bytes(bytes.count)
    }

    package func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        guard let link = world.link(socket, "send") else { return .wouldBlock }
        defer { world.written() }
        link.countWrite()
        if gather.byteCount == 0 { world.violate("\(socket.rawValue) is sent an empty write") }
        if link.isBlocked {
            world.violate("\(socket.rawValue) is sent to before it is writable again")
        }
        if link.exhaustedSend == world.now, world.workedUntil != world.now {
            world.violate("\(socket.rawValue) is sent to at once though there is no memory")
        }
        if link.serverFinished {
            world.violate("\(socket.rawValue) is sent to after its end")
        }
        if link.isReset { return .broken(Self.connectionReset("sendmsg")) }
        if world.random.happens(world.faults.exhaustedSends) {
            link.exhaustedSend = world.now
            world.note("send: \(socket.rawValue) exhausted")
            return .exhausted
        }
        var room = link.sendBuffer - link.toClient.count
        if world.random.happens(world.faults.refusals) { room = 0 }
        room = min(room, gather.byteCount)
        if room > 1, world.random.happens(world.faults.shortWrites) {
            room = world.random.number(in: 1...room)
        }
        link.isBlocked = room < gather.byteCount
        world.mayBeReady(link)
        world.note("send: \(socket.rawValue) \(room) of \(gather.byteCount) bytes")
        guard room > 0 else { return .wouldBlock }
        let bytes = gather.bytes(limit: room)
        world.progressed()
        if link.clientClosed { link.reset() } else { link.toClient.append(bytes) }
        return .sent(bytes.count)
    }

    /// Registering a listener never fails: a server that can't do that doesn't start.
    package mutating func register(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        if socket == world.listener {
            world.listenerInterest = interest
            return
        }
        guard let link = world.link(socket, "register") else { return }
        if link.token != nil { world.violate("\(socket.rawValue) is registered twice") }
        if world.random.happens(world.faults.failedRegistrations) {
            throw fail(link, world.random.pick([Errno.outOfMemory, Errno.tooManyWatches]))
        }
        (link.token, link.interest) = (token, interest)
        world.mayBeReady(link)
    }

    /// Changing a listener's interest never fails: a server that can't do that ends.
    package mutating func change(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        if socket == world.listener {
            world.listenerInterest = interest
            return
        }
        guard let link = world.link(socket, "change") else { return }
        if link.token == nil { world.violate("\(socket.rawValue) was not registered") }
        if world.random.happens(world.faults.failedChanges) {
            throw fail(link, Errno.outOfMemory)
        }
        (link.token, link.interest) = (token, interest)
        world.mayBeReady(link)
    }

    package func shutdownWriting(_ socket: Socket) {
        guard let link = world.link(socket, "shutdown") else { return }
        if link.serverFinished { world.violate("\(socket.rawValue) is shut down twice") }
        link.serverFinished = true
        // Its reads now serve another purpose.
        link.exhaustedRead = nil
        world.note("shutdown: \(socket.rawValue)")
        world.progressed()
        world.mayBeReady(link)
    }

    package mutating func close(_ socket: Socket) {
        guard let link = world.link(socket, "close") else { return }
        world.note("close: \(socket.rawValue)")
        world.forget(link)
        unwatched.closed(link)
        link.serverFinished = true
        // Unread bytes turn the close into a reset, which may overtake bytes sent before (RFC 1122
        // section 4.2.2.13).
        if !link.toServer.isEmpty { link.reset() }
    }

    package mutating func abort(_ socket: Socket) {
        guard let link = world.link(socket, "abort") else { return }
        world.note("abort: \(socket.rawValue)")
        world.forget(link)
        unwatched.closed(link)
        link.reset()
    }

    package func giveBackMemory() { world.memoryGivenBack += 1 }

    /// Fails a connection in the poller, with the returned error.
    private mutating func fail(_ link: Link, _ errno: Int32) -> SystemError {
        world.note("watch: \(link.descriptor.rawValue) failed")
        link.becameUnwatched()
        unwatched.add(link, in: world.turn)
        return SystemError(errno: errno, call: "epoll_ctl")
    }

    private static func connectionReset(_ call: String) -> SystemError {
        SystemError(errno: Errno.connectionReset, call: call)
    }

    /// Linux's numbers (errno(3)).
    private enum Errno {
        static let outOfMemory: Int32 = 12
        static let tooManyOpenFiles: Int32 = 24
        static let tooManyWatches: Int32 = 28
        static let connectionReset: Int32 = 104
    }
}
