public import Reactor
internal import Synchronization

/// A server's certificates, which can be replaced while it runs. Connections keep the certificate
/// that they began with. Tickets stay good.
public final class ServerCertificates: Sendable {
    /// A certificate with its chain, and its key, in PEM.
    public struct Pair: Equatable, Sendable {
        public let chain: [UInt8]
        public let key: [UInt8]

        public init(chain: [UInt8], key: [UInt8]) {
            (self.chain, self.key) = (chain, key)
        }
    }

    /// What is wrong, and with which pair.
    public struct Refusal: Error, Equatable, Sendable {
        public let pair: Int
        public let problem: CredentialsProblem

        package init(pair: Int, problem: CredentialsProblem) {
            (self.pair, self.problem) = (pair, problem)
        }
    }

    private struct State: Sendable {
        var context: TLSServerContext
        var report = SecurityReport()
    }

    private let tickets: TicketKeys
    private let state: Mutex<State>

    /// Makes certificates of at least one pair. Clients that ask for no name that is known get the
    /// first one.
    public init(_ pairs: [Pair]) throws(Refusal) {
        guard let tickets = TicketKeys() else { throw Refusal(pair: 0, problem: .noMemory) }
        let (context, report) = try Self.make(pairs, tickets)
        self.tickets = tickets
        state = Mutex(State(context: context, report: report))
    }

    private static func make(
        _ pairs: [Pair], _ tickets: TicketKeys
    ) throws(Refusal) -> (TLSServerContext, SecurityReport) {
        precondition(!pairs.isEmpty)
        guard let context = TLSServerContext(tickets: tickets) else {
            throw Refusal(pair: 0, problem: .noMemory)
        }
        var report = SecurityReport()
        for (number, pair) in pairs.enumerated() {
            do throws(CredentialsProblem) {
                let credentials = try ServerCredentials(chain: pair.chain, key: pair.key)
                try context.add(credentials)
                report.certificates.append(
                    SecurityReport.Certificate(
                        name: credentials.names.first ?? "pair \(number + 1)",
                        validFrom: credentials.validFrom, validUntil: credentials.validUntil,
                        isForBrowsers: credentials.isForBrowsers))
            } catch {
                throw Refusal(pair: number, problem: error)
            }
        }
        return (context, report)
    }

    /// Replaces all pairs. If one of them is wrong, nothing changes. Safe to call from any thread.
    public func replace(with pairs: [Pair]) throws(Refusal) {
        let (context, report) = try Self.make(pairs, tickets)
        state.withLock { state in
            state.context = context
            state.report.certificates = report.certificates
            state.report.replaced += 1
        }
    }

    /// Files were found that can't be used.
    public func countRefusal() { state.withLock { $0.report.refused += 1 } }

    /// What is known of the certificates in use.
    public func report() -> SecurityReport { state.withLock { $0.report } }

    /// Makes a session for a new connection. Nil if there is no memory.
    public func makeSession() -> TLSSession? {
        TLSSession(state.withLock { $0.context })
    }
}
