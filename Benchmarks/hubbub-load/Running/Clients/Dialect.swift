internal import Chat

/// The dialect of a client.
enum Dialect: RawRepresentable, Codable, CaseIterable {
    /// Without a subprotocol.
    case plain
    /// With ``Subprotocol/rich``, which the server must choose.
    case rich
    /// With ``Subprotocol/rich`` if the server chooses it.
    case auto

    init?(rawValue: String) {
        guard let dialect = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = dialect
    }

    var rawValue: String {
        switch self {
        case .plain: "plain"
        case .rich: Subprotocol.rich
        case .auto: "auto"
        }
    }
}
