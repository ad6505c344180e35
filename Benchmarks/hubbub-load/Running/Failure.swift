internal import ChatClient
internal import Reactor

/// The reason why a run is impossible or worthless, in one line that names the remedy. Exit code 2.
struct Failure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    static func cannotConnect(_ address: SocketAddress, _ errno: Int32) -> Failure {
        let reason = SystemError.text(errno)
        return Failure("can't connect to \(address): \(reason); is the server running there?")
    }

    /// - Parameter isSecure: whether the connection is under TLS.
    static func handshake(
        connection: Int, _ failure: ClientFailure, isSecure: Bool
    ) -> Failure {
        switch failure {
        case .refused(let refusal):
            Failure(
                "connection \(connection): the server refused the opening handshake with "
                    + "\(refusal)"
                    + (refusal.isRedirection && !isSecure ? "; use wss:// if it has TLS" : ""))
        case .handshake(let reason):
            Failure("connection \(connection): no valid opening handshake: \(reason)")
        case .untrusted(let problem):
            Failure(
                "connection \(connection): the server's certificate \(problem); trust its "
                    + "authority with --ca FILE, or use --insecure if that doesn't matter")
        case .notTLS:
            Failure(
                "connection \(connection): the server doesn't speak TLS at this port; use ws://")
        case .violation, .ended, .tls: Failure("connection \(connection): \(failure.reason)")
        }
    }

    static func handshakeEnded(connection: Int, _ error: SystemError? = nil) -> Failure {
        let why = error.map { ": \($0)" } ?? ""
        return Failure(
            "connection \(connection): the server ended it in the opening handshake\(why)")
    }

    static func system(_ error: SystemError) -> Failure {
        Failure(error.description)
    }
}
