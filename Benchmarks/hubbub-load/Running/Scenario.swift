/// The kinds of load.
enum Scenario: String, Codable, CaseIterable {
    /// Connections are opened at a rate, and held.
    case connect
    /// Connections are opened and do nothing: how much does the server need for each?
    case idle
    /// Lines at a steady rate, whatever the server does.
    case broadcast
    /// As many lines as the server takes, with a bounded number under way.
    case flood
    /// Some clients stop reading.
    case slow
    /// All connections reconnect at once.
    case storm
    /// Many small rooms.
    case rooms
    /// Lines for hours, while clients come and go.
    case soak

    /// Whether lines are sent at a rate.
    var isPaced: Bool {
        switch self {
        case .broadcast, .slow, .storm, .rooms, .soak: true
        case .connect, .idle, .flood: false
        }
    }

    /// Whether lines are sent.
    var talks: Bool { isPaced || self == .flood }

    /// Whether the senders are separate connections, which stay while the others leave.
    var hasOwnSenders: Bool { self == .storm }
}
