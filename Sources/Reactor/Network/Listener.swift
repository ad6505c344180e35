internal import CLinux
internal import Glibc

/// The listening sockets of a server.
public enum Listener {
    /// How many waiting connections the kernel keeps. It caps this at `net.core.somaxconn`.
    public static let backlog: Int32 = 4096

    /// Listens on every address of `host`. If `host` is nil, listens on all addresses, IPv6 and
    /// IPv4. With port 0 the system chooses one, the same for every address.
    ///
    /// Accepted sockets inherit `TCP_NODELAY` and a send buffer of `sendBuffer` bytes, so a new
    /// connection needs no calls to set them. With `sharesPort`, other processes of the same user
    /// may listen on the port as well, if they set it too. The kernel then spreads connections over
    /// them (`SO_REUSEPORT`, socket(7)).
    public static func listen(
        host: String?, port: UInt16, sendBuffer: Int, sharesPort: Bool = false
    ) throws(SystemError) -> [(socket: Socket, address: SocketAddress)] {
        var listening: [(socket: Socket, address: SocketAddress)] = []
        var refusal = SystemError(errno: EADDRNOTAVAIL, call: "getaddrinfo")
        for address in try resolve(host: host, port: port) {
            var wanted = address.raw
            if port == 0, let first = listening.first { wanted.port = first.address.port }
            // Invariant: the address is only read during the call.
            let descriptor = unsafe clinux_listen(
                &wanted, backlog, Int32(clamping: sendBuffer), sharesPort ? 1 : 0)
            guard descriptor >= 0 else {
                refusal = SystemError(errno: -descriptor, call: "listen")
                // A name may have an address of a family that this machine doesn't support.
                if [EAFNOSUPPORT, EADDRNOTAVAIL].contains(refusal.errno) { continue }
                for each in listening { _ = clinux_close(each.socket.rawValue) }
                throw refusal
            }
            let socket = Socket(rawValue: descriptor)
            listening.append((socket, try localAddress(of: socket)))
            // The IPv6 wildcard accepts IPv4 as well.
            if host == nil { break }
        }
        if listening.isEmpty { throw refusal }
        return listening
    }

    /// Prepares a listening socket that another program has opened for this process, and returns
    /// its address. The `errno` of an error tells what is wrong with the descriptor: `EBADF`, it
    /// isn't open; `ENOTSOCK`, it is no socket; `EAFNOSUPPORT`, it is neither IPv4 nor IPv6;
    /// `EPROTOTYPE`, it is no stream; `EINVAL`, it doesn't listen. It is left as it was then.
    public static func adopt(
        _ socket: Socket, sendBuffer: Int
    ) throws(SystemError) -> SocketAddress {
        var raw = clinux_address()
        // Invariant: the shim fills exactly this one address.
        let result = unsafe clinux_adopt_listener(
            socket.rawValue, Int32(clamping: sendBuffer), &raw)
        _ = try checked(result, "getsockopt")
        return SocketAddress(raw)
    }

    /// The addresses of a host name or a numeric address.
    public static func resolve(host: String?, port: UInt16) throws(SystemError) -> [SocketAddress] {
        // Invariant: the shim writes at most `capacity` addresses into the array.
        var found = Array(repeating: clinux_address(), count: 16)
        let capacity = Int32(found.count)
        let count = unsafe found.withUnsafeMutableBufferPointer { buffer in
            if let host { return unsafe clinux_resolve(host, port, buffer.baseAddress, capacity) }
            return unsafe clinux_resolve(nil, port, buffer.baseAddress, capacity)
        }
        guard count > 0 else { throw SystemError(errno: EADDRNOTAVAIL, call: "getaddrinfo") }
        var addresses: [SocketAddress] = []
        for raw in found.prefix(Int(count)) {
            let address = SocketAddress(raw)
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    private static func localAddress(of socket: Socket) throws(SystemError) -> SocketAddress {
        var raw = clinux_address()
        // Invariant: the shim fills exactly this one address.
        _ = try checked(unsafe clinux_local_address(socket.rawValue, &raw), "getsockname")
        return SocketAddress(raw)
    }
}
