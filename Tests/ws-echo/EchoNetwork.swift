internal import Foundation
internal import Reactor
internal import TLS

/// The kernel's network, with TLS if there is a certificate.
typealias EchoNetwork = SecureNetwork<LinuxNetwork, TLSSession>

extension EchoNetwork {
    /// Milliseconds for the rest of a record to arrive.
    private static let recordTimeout: UInt64 = 10_000

    /// Reads the certificate and its key from files, if there are paths.
    static func make(certificate: String?, key: String?) throws -> EchoNetwork {
        let network = try LinuxNetwork()
        guard let certificate else {
            return EchoNetwork(over: network, pool: nil, recordTimeout: recordTimeout)
        }
        let chain = try Array(Data(contentsOf: URL(filePath: certificate)))
        let pair = ServerCertificates.Pair(
            chain: chain,
            key: try key.map { try Array(Data(contentsOf: URL(filePath: $0))) } ?? chain)
        let certificates = try ServerCertificates([pair])
        let pool = HandshakePool<TLSSession>(
            threads: 1, make: { certificates.makeSession() },
            wake: { [waker = network.waker] in waker.wake() })
        return EchoNetwork(over: network, pool: pool, recordTimeout: recordTimeout)
    }
}
