/// What a network knows of the connections that it secures.
public struct SecurityReport: Equatable, Sendable {
    /// How a client's attempt to secure a connection ended.
    public enum Outcome: String, CaseIterable, Sendable {
        case full
        /// An earlier session was resumed.
        case resumed
        case failed
        /// The client spoke HTTP without encryption.
        case plainHTTP = "plain_http"
        /// The client spoke neither.
        case garbage
    }

    public struct Certificate: Equatable, Sendable {
        /// Its first name.
        public var name: String
        /// Seconds since 1970.
        public var validFrom: Int64
        public var validUntil: Int64
        /// Whether browsers take its kind of key.
        public var isForBrowsers: Bool

        public init(
            name: String, validFrom: Int64 = 0, validUntil: Int64, isForBrowsers: Bool = true
        ) {
            (self.name, self.isForBrowsers) = (name, isForBrowsers)
            (self.validFrom, self.validUntil) = (validFrom, validUntil)
        }
    }

    /// The number of attempts by outcome, in the order of the cases.
    public private(set) var attempts = [UInt64](repeating: 0, count: Outcome.allCases.count)
    /// Connections whose handshake isn't done.
    public var waiting = 0
    /// Times that a record didn't arrive completely in time.
    public var halfRecords: UInt64 = 0
    /// The certificates in use.
    public var certificates: [Certificate] = []
    /// Times that certificates were replaced, and that files were not taken.
    public var replaced: UInt64 = 0
    public var refused: UInt64 = 0

    public init() {}

    public mutating func count(_ outcome: Outcome) {
        for (index, each) in Outcome.allCases.enumerated() where each == outcome {
            attempts[index] += 1
        }
    }

    /// Adds the counts of another report.
    public mutating func add(_ other: SecurityReport) {
        for index in attempts.indices { attempts[index] += other.attempts[index] }
        waiting += other.waiting
        halfRecords += other.halfRecords
        certificates += other.certificates
        replaced += other.replaced
        refused += other.refused
    }

    /// The number of attempts with an outcome.
    public func count(of outcome: Outcome) -> UInt64 {
        zip(Outcome.allCases, attempts).first { $0.0 == outcome }?.1 ?? 0
    }
}
