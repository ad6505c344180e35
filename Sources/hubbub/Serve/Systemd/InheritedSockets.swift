internal import ChatServer
internal import Glibc
internal import Reactor

/// The listening sockets that a service manager has opened for the daemon (sd_listen_fds(3)), such
/// as those of `hubbub.socket`.
enum InheritedSockets {
    /// The protocol that a socket is for. The service manager names it in `FileDescriptorName=`.
    enum Purpose: String {
        case http
        case https
        /// For operators alone, without TLS.
        case admin
        /// For operators alone.
        case adminTLS = "admin-https"

        var isEncrypted: Bool { self == .https || self == .adminTLS }
        var isForOperators: Bool { self == .admin || self == .adminTLS }
    }

    struct Inherited: Equatable {
        let descriptor: Int32
        let purpose: Purpose
    }

    /// A socket that is ready to be served.
    struct Taken {
        let socket: Socket
        let address: SocketAddress
        let purpose: Purpose

        /// The socket, with the mark if it encrypts, and its address.
        var listener: (socket: Socket, address: SocketAddress) {
            (purpose.isEncrypted ? socket.secured : socket, address)
        }
    }

    /// The number of the first descriptor.
    private static let first: Int32 = 3
    /// More than anybody needs, and few enough for the descriptors that the daemon reserves.
    private static let most: Int32 = 16
    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]

    /// The names that systemd gives to sockets without a name of their own.
    private static func isUnnamed(_ name: some StringProtocol) -> Bool {
        name.isEmpty || name == "unknown" || name.hasSuffix(".socket")
    }

    /// Takes the sockets that are meant for this process, and forgets the variables that tell so.
    /// Empty if there are none. The process must not have a second thread yet.
    static func take() throws(Complaint) -> [Taken] {
        defer { for variable in variables { SystemCalls.forget(variable) } }
        let found = try listed(
            in: SystemCalls.environment, processID: SystemCalls.processID())
        var taken: [Taken] = []
        for each in found {
            let socket = Socket(rawValue: each.descriptor)
            do throws(SystemError) {
                let address = try Listener.adopt(socket, sendBuffer: Limits.sendBuffer)
                taken.append(Taken(socket: socket, address: address, purpose: each.purpose))
            } catch {
                throw refusal(of: each.descriptor, error)
            }
        }
        return taken
    }

    /// The sockets that the environment lists for a process.
    static func listed(
        in environment: (String) -> String?, processID: Int32
    ) throws(Complaint) -> [Inherited] {
        guard let process = environment("LISTEN_PID"), Int32(process) == processID,
            let count = environment("LISTEN_FDS")
        else { return [] }
        guard let count = Int32(count), 0...most ~= count else {
            throw Complaint(
                .usage, "LISTEN_FDS=\(count): give a number of sockets from 0 to \(most)")
        }
        guard let names = environment("LISTEN_FDNAMES") else {
            return (first..<first + count).map { Inherited(descriptor: $0, purpose: .http) }
        }
        let parts = names.split(separator: ":", omittingEmptySubsequences: false)
        guard count == 0 || parts.count == count else {
            throw Complaint(
                .usage, "LISTEN_FDNAMES=\(names): give a name for each of the \(count) sockets")
        }
        var inherited: [Inherited] = []
        for (descriptor, name) in zip(first..<first + count, parts) {
            guard let purpose = isUnnamed(name) ? .http : Purpose(rawValue: String(name)) else {
                throw Complaint(
                    .usage,
                    "LISTEN_FDNAMES=\(names): \(name) is not known; name each socket http, "
                        + "https, admin or admin-https with FileDescriptorName= in its unit")
            }
            inherited.append(Inherited(descriptor: descriptor, purpose: purpose))
        }
        return inherited
    }

    private static func refusal(of descriptor: Int32, _ error: SystemError) -> Complaint {
        let reason =
            switch error.errno {
            case EBADF: "it isn't open"
            case ENOTSOCK: "it is no socket"
            case EAFNOSUPPORT: "it is neither IPv4 nor IPv6"
            case EPROTOTYPE: "it is no stream"
            case EINVAL: "it doesn't listen"
            default: "\(error)"
            }
        return Complaint(
            .usage,
            "LISTEN_FDS: descriptor \(descriptor) can't be served: \(reason); pass TCP sockets "
                + "that listen: ListenStream= with a port, and Accept=no")
    }
}
